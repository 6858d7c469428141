/**
 * The health checker's hands: probes of every kind, which feed {@code health}. {@link
 * dev.meridian.probe.HealthService} is all that others need.
 */
@NullMarked
package dev.meridian.probe;

import org.jspecify.annotations.NullMarked;
