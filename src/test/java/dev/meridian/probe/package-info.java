/** Tests of the probes, most of them against real listeners on the loopback interface. */
@NullMarked
package dev.meridian.probe;

import org.jspecify.annotations.NullMarked;
