/** Reads counters and snapshots and exports them; the answer path never waits for it. */
@NullMarked
package dev.meridian.metrics;

import org.jspecify.annotations.NullMarked;
