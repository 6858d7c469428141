/** Things that tests of several packages make their worlds from. */
@NullMarked
package dev.meridian.testkit;

import org.jspecify.annotations.NullMarked;
