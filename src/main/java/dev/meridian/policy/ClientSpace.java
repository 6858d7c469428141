package dev.meridian.policy;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.geo.LatencyTable;

/**
 * All that is known of where clients are.
 *
 * @param geo places and AS numbers by address
 * @param latency the operator's measurements; may be empty
 */
public record ClientSpace(GeoDatabase geo, LatencyTable latency) {}
