package dev.meridian.analysis;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.CheckKind;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.LoadedZone;
import dev.meridian.policy.AliasTarget;
import dev.meridian.policy.Chances;
import dev.meridian.policy.Decisions;
import dev.meridian.policy.OnAllUnhealthy;
import dev.meridian.policy.Resilience;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.policy.RoutingPolicy;
import dev.meridian.policy.Target;
import dev.meridian.policyfile.RoutedOwner;
import dev.meridian.rr.RRType;
import dev.meridian.source.Problem;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import dev.meridian.zone.Zone;
import dev.meridian.zone.Zones;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Proves what is free of errors and hardly meant, from what the policies compile to: every class of
 * clients and every single failure is tried. All of it are warnings, at the branch or at the name
 * that is routed, for {@code meridian check}; a server does not run them.
 *
 * <pre>
 * a branch that nobody is answered with, whatever is healthy; or, where the nearest answers,
 *   while all is healthy
 * a block or region inside of another one with the same answer
 * clients who get IPv4 and no IPv6 while others get both, or the other way round
 * a name with several endpoints of which one check takes all from some clients, or checks that
 *   all probe one address
 * a TTL that outlives by far what health checking is quick to see
 * hints of one endpoint beside the address of another, where dice decide about each
 * </pre>
 */
public final class RoutingProofs {
  /** A TTL of five minutes and of ten times what it takes to see a failure is long. */
  private static final long LONG_TTL = 300;

  private static final int TIMES = 10;
  private static final int MAX_LISTED = 3;

  private final LoadedZone zone;
  private final List<Problem> problems;
  private final HealthRegistry registry;
  private final Meetings meetings;
  private final Map<String, HealthCheck> checks = new HashMap<>();
  private final BranchProofs branches;

  private RoutingProofs(
      LoadedZone zone,
      HealthRegistry registry,
      Meetings meetings,
      BranchProofs branches,
      List<Problem> problems) {
    this.zone = zone;
    this.branches = branches;
    this.registry = registry;
    this.meetings = meetings;
    this.problems = problems;
    zone.checks().forEach(check -> checks.put(check.id(), check));
  }

  /** All that can be said against the policies of a revision that is not wrong. */
  public static List<Problem> of(Revision revision) {
    List<Problem> problems = new ArrayList<>();
    GeoDatabase geo = revision.set().space().geo();
    Meetings meetings = Meetings.byPlace(geo);
    for (LoadedZone zone : revision.loaded().zones()) {
      BranchProofs branches = new BranchProofs(zone, geo, problems);
      RoutingProofs proofs =
          new RoutingProofs(zone, revision.registry(), meetings, branches, problems);
      Zone compiled = zone(revision.set().zones(), zone.apex());
      zone.routed().forEach(owner -> proofs.look(owner, routed(compiled, owner)));
    }
    return problems;
  }

  private static Zone zone(Zones zones, DomainName apex) {
    LookupName name = new LookupName();
    name.set(apex.toWire(), 0);
    return zones.get(zones.find(name, 0));
  }

  /** What an owner compiled to, by type. */
  private static Map<Integer, RoutedRRset> routed(Zone zone, RoutedOwner owner) {
    LookupName name = new LookupName();
    name.set(owner.owner().toWire(), 0);
    int node = zone.node(name);
    Map<Integer, RoutedRRset> byType = new TreeMap<>();
    for (int i = node < 0 ? 0 : zone.firstRRset(node); node >= 0 && i < zone.endRRset(node); i++) {
      boolean own = owner.aliased() || owner.types().contains(zone.type(i));
      if (own && zone.isRouted(i)) {
        byType.put(zone.type(i), zone.routed(zone.routedIndex(i)));
      }
    }
    return byType;
  }

  private void look(RoutedOwner owner, Map<Integer, RoutedRRset> compiled) {
    if (owner.target() instanceof AliasTarget) {
      return; // whatever there is to say is said where it leads
    }
    branches.look(owner, compiled.values());
    families(owner, compiled);
    singlePoints(owner, compiled);
    ttl(owner, compiled);
  }

  private void warn(RoutedOwner owner, String message) {
    problems.add(zone.files().warning(owner.position(), message));
  }

  private static String label(RoutedOwner owner, RoutedRRset rrset) {
    return owner.owner() + " " + RRType.toText(rrset.type());
  }

  /** The classes that get no answer while everything is healthy. */
  private static BitSet silent(RoutedRRset rrset) {
    Decisions decisions = rrset.decide(EligibilitySnapshot.ALL);
    BitSet silent = new BitSet();
    for (int i = 0; i < rrset.clientClasses(); i++) {
      silent.set(i, rrset.chances(decisions, i).none() > 0);
    }
    return silent;
  }

  private void families(RoutedOwner owner, Map<Integer, RoutedRRset> compiled) {
    RoutedRRset ipv4 = compiled.get(RRType.A);
    RoutedRRset ipv6 = compiled.get(RRType.AAAA);
    if (ipv4 == null || ipv6 == null) {
      return;
    }
    BitSet no4 = silent(ipv4);
    BitSet no6 = silent(ipv6);
    if (no4.isEmpty() && no6.isEmpty()) {
      return;
    }
    for (Meetings.Cell cell : meetings.of(ipv4.classes(), ipv6.classes())) {
      boolean lacks6 = no6.get(cell.after());
      if (no4.get(cell.before()) != lacks6) {
        warn(
            owner,
            owner.owner()
                + ": some clients, "
                + cell.largest()
                + " for one, get "
                + (lacks6 ? "A and no AAAA" : "AAAA and no A")
                + ", while others get both; give the endpoints that they are sent to both kinds of"
                + " addresses, or put one behind them that has both");
        return;
      }
    }
  }

  private void singlePoints(RoutedOwner owner, Map<Integer, RoutedRRset> compiled) {
    if (isPlannedFor(owner.target())) {
      return;
    }
    Map<String, List<String>> typesOf = new LinkedHashMap<>();
    for (RoutedRRset rrset : compiled.values()) {
      if (hasChoice(rrset)) {
        List<String> ids =
            new Resilience(rrset)
                .singlePoints().keySet().stream().map(registry::idOf).sorted().toList();
        if (!ids.isEmpty()) {
          typesOf
              .computeIfAbsent(some(ids, " or "), _ -> new ArrayList<>())
              .add(RRType.toText(rrset.type()));
        }
      }
    }
    if (typesOf.isEmpty()) {
      compiled.values().stream()
          .filter(RoutingProofs::hasChoice)
          .flatMap(rrset -> sharedTarget(owner, rrset).stream())
          .findFirst()
          .ifPresent(message -> warn(owner, message));
    }
    typesOf.forEach(
        (ids, types) ->
            warn(
                owner,
                owner.owner()
                    + " "
                    + String.join(" ", types)
                    + ": when "
                    + ids
                    + " alone is down, some clients have nothing healthy left; put something behind"
                    + " it"));
  }

  /** Checks of several endpoints that probe one address fail together. */
  private Optional<String> sharedTarget(RoutedOwner owner, RoutedRRset rrset) {
    Map<InetAddress, BitSet> byAddress = new LinkedHashMap<>();
    for (int i = 0; i < rrset.checkCount(); i++) {
      HealthCheck check = checks.get(registry.idOf(rrset.check(i)));
      InetAddress address = check == null ? null : check.address();
      // on loopback somebody tries things out on one machine
      if (address != null && !address.isLoopbackAddress()) {
        byAddress.computeIfAbsent(address, _ -> new BitSet()).set(rrset.check(i));
      }
    }
    for (Map.Entry<InetAddress, BitSet> each : byAddress.entrySet()) {
      BitSet probing = each.getValue();
      if (probing.cardinality() > 1 && !new Resilience(rrset).lostWith(probing).isEmpty()) {
        return Optional.of(
            label(owner, rrset)
                + ": "
                + some(probing.stream().mapToObj(registry::idOf).sorted().toList(), " and ")
                + " all probe "
                + each.getKey().getHostAddress()
                + ": when that fails, some clients have nothing healthy left; probe each endpoint"
                + " at an address of its own, or put something behind them");
      }
    }
    return Optional.empty();
  }

  /** An endpoint with records for every state of its own has several leaves of one name. */
  private static boolean hasChoice(RoutedRRset rrset) {
    return IntStream.range(0, rrset.leafCount()).mapToObj(rrset::leafId).distinct().count() > 1;
  }

  /** Whether somebody wrote down what to do when nothing is healthy. */
  private static boolean isPlannedFor(Target target) {
    return target instanceof OnAllUnhealthy
        || (target instanceof RoutingPolicy policy
            && policy.candidates().stream().anyMatch(c -> isPlannedFor(c.target())));
  }

  private static String some(List<String> ids, String joint) {
    String first = String.join(joint, ids.stream().limit(MAX_LISTED).toList());
    return ids.size() > MAX_LISTED ? first + joint + "others (" + ids.size() + ")" : first;
  }

  private void ttl(RoutedOwner owner, Map<Integer, RoutedRRset> compiled) {
    for (RoutedRRset rrset : compiled.values()) {
      long seconds = slowest(rrset.checks()).toSeconds();
      long ttl = longest(rrset);
      if (!rrset.followsHealth() && seconds > 0 && ttl > LONG_TTL && ttl > TIMES * seconds) {
        warn(
            owner,
            label(owner, rrset)
                + ": a failure is seen within "
                + seconds
                + " s, but clients keep answers for the TTL of "
                + ttl
                + " s; a TTL of 60 would make use of the checks");
        return;
      }
    }
  }

  private static long longest(RoutedRRset rrset) {
    Chances chances = rrset.chances(rrset.decide(EligibilitySnapshot.ALL), 0);
    return IntStream.range(0, rrset.leafCount()).map(chances::ttl).max().orElse(0);
  }

  /** How long the slowest of the checks takes to go down. */
  private Duration slowest(BitSet numbers) {
    Duration slowest = Duration.ZERO;
    for (int number = numbers.nextSetBit(0); number >= 0; number = numbers.nextSetBit(number + 1)) {
      HealthCheck check = checks.get(registry.idOf(number));
      if (check != null && !(check.kind() instanceof CheckKind.Calculated)) {
        HealthCheck.Settings settings = check.settings();
        Duration takes =
            settings.interval().multipliedBy(settings.failureThreshold()).plus(settings.timeout());
        slowest = takes.compareTo(slowest) > 0 ? takes : slowest;
      }
    }
    return slowest;
  }
}
