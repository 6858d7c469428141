package dev.meridian.policy;

import dev.meridian.geo.Coordinates;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as its zone defines it, and where it stands: for people and for models, not for
 * answers.
 *
 * @param region its name, if the location was written as one
 * @param coordinates null if no location was written
 * @param capacity the share of all clients of a name that it takes; infinite if none was written
 */
public record PlacedEndpoint(
    Endpoint endpoint,
    @Nullable String region,
    @Nullable Coordinates coordinates,
    double capacity) {}
