package dev.meridian.load;

import dev.meridian.health.HealthCheck;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.ZoneBuilder;
import java.util.List;

/**
 * One zone as its files say it, free of errors and not yet compiled.
 *
 * @param records of the master file
 * @param routed what the policy file adds; empty without one
 * @param checks the health checks of its endpoints; their ids are in the registry
 * @param places the keys of its geolocation policies
 * @param files what positions point into
 * @param fingerprint SHA-256 of the names and contents of all the files, in hexadecimal: two loads
 *     that agree in it agree in everything
 */
public record LoadedZone(
    DomainName apex,
    ZoneBuilder records,
    List<RoutedOwner> routed,
    List<HealthCheck> checks,
    List<GeolocationUse> places,
    SourceFiles files,
    String fingerprint) {
  /** Copies the lists. */
  public LoadedZone {
    places = List.copyOf(places);
    routed = List.copyOf(routed);
    checks = List.copyOf(checks);
  }
}
