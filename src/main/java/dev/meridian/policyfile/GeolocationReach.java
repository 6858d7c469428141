package dev.meridian.policyfile;

import dev.meridian.geo.CityNames;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.geo.Location;
import dev.meridian.policy.Geolocation;
import dev.meridian.text.NearMiss;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which keys of geolocation policies can match anybody by a geo database. One that cannot is no
 * error, for databases are replaced, but what its author wanted does not happen.
 */
public final class GeolocationReach {
  private final GeoDatabase geo;
  private final Set<String> countries = new HashSet<>();
  private final Set<String> continents = new HashSet<>();
  private final Set<Integer> asNumbers = new HashSet<>();
  private boolean subdivisions;
  private boolean cities;
  private boolean geonames;

  public GeolocationReach(GeoDatabase geo) {
    this.geo = geo;
    for (int i = 0; i < geo.locationCount(); i++) {
      Location place = geo.location(i);
      continents.add(place.continent());
      countries.add(place.country());
      subdivisions |= !place.subdivision().isEmpty();
      cities |= !place.city().isEmpty();
      geonames |= place.geonameId() > 0;
    }
    geo.networks().forEachRun((ipv4, high, low, length, asn) -> asNumbers.add(asn));
    asNumbers.remove(0);
  }

  /** The warning for a key that no client can match; empty if some can. */
  public Optional<String> warning(Geolocation.Key key) {
    String reason = reason(key);
    return reason.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "no client is in " + key + ": " + reason + " (in use: " + geo.description() + ")");
  }

  private String reason(Geolocation.Key key) {
    if (key.isDefault()) {
      return "";
    }
    if (key.asNumber() > 0) {
      return network(key.asNumber());
    }
    if (key.geonameId() > 0 || !key.city().isEmpty()) {
      return city(key);
    }
    if (!key.subdivision().isEmpty()) {
      return subdivision(key);
    }
    boolean known =
        key.country().isEmpty()
            ? continents.contains(key.continent())
            : countries.contains(key.country());
    return known ? "" : "the geo database has no network there";
  }

  private String network(int asNumber) {
    if (asNumbers.isEmpty()) {
      return "the geo database has no AS numbers; add an ASN database with --geoip";
    }
    return asNumbers.contains(asNumber) ? "" : "the geo database has no network of it";
  }

  private String subdivision(Geolocation.Key key) {
    if (!subdivisions) {
      return "the geo database has no subdivisions; give a City database with --geoip";
    }
    return someMatch(key) ? "" : "the geo database has no network there";
  }

  private String city(Geolocation.Key key) {
    if (!cities) {
      return "the geo database has no cities; give a City database with --geoip";
    }
    if (key.geonameId() > 0 && !geonames) {
      return "the geo database has no GeoNames ids; write the city's name, city:DE/Berlin";
    }
    return someMatch(key)
        ? ""
        : "the geo database has no network there" + NearMiss.hint(key.city(), cityNames(key));
  }

  private boolean someMatch(Geolocation.Key key) {
    for (int i = 0; i < geo.locationCount(); i++) {
      if (key.matches(geo.location(i))) {
        return true;
      }
    }
    return false;
  }

  private Set<String> cityNames(Geolocation.Key key) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < geo.locationCount(); i++) {
      if (geo.location(i).country().equals(key.country())) {
        names.add(CityNames.fold(geo.location(i).city()));
      }
    }
    names.remove(key.city()); // it is there, but in another subdivision
    return names;
  }
}
