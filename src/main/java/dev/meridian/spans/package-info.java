/** What the server did and how long it took, told to a collector of OpenTelemetry. */
@NullMarked
package dev.meridian.spans;

import org.jspecify.annotations.NullMarked;
