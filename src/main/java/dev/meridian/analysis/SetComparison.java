package dev.meridian.analysis;

import dev.meridian.analysis.Comparison.Addresses;
import dev.meridian.analysis.Comparison.NameChange;
import dev.meridian.analysis.Comparison.QueryEffect;
import dev.meridian.analysis.Comparison.What;
import dev.meridian.analysis.Comparison.ZoneChange;
import dev.meridian.answer.Outcome.Range;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthCheck;
import dev.meridian.policy.PlanComparison;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import dev.meridian.zone.Lookup;
import dev.meridian.zone.Zone;
import dev.meridian.zone.Zones;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares two revisions, name by name, over everything they compile to. RRsets that are the same
 * octets or the same plan are passed over; only the others are looked at for every client. Owned by
 * one thread.
 */
public final class SetComparison {
  private final Revision before;
  private final Revision after;
  private final EligibilitySnapshot healthyBefore;
  private final EligibilitySnapshot healthy;
  private final PlanComparison plans = new PlanComparison();
  private final Meetings meetings;
  private final List<ZoneChange> zones = new ArrayList<>();
  private final List<NameChange> names = new ArrayList<>();
  private long compared;

  private final EligibilitySnapshot live;

  private SetComparison(
      Revision before, Revision after, EligibilitySnapshot live, Meetings meetings) {
    this.live = live;
    this.before = before;
    this.after = after;
    healthyBefore = healthy(before);
    healthy = healthy(after);
    this.meetings = meetings;
  }

  private static EligibilitySnapshot healthy(Revision revision) {
    return new AssumedHealth(revision.set().checks(), revision.registry()).eligibility(Set.of());
  }

  /**
   * Compares two revisions that are not wrong, loaded with one registry.
   *
   * @param queries to count what changes by, with how often each was made; none: nothing is counted
   */
  public static Comparison of(Revision before, Revision after, Map<LoggedQuery, Long> queries) {
    Meetings meetings = Meetings.byPlace(after.set().space().geo());
    SetComparison comparison = new SetComparison(before, after, healthy(after), meetings);
    Optional<QueryEffect> effect =
        queries.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new QueryComparison(before, comparison.healthyBefore, after, comparison.healthy)
                    .of(queries));
    return comparison.run(effect);
  }

  /**
   * The same without saying where clients are, while it is known what is healthy.
   *
   * @param live the state of health at this moment
   * @param space of the newer one's geo database
   */
  static Comparison anywhere(
      Revision before, Revision after, EligibilitySnapshot live, AddressSpace space) {
    return new SetComparison(before, after, live, Meetings.anywhere(space)).run(Optional.empty());
  }

  private Comparison run(Optional<QueryEffect> effect) {
    zones();
    return new Comparison(zones, names, compared, checks(), effect);
  }

  private void zones() {
    Zones old = before.set().zones();
    Zones now = after.set().zones();
    compared = now.rrsetCount(); // as if all were the same; those that are not count themselves
    for (int i = 0; i < now.size(); i++) {
      Zone zone = now.get(i);
      int was = old.counterpart(zone, i);
      if (was >= 0 && old.get(was) == zone) {
        continue;
      }
      compared -= zone.rrsetCount();
      if (was < 0) {
        zones.add(new ZoneChange(zone.apex(), What.ADDED, -1, zone.serial(), Optional.empty()));
        every(zone, What.ADDED);
      } else {
        both(old.get(was), zone);
      }
    }
    for (int i = 0; i < old.size(); i++) {
      Zone zone = old.get(i);
      if (now.counterpart(zone, i) < 0) {
        zones.add(new ZoneChange(zone.apex(), What.REMOVED, zone.serial(), -1, Optional.empty()));
        every(zone, What.REMOVED);
      }
    }
  }

  private void both(Zone was, Zone now) {
    int found = names.size();
    if (now.sharesWith(was)) {
      amended(was, now);
    } else {
      everyNode(was, now);
    }
    Optional<AccessChange> access = AccessChange.of(was, now, meetings);
    if (names.size() > found || was.serial() != now.serial() || access.isPresent()) {
      zones.add(new ZoneChange(now.apex(), What.ANSWERS, was.serial(), now.serial(), access));
    }
  }

  /** Names that neither has amended since they were one zone are the same in both. */
  private void amended(Zone was, Zone now) {
    Set<DomainName> looked = new LinkedHashSet<>(now.amended());
    looked.addAll(was.amended());
    LookupName name = new LookupName();
    long same = now.rrsetCount();
    for (DomainName owner : looked) {
      name.set(owner);
      int node = now.node(name);
      int old = was.node(name);
      if (node >= 0) {
        same -= now.endRRset(node) - now.firstRRset(node);
        node(was, old, now, node);
      } else if (old >= 0) {
        each(was, old, What.REMOVED);
      }
    }
    compared += same;
  }

  private void everyNode(Zone was, Zone now) {
    LookupName name = new LookupName();
    for (int node = now.firstNode(); node >= 0; node = now.nextNode(node)) {
      name.set(now.name(node));
      node(was, was.node(name), now, node);
    }
    for (int node = was.firstNode(); node >= 0; node = was.nextNode(node)) {
      name.set(was.name(node));
      if (now.node(name) < 0) {
        each(was, node, What.REMOVED);
      }
    }
  }

  private void node(Zone was, int oldNode, Zone now, int node) {
    if (oldNode < 0) {
      each(now, node, What.ADDED);
      return;
    }
    for (int rrset = now.firstRRset(node); rrset < now.endRRset(node); rrset++) {
      int old = was.rrset(oldNode, now.type(rrset));
      if (old == Lookup.NONE) {
        whole(now, node, rrset, What.ADDED);
      } else {
        compared++;
        if (!isSame(was, old, now, rrset)) {
          changed(was, old, now, node, rrset);
        }
      }
    }
    for (int rrset = was.firstRRset(oldNode); rrset < was.endRRset(oldNode); rrset++) {
      if (now.rrset(node, was.type(rrset)) == Lookup.NONE) {
        whole(was, oldNode, rrset, What.REMOVED);
      }
    }
  }

  private boolean isSame(Zone was, int old, Zone now, int rrset) {
    if (was.isRouted(old) && now.isRouted(rrset)) {
      RoutedRRset one = was.routed(was.routedIndex(old));
      return plans.isSame(one, now.routed(now.routedIndex(rrset)));
    }
    if (now.type(rrset) == RRType.SOA) {
      return SoaWithoutSerial.of(was, old).equals(SoaWithoutSerial.of(now, rrset));
    }
    return was.isRouted(old) == now.isRouted(rrset)
        && Arrays.equals(
            was.records(old),
            was.recordsAt(old),
            was.recordsEnd(old),
            now.records(rrset),
            now.recordsAt(rrset),
            now.recordsEnd(rrset));
  }

  /** Serials are compared as such; that one is another is no change of an answer. */
  private record SoaWithoutSerial(ByteBuffer front, ByteBuffer back) {
    /** SERIAL, REFRESH, RETRY, EXPIRE and MINIMUM, four octets each. */
    private static final int NUMBERS = 20;

    static SoaWithoutSerial of(Zone zone, int rrset) {
      int from = zone.recordsAt(rrset);
      int serial = zone.recordsEnd(rrset) - NUMBERS;
      ByteBuffer records = ByteBuffer.wrap(zone.records(rrset));
      return new SoaWithoutSerial(
          records.slice(from, serial - from), records.slice(serial + 4, NUMBERS - 4));
    }
  }

  private void changed(Zone was, int old, Zone now, int node, int rrset) {
    Side one = Side.of(was, old);
    Side other = Side.of(now, rrset);
    names.add(
        new NameComparison(
                after.set().space().geo(),
                one,
                other,
                meetings.of(one.classes(), other.classes()),
                after.registry()::idOf)
            .compare(now.name(node), now.type(rrset), healthyBefore, healthy, live));
  }

  private void every(Zone zone, What what) {
    for (int node = zone.firstNode(); node >= 0; node = zone.nextNode(node)) {
      each(zone, node, what);
    }
  }

  private void each(Zone zone, int node, What what) {
    for (int rrset = zone.firstRRset(node); rrset < zone.endRRset(node); rrset++) {
      whole(zone, node, rrset, what);
    }
  }

  /** An RRset that comes or goes as a whole. */
  private void whole(Zone zone, int node, int rrset, What what) {
    compared++;
    Range ttls = Side.of(zone, rrset).ttls();
    names.add(
        new NameChange(
            zone.name(node),
            zone.type(rrset),
            what,
            what == What.ADDED ? new Addresses(0, 0) : new Addresses(1, 1),
            List.of(),
            List.of(),
            List.of(),
            ttls,
            ttls,
            List.of(),
            what == What.REMOVED && zone.isRouted(rrset),
            what == What.REMOVED,
            true,
            zone.isRouted(rrset),
            false));
  }

  private List<String> checks() {
    Map<String, HealthCheck> old = new LinkedHashMap<>();
    before.set().checks().forEach(check -> old.put(check.id(), check));
    List<String> sentences = new ArrayList<>();
    for (HealthCheck check : HealthCheck.distinct(after.set().checks())) {
      HealthCheck was = old.remove(check.id());
      if (was == null) {
        sentences.add(check.id() + " is new");
      } else if (!was.equals(check)) {
        sentences.add(check.id() + " is defined otherwise");
      }
    }
    old.keySet().forEach(id -> sentences.add(id + " is gone"));
    return sentences;
  }
}
