package dev.meridian.policyfile;

import dev.meridian.policy.Geolocation;

/**
 * A key of a geolocation policy, and where it is written.
 *
 * @param position see {@link dev.meridian.source.SourceFiles}
 */
public record GeolocationUse(Geolocation.Key key, long position) {}
