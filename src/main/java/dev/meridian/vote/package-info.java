/** What several servers see of the same targets, exchanged in signed datagrams. */
@NullMarked
package dev.meridian.vote;

import org.jspecify.annotations.NullMarked;
