/** The health checker's hands: HTTP, HTTPS and TCP probes that feed {@code health}. */
@NullMarked
package dev.meridian.probe;

import org.jspecify.annotations.NullMarked;
