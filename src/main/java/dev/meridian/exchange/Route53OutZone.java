package dev.meridian.exchange;

import dev.meridian.load.LoadedZone;
import dev.meridian.policy.AliasTarget;
import dev.meridian.policy.Candidate;
import dev.meridian.policy.Endpoint;
import dev.meridian.policy.RoutingPolicy;
import dev.meridian.policy.Target;
import dev.meridian.policyfile.RoutedOwner;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.wire.DomainName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a zone to be exported has, and what the zones beside it have that its aliases lead to. */
final class Route53OutZone {
  private static final Set<Integer> RESOLVED = Set.of(RRType.A, RRType.AAAA);

  private final LoadedZone zone;
  private final Map<DomainName, LoadedZone> zones = new HashMap<>();

  Route53OutZone(LoadedZone zone, List<LoadedZone> all) {
    this.zone = zone;
    all.forEach(each -> zones.put(each.apex(), each));
  }

  LoadedZone zone() {
    return zone;
  }

  /** Whether this zone, and no other, has a name. */
  boolean isHere(DomainName name) {
    return zone.equals(zoneOf(name));
  }

  boolean isTaken(DomainName name) {
    return zone.records().contains(name)
        || zone.routed().stream().anyMatch(owner -> owner.owner().equals(name));
  }

  private @Nullable LoadedZone zoneOf(DomainName name) {
    for (DomainName at = name; ; at = at.parent()) {
      LoadedZone found = zones.get(at);
      if (found != null || at.equals(DomainName.ROOT)) {
        return found;
      }
    }
  }

  /** What policies answer for a name and type in whichever zone has it; null: none does. */
  @Nullable RoutedOwner routed(DomainName name, int type) {
    LoadedZone found = zoneOf(name);
    if (found != null) {
      for (RoutedOwner owner : found.routed()) {
        boolean mayHave = owner.types().contains(type) || owner.aliased();
        if (owner.owner().equals(name) && mayHave && has(owner.target(), type)) {
          return owner;
        }
      }
    }
    return null;
  }

  /** Records of the zone file that has a name; null: there are none. */
  @Nullable RRset records(DomainName name, int type) {
    LoadedZone found = zoneOf(name);
    return found == null ? null : found.records().find(name, type);
  }

  /** Whether an answer has something for a type; what has not is no candidate. */
  boolean has(Target target, int type) {
    return switch (target) {
      case Endpoint endpoint -> endpoint.member(type) != null;
      case RoutingPolicy policy ->
          policy.candidates().stream().map(Candidate::target).anyMatch(each -> has(each, type));
      case AliasTarget alias -> has(alias.name(), type);
    };
  }

  private boolean has(DomainName name, int type) {
    if (zoneOf(name) == null) {
      return RESOLVED.contains(type);
    }
    return routed(name, type) != null || records(name, type) != null;
  }
}
