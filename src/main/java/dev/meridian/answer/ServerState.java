package dev.meridian.answer;

import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.policy.Decisions;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.rr.ResolvedNames;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import dev.meridian.zone.Lookup;
import dev.meridian.zone.Zone;
import dev.meridian.zone.Zones;
import java.util.BitSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * All that answers are made from, at one moment. Immutable; replaced whole. A query takes one
 * reference at its beginning and uses nothing else to its end.
 */
public final class ServerState {
  private static final Decisions[] NOT_ROUTED = {};

  /** Before anything is loaded: everything is refused. */
  public static final ServerState EMPTY =
      new ServerState(
          Zones.EMPTY,
          new Dependents(Zones.EMPTY),
          new Decisions[0][],
          EligibilitySnapshot.ALL,
          ResolvedNames.EMPTY,
          ChoiceCells.NONE,
          0);

  private final Zones zones;
  private final Dependents dependents;

  /** By zone and routed RRset. */
  private final Decisions[][] decisions;

  private final EligibilitySnapshot eligibility;
  private final ResolvedNames resolved;
  private final ChoiceCells choices;
  private final long generation;

  private ServerState(
      Zones zones,
      Dependents dependents,
      Decisions[][] decisions,
      EligibilitySnapshot eligibility,
      ResolvedNames resolved,
      ChoiceCells choices,
      long generation) {
    this.zones = zones;
    this.dependents = dependents;
    this.decisions = decisions;
    this.eligibility = eligibility;
    this.resolved = resolved;
    this.choices = choices;
    this.generation = generation;
  }

  /** As below, while nothing is known of names elsewhere. */
  public static ServerState of(Zones zones, EligibilitySnapshot eligibility, long generation) {
    return of(zones, eligibility, ResolvedNames.EMPTY, generation);
  }

  /**
   * The state for freshly loaded zones.
   *
   * @param generation counts loads; larger than that of any state before
   */
  public static ServerState of(
      Zones zones, EligibilitySnapshot eligibility, ResolvedNames resolved, long generation) {
    return of(zones, EMPTY.with(eligibility).with(resolved)).numbered(generation);
  }

  /**
   * The state for loaded zones, some of which are in service already: what is decided for these is
   * taken over.
   *
   * @param before what is in service
   */
  public static ServerState of(Zones zones, EligibilitySnapshot eligibility, ServerState before) {
    return of(zones, before.with(eligibility));
  }

  private static ServerState of(Zones zones, ServerState before) {
    Decisions[][] decisions = new Decisions[zones.size()][];
    IdentityHashMap<Object, Decisions> byPlan = new IdentityHashMap<>();
    for (int i = 0; i < decisions.length; i++) {
      Zone zone = zones.get(i);
      int known = before.zones.size() == 0 ? -1 : before.zones.counterpart(zone, i);
      decisions[i] =
          known >= 0 && before.zones.get(known) == zone
              ? before.decisions[known]
              : decide(zone, before, byPlan);
    }
    return new ServerState(
        zones,
        new Dependents(zones),
        decisions,
        before.eligibility,
        before.resolved,
        ChoiceCells.NONE,
        0);
  }

  private static Decisions[] decide(
      Zone zone, ServerState now, IdentityHashMap<Object, Decisions> byPlan) {
    Decisions[] decisions =
        zone.routedCount() == 0 ? NOT_ROUTED : new Decisions[zone.routedCount()];
    for (int i = 0; i < decisions.length; i++) {
      RoutedRRset rrset = zone.routed(i);
      decisions[i] =
          byPlan.computeIfAbsent(rrset.plan(), _ -> rrset.decide(now.eligibility, now.resolved));
    }
    return decisions;
  }

  /** The same zones in another state of health; only what depends on changed checks is redone. */
  public ServerState with(EligibilitySnapshot next) {
    BitSet changed = eligibility.changes(next);
    changed.or(eligibility.weightChanges(next));
    BitSet stale = dependents.of(changed);
    stale.or(dependents.of(eligibility.foresightChanges(next), RoutedRRset::followsHealth));
    return new ServerState(
        zones,
        dependents,
        redecide(stale, (rrset, current) -> rrset.decide(next, resolved, current)),
        next,
        resolved,
        choices,
        generation);
  }

  /** The same zones with other addresses of names elsewhere; only what uses them is redone. */
  public ServerState with(ResolvedNames next) {
    Set<DomainName> changed = resolved.changes(next);
    BitSet stale = dependents.all(rrset -> rrset.dependsOnAny(changed));
    return new ServerState(
        zones,
        dependents,
        redecide(stale, (rrset, current) -> rrset.decide(eligibility, next, current)),
        eligibility,
        next,
        choices,
        generation);
  }

  /** Decides those RRsets anew that have these numbers among the dependents. */
  private Decisions[][] redecide(
      BitSet stale, BiFunction<RoutedRRset, Decisions, Decisions> decide) {
    Decisions[][] redone = decisions.clone();
    IdentityHashMap<Object, Decisions> byPlan = new IdentityHashMap<>();
    int copied = -1;
    for (int number = stale.nextSetBit(0); number >= 0; number = stale.nextSetBit(number + 1)) {
      int zone = dependents.zone(number);
      int routed = number - dependents.firstOf(zone);
      if (zone != copied) {
        redone[zone] = decisions[zone].clone();
        copied = zone;
      }
      redone[zone][routed] =
          redecide(zones.get(zone).routed(routed), decisions[zone][routed], decide, byPlan);
    }
    return redone;
  }

  /** Names with equal policies are decided once, unless they have memories of their own. */
  private static Decisions redecide(
      RoutedRRset rrset,
      Decisions current,
      BiFunction<RoutedRRset, Decisions, Decisions> decide,
      IdentityHashMap<Object, Decisions> byPlan) {
    return rrset.remembers()
        ? decide.apply(rrset, current)
        : byPlan.computeIfAbsent(rrset.plan(), _ -> decide.apply(rrset, current));
  }

  /** The same where groups that were served before know what they last answered. */
  public ServerState remembering(ServerState before) {
    Decisions[][] redone = decisions.clone();
    for (int i = zones.nextRouted(0); i >= 0; i = zones.nextRouted(i + 1)) {
      redone[i] = recall(zones.get(i), decisions[i], before);
    }
    return new ServerState(zones, dependents, redone, eligibility, resolved, choices, generation);
  }

  private Decisions[] recall(Zone zone, Decisions[] current, ServerState before) {
    Decisions[] redone = current.clone();
    int known = before.zones.indexOf(zone.apex());
    for (int i = 0; i < redone.length; i++) {
      RoutedRRset rrset = zone.routed(i);
      int routed = known >= 0 && rrset.remembers() ? before.routed(known, rrset) : -1;
      if (routed >= 0) {
        RoutedRRset other = before.zones.get(known).routed(routed);
        redone[i] = rrset.decide(eligibility, resolved, other, before.decisions[known][routed]);
      }
    }
    return redone;
  }

  /** The number of the routed RRset of the same owner and type; -1 if there is none. */
  private int routed(int zone, RoutedRRset like) {
    Zone in = zones.get(zone);
    LookupName name = new LookupName();
    name.set(like.owner().toWire(), 0);
    int node = in.node(name);
    int rrset = node < 0 ? Lookup.NONE : in.rrset(node, like.type());
    return rrset >= 0 && in.isRouted(rrset) ? in.routedIndex(rrset) : -1;
  }

  /** The same under another generation. */
  public ServerState numbered(long newGeneration) {
    return new ServerState(
        zones, dependents, decisions, eligibility, resolved, choices, newGeneration);
  }

  /**
   * The same where the loops count what is chosen.
   *
   * @param before whose counters go on
   * @param capacity how many counters there are
   */
  public ServerState counting(ServerState before, int capacity) {
    ChoiceCells cells = ChoiceCells.of(zones, before.choices, capacity);
    return new ServerState(zones, dependents, decisions, eligibility, resolved, cells, generation);
  }

  /** Where the loops count what is chosen. */
  public ChoiceCells choices() {
    return choices;
  }

  /** All that is served. */
  public Zones zones() {
    return zones;
  }

  /** What a routed RRset answers now. */
  public Decisions decisions(int zone, int routed) {
    return decisions[zone][routed];
  }

  /** The state of health that the decisions are made for. */
  public EligibilitySnapshot eligibility() {
    return eligibility;
  }

  /** What names elsewhere resolve to, as the decisions are made for. */
  public ResolvedNames resolved() {
    return resolved;
  }

  /** All names elsewhere that aliases of the zones lead to. */
  public Set<DomainName> externalNames() {
    Set<DomainName> names = new HashSet<>();
    for (int i = zones.nextRouted(0); i >= 0; i = zones.nextRouted(i + 1)) {
      Zone zone = zones.get(i);
      for (int j = 0; j < zone.routedCount(); j++) {
        names.addAll(zone.routed(j).externalNames());
      }
    }
    return names;
  }

  /** Counts loads; health changes do not count. */
  public long generation() {
    return generation;
  }
}
