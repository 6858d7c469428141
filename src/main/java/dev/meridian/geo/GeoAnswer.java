package dev.meridian.geo;

import dev.meridian.net.Prefix;

/**
 * What a geo database says of one client.
 *
 * @param location the place; {@link Location#UNKNOWN} if the database has none
 * @param prefix the largest prefix around the client in which every address has this place and
 *     network
 * @param asNumber the autonomous system, 0 if unknown
 */
public record GeoAnswer(Location location, Prefix prefix, int asNumber) {}
