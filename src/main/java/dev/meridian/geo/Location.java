package dev.meridian.geo;

import org.jspecify.annotations.Nullable;

/**
 * What a geo database knows of a place. Unknown parts are empty strings, 0 or null.
 *
 * @param continent AF AN AS EU NA OC SA, by Route 53's table, not by the database's own field
 * @param country ISO 3166-1 alpha-2, upper case
 * @param subdivision the part of ISO 3166-2 behind the country, upper case: {@code CA} of US-CA
 * @param district the same of a subdivision inside that one: {@code 75} of FR-75 in FR-IDF
 * @param city the database's English name
 * @param geonameId the city's number in GeoNames
 * @param coordinates of the network if the database has them, else the country's centroid
 */
public record Location(
    String continent,
    String country,
    String subdivision,
    String district,
    String city,
    int geonameId,
    @Nullable Coordinates coordinates) {
  /** A client that no database can place. */
  public static final Location UNKNOWN = new Location("", "", "", "", "", 0, null);
}
