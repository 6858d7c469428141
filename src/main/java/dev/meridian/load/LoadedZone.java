package dev.meridian.load;

import dev.meridian.health.HealthCheck;
import dev.meridian.master.ZoneText;
import dev.meridian.policyfile.BranchPositions;
import dev.meridian.policyfile.GeolocationUse;
import dev.meridian.policyfile.RoutedOwner;
import dev.meridian.policyfile.Targets;
import dev.meridian.source.Inputs;
import dev.meridian.source.Problems;
import dev.meridian.source.SourceFiles;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.ZoneRecords;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One zone as its files say it, free of errors and not yet compiled.
 *
 * @param records of the master file
 * @param routed what the policy file adds; empty without one
 * @param checks the health checks of its endpoints; their ids are in the registry
 * @param places the keys of its geolocation policies
 * @param branches where the branches of policies are; of a zone without a policy file: none
 * @param files what positions point into
 * @param origin what it was read from, and what is to be known to leave it as it is the next time
 */
public record LoadedZone(
    DomainName apex,
    ZoneRecords records,
    List<RoutedOwner> routed,
    List<HealthCheck> checks,
    List<GeolocationUse> places,
    BranchPositions branches,
    SourceFiles files,
    Origin origin) {
  /** Copies the lists. */
  public LoadedZone {
    places = List.copyOf(places);
    routed = List.copyOf(routed);
    checks = List.copyOf(checks);
  }

  /**
   * Where a zone comes from.
   *
   * @param inputs the files
   * @param beside which of the files beside it that a zone may have are there
   * @param warnings about it, as far as they depend on nothing else
   * @param text of its master file, if that is one of those that are kept
   */
  record Origin(Inputs inputs, Set<String> beside, Problems warnings, @Nullable ZoneText text) {
    /** Copies the set. */
    Origin {
      beside = Set.copyOf(beside);
    }
  }

  /** Names that its aliases lead to, in whatever zone. */
  Set<DomainName> aliases() {
    if (routed.isEmpty()) {
      return Set.of();
    }
    Set<DomainName> names = new LinkedHashSet<>();
    routed.forEach(owner -> names.addAll(Targets.of(owner.target()).aliases()));
    return names;
  }

  /**
   * SHA-256 of the names and contents of all the files, in hexadecimal: two loads that agree in it
   * agree in everything.
   */
  public String fingerprint() {
    return origin.inputs.fingerprint();
  }
}
