/** What the journal says, told to webhooks as it happens. */
@NullMarked
package dev.meridian.alert;

import org.jspecify.annotations.NullMarked;
