package dev.meridian.analysis;

import dev.meridian.health.CheckKind;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.LoadedZone;
import dev.meridian.load.Problem;
import dev.meridian.load.RoutedOwner;
import dev.meridian.net.Prefix;
import dev.meridian.policy.AliasTarget;
import dev.meridian.policy.Candidate;
import dev.meridian.policy.Chances;
import dev.meridian.policy.Decisions;
import dev.meridian.policy.IpBased;
import dev.meridian.policy.OnAllUnhealthy;
import dev.meridian.policy.Resilience;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.policy.RoutingPolicy;
import dev.meridian.policy.Target;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import dev.meridian.zone.Zone;
import dev.meridian.zone.Zones;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Proves what is free of errors and hardly meant, from what the policies compile to: every class of
 * clients and every single failure is tried. All of it are warnings at the name that is routed, for
 * {@code meridian check}; a server does not run them.
 *
 * <pre>
 * a branch that nobody is answered with, whatever is healthy
 * a block inside of another one with the same answer
 * clients who get IPv4 and no IPv6 while others get both, or the other way round
 * a name with several endpoints of which one check takes all from some clients
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

  /** Pools are shared: what is wrong with one is said once. */
  private final Set<Object> said = Collections.newSetFromMap(new IdentityHashMap<>());

  private RoutingProofs(
      LoadedZone zone, HealthRegistry registry, Meetings meetings, List<Problem> problems) {
    this.zone = zone;
    this.registry = registry;
    this.meetings = meetings;
    this.problems = problems;
    zone.checks().forEach(check -> checks.put(check.id(), check));
  }

  /** All that can be said against the policies of a revision that is not wrong. */
  public static List<Problem> of(Revision revision) {
    List<Problem> problems = new ArrayList<>();
    Meetings meetings = Meetings.byPlace(revision.set().space().geo());
    for (LoadedZone zone : revision.loaded().zones()) {
      RoutingProofs proofs = new RoutingProofs(zone, revision.registry(), meetings, problems);
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
    for (int i = node < 0 ? 0 : zone.firstRRset(node);
        node >= 0 && i < zone.firstRRset(node + 1);
        i++) {
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
    compiled.values().forEach(rrset -> unreachable(owner, rrset));
    targets(owner, owner.target());
    families(owner, compiled);
    singlePoints(owner, compiled);
    ttl(owner, compiled);
  }

  private void warn(RoutedOwner owner, String message) {
    problems.add(zone.files().warning(owner.position(), message));
  }

  private void unreachable(RoutedOwner owner, RoutedRRset rrset) {
    for (Candidate candidate : new Resilience(rrset).unreachable()) {
      if (said.add(candidate)) {
        warn(
            owner,
            label(owner, rrset)
                + ": '"
                + candidate.id()
                + "' is never answered, because what stands before it in failover cannot fail;"
                + " give that a health check, or put it last");
      }
    }
  }

  private static String label(RoutedOwner owner, RoutedRRset rrset) {
    return owner.owner() + " " + RRType.toText(rrset.type());
  }

  private void targets(RoutedOwner owner, Target target) {
    if (!(target instanceof RoutingPolicy policy) || !said.add(target)) {
      return;
    }
    if (policy instanceof IpBased cidr) {
      blocks(owner, cidr);
    }
    hints(owner, policy);
    policy.candidates().forEach(candidate -> targets(owner, candidate.target()));
  }

  private void blocks(RoutedOwner owner, IpBased cidr) {
    Map<Prefix, IpBased.Network> byBlock = new LinkedHashMap<>();
    cidr.networks()
        .forEach(network -> network.blocks().forEach(block -> byBlock.put(block, network)));
    byBlock.forEach(
        (block, network) -> {
          Prefix outer = outer(block, byBlock);
          if (!outer.equals(block) && isSame(byBlock.get(outer), network)) {
            warn(
                owner,
                owner.owner()
                    + ": the block "
                    + block
                    + " changes nothing: "
                    + outer
                    + " around it has the same answer; remove it");
          }
        });
  }

  private void hints(RoutedOwner owner, RoutingPolicy policy) {
    List<Candidate> two = HintDice.atOdds(policy);
    List<String> bindings = textsOf(owner, RRType.HTTPS, RRType.SVCB);
    List<String> addresses = textsOf(owner, RRType.A, RRType.AAAA);
    if (!two.isEmpty() && !bindings.isEmpty() && !addresses.isEmpty()) {
      warn(
          owner,
          owner.owner()
              + ": "
              + policy.keyword()
              + " throws dice anew for "
              + String.join(", ", addresses)
              + " and "
              + String.join(", ", bindings)
              + ", so that a client may get the hints of '"
              + two.get(0).id()
              + "' and the address of '"
              + two.get(1).id()
              + "'; write sticky: true beside it");
    }
  }

  private static List<String> textsOf(RoutedOwner owner, int... types) {
    return IntStream.of(types).filter(owner.types()::contains).mapToObj(RRType::toText).toList();
  }

  private static boolean isSame(IpBased.@Nullable Network outer, IpBased.Network inner) {
    return outer != null
        && outer.candidate().target().equals(inner.candidate().target())
        && outer.candidate().healthCheck() == inner.candidate().healthCheck();
  }

  private static Prefix outer(Prefix block, Map<Prefix, IpBased.Network> known) {
    for (int length = block.length() - 1; length > 0; length--) {
      Prefix around = new Prefix(block.ipv4(), block.high(), block.low(), length);
      if (known.containsKey(around)) {
        return around;
      }
    }
    return block;
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
              .computeIfAbsent(some(ids), _ -> new ArrayList<>())
              .add(RRType.toText(rrset.type()));
        }
      }
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

  private static String some(List<String> ids) {
    String first = String.join(" or ", ids.stream().limit(MAX_LISTED).toList());
    return ids.size() > MAX_LISTED ? first + " or others (" + ids.size() + ")" : first;
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
