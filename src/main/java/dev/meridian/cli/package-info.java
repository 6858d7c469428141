/** The command line: {@code meridian serve, check, explain, states, geoip, reload}. */
@NullMarked
package dev.meridian.cli;

import org.jspecify.annotations.NullMarked;
