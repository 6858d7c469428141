package dev.meridian.load;

import dev.meridian.policy.Geolocation;

/**
 * A key of a geolocation policy, and where it is written.
 *
 * @param position see {@link SourceFiles}
 */
public record GeolocationUse(Geolocation.Key key, long position) {}
