/** Tests of webhooks. */
@NullMarked
package dev.meridian.alert;

import org.jspecify.annotations.NullMarked;
