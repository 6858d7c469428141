package dev.meridian.exchange;

import dev.meridian.health.HealthRegistry;
import dev.meridian.policy.Endpoint;
import dev.meridian.policy.Target;
import dev.meridian.policyfile.RoutedOwner;
import dev.meridian.rr.RRset;
import dev.meridian.wire.DomainName;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The names that parts of policies get, so that aliases can lead to them: an underscore and what
 * the part is called, before the name that asked for it first. The same part is written once for
 * each type, however many lead to it.
 */
final class Route53Helpers {
  /** Where an alias leads. */
  record Place(DomainName name, String hostedZone) {}

  private record Part(Target target, long ttl) {}

  private record Work(DomainName name, int type, Part part) {}

  /** Hosted zones of AWS that are one for everybody; those of load balancers differ by region. */
  private static final Map<String, String> HOSTED_ZONES =
      Map.of(
          "cloudfront.net.", "Z2FDTNDATAQYW2",
          "awsglobalaccelerator.com.", "Z2BJ6XQ5FK7U4H");

  private static final String UNKNOWN_ZONE = "HOSTED-ZONE-OF-TARGET";
  private static final int MAX_LABEL = 40;

  private final Route53OutZone zone;
  private final String hostedZone;
  private final Consumer<DomainName> outside;
  private final Map<Part, DomainName> names = new HashMap<>();
  private final Set<DomainName> taken = new HashSet<>();
  private final Set<Work> begun = new HashSet<>();
  private final Deque<Work> waiting = new ArrayDeque<>();
  private Work current;

  /**
   * @param hostedZone id of the zone that is written
   * @param outside takes alias targets in hosted zones whose ids nobody knows
   */
  Route53Helpers(Route53OutZone zone, String hostedZone, Consumer<DomainName> outside) {
    this.zone = zone;
    this.hostedZone = hostedZone;
    this.outside = outside;
    this.current = new Work(zone.zone().apex(), 0, new Part(new Endpoint("", List.of()), 0));
  }

  /** A name for a part of what {@code owner} answers; it is to be written if it is new. */
  Place make(String label, DomainName owner, int type, Target target, long ttl) {
    Part part = new Part(target, ttl);
    DomainName name = names.computeIfAbsent(part, _ -> unused(label, owner));
    Work work = new Work(name, type, part);
    if (begun.add(work)) {
      waiting.add(work);
    }
    return new Place(name, hostedZone);
  }

  private DomainName unused(String label, DomainName owner) {
    DomainName base = owner.isWildcard() ? owner.parent().child("_any") : owner;
    String plain =
        label.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]+", "-").replaceAll("^-+|-+$", "");
    String wanted = plain.substring(0, Math.min(plain.length(), MAX_LABEL));
    DomainName name = base.child("_" + wanted);
    for (int i = 2; zone.isTaken(name) || !taken.add(name); i++) {
      name = base.child("_" + wanted + "-" + i);
    }
    return name;
  }

  /**
   * Where an alias of {@code owner} leads: here, to a copy of what another zone has, or outside.
   */
  Place place(DomainName target, int type, DomainName owner) {
    if (zone.isHere(target)) {
      return new Place(target, hostedZone);
    }
    RoutedOwner routed = zone.routed(target, type);
    if (routed != null) {
      return make(target.toString(), owner, type, routed.target(), routed.ttl());
    }
    RRset records = zone.records(target, type);
    if (records != null) {
      Endpoint.Member member = new Endpoint.Member(records, HealthRegistry.NONE);
      Endpoint copy = new Endpoint(target.toString(), List.of(member));
      return make(target.toString(), owner, type, copy, -1);
    }
    String known =
        HOSTED_ZONES.entrySet().stream()
            .filter(entry -> target.isAtOrBelow(DomainName.parse(entry.getKey())))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(UNKNOWN_ZONE);
    if (known.equals(UNKNOWN_ZONE)) {
      outside.accept(target);
    }
    return new Place(target, known);
  }

  /** Goes on to the next name that has not been written; false: there is none. */
  boolean next() {
    Work work = waiting.poll();
    if (work == null) {
      return false;
    }
    current = work;
    return true;
  }

  DomainName name() {
    return current.name();
  }

  int type() {
    return current.type();
  }

  Target target() {
    return current.part().target();
  }

  long ttl() {
    return current.part().ttl();
  }
}
