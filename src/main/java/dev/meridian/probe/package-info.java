/**
 * The health checker's hands: HTTP, HTTPS and TCP probes that feed {@code health}. {@link
 * dev.meridian.probe.HealthService} is all that others need.
 */
@NullMarked
package dev.meridian.probe;

import org.jspecify.annotations.NullMarked;
