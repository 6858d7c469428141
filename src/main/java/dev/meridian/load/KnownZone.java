package dev.meridian.load;

import dev.meridian.health.HealthCheck;
import dev.meridian.load.Sources.Source;
import dev.meridian.source.Changes;
import dev.meridian.source.Inputs;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.Zone;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A zone that was compiled by an earlier load, and what has to be the same still to take it over as
 * it is. Immutable but for its warnings, which nobody adds to any more.
 *
 * @param routed whether policies answer for some of its names, and so a geo database matters
 * @param alone whether it has no files but its own: those that are included or attached may be
 *     anywhere, and nobody tells of their changes
 * @param leadsTo of the aliases: by name, the zone that the name was in; empty: in none of these
 */
public record KnownZone(
    Zone zone,
    LoadedZone.Origin origin,
    List<HealthCheck> checks,
    boolean routed,
    boolean alone,
    Map<DomainName, Optional<DomainName>> leadsTo) {
  static KnownZone of(LoadedZone loaded, Zone zone, Source source, ApexFinder apexes) {
    Map<DomainName, Optional<DomainName>> leadsTo = new HashMap<>();
    for (DomainName name : loaded.aliases()) {
      leadsTo.put(name, apexes.find(name));
    }
    return new KnownZone(
        zone,
        loaded.origin(),
        loaded.checks(),
        !loaded.routed().isEmpty() || !loaded.places().isEmpty(),
        loaded.origin().inputs().areOnly(source.file(), source.policy()),
        Map.copyOf(leadsTo));
  }

  /** Whether it has something that goes into the set beside the zone, or changes with others. */
  boolean isRemarkable() {
    return !alone || !leadsTo.isEmpty() || !checks.isEmpty() || !origin.warnings().isEmpty();
  }

  /**
   * Whether the set has beside it, and around it, what it was compiled with.
   *
   * @param source of the zone in the set
   */
  boolean fits(Source source, ApexFinder apexes) {
    return origin.beside().equals(source.beside())
        && leadsTo.entrySet().stream()
            .allMatch(to -> apexes.find(to.getKey()).equals(to.getValue()));
  }

  /** Whether none of its files is among those that may have changed, as far as that is known. */
  boolean isUntouched(Changes changes, Source source) {
    String policy = source.policy();
    return alone && !changes.has(source.file()) && (policy == null || !changes.has(policy));
  }

  KnownZone with(Inputs inputs) {
    if (inputs == origin.inputs()) {
      return this;
    }
    LoadedZone.Origin fresh =
        new LoadedZone.Origin(inputs, origin.beside(), origin.warnings(), origin.text());
    return new KnownZone(zone, fresh, checks, routed, alone, leadsTo);
  }

  /** Tells which zone of a set a name is in. */
  interface ApexFinder {
    Optional<DomainName> find(DomainName name);
  }
}
