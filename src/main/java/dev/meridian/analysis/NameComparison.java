package dev.meridian.analysis;

import dev.meridian.analysis.AddressSpace.Share;
import dev.meridian.analysis.Comparison.Addresses;
import dev.meridian.analysis.Comparison.CountryShare;
import dev.meridian.analysis.Comparison.NameChange;
import dev.meridian.analysis.Comparison.What;
import dev.meridian.analysis.Meetings.Cell;
import dev.meridian.analysis.Movement.Pair;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.net.Prefix;
import dev.meridian.wire.DomainName;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/** Compares one RRset before and after, for every client. */
final class NameComparison {
  /** More of anything is not read; sums are over all. */
  private static final int MAX_LISTED = 10;

  /** More single failures than this are not tried out. */
  private static final int MAX_FAILURES = 64;

  private final GeoDatabase geo;
  private final Side before;
  private final Side after;
  private final List<Cell> cells;
  private final IntFunction<String> checkIds;

  /**
   * @param cells of the partitions of both sides
   * @param checkIds of numbers of health checks
   */
  NameComparison(
      GeoDatabase geo, Side before, Side after, List<Cell> cells, IntFunction<String> checkIds) {
    this.geo = geo;
    this.before = before;
    this.after = after;
    this.cells = cells;
    this.checkIds = checkIds;
  }

  NameChange compare(
      DomainName name,
      int type,
      EligibilitySnapshot healthyBefore,
      EligibilitySnapshot healthy,
      EligibilitySnapshot live) {
    Map<Long, Movement> movements = movements(healthyBefore, healthy);
    Redundancy redundancy = redundancy();
    List<String> notes = new ArrayList<>(redundancy.notes);
    boolean moved = movements.values().stream().anyMatch(movement -> movement.changed() > 0);
    What what = What.ANSWERS;
    if (!moved) {
      List<String> failures = failures(healthyBefore, healthy);
      notes.addAll(failures);
      boolean ttl = !before.ttls().equals(after.ttls());
      what = ttl ? What.TTL : failures.isEmpty() ? What.SAME : What.FAILOVER;
    }
    return new NameChange(
        name,
        type,
        what,
        affected(movements),
        flows(movements),
        countries(movements),
        networks(movements),
        before.ttls(),
        after.ttls(),
        notes,
        redundancy.less,
        losesLastHealthy(live),
        Collections.disjoint(before.allRecords(), after.allRecords()),
        before.routed() != null,
        !before.leadsNowhere() && after.leadsNowhere());
  }

  /** Whether some clients have something healthy now and would then have nothing. */
  private boolean losesLastHealthy(EligibilitySnapshot live) {
    BitSet served = before.served(live);
    BitSet then = after.served(live);
    return cells.stream().anyMatch(cell -> served.get(cell.before()) && !then.get(cell.after()));
  }

  private static long pair(Cell cell) {
    return (long) cell.before() << 32 | cell.after();
  }

  /** By pair of classes. */
  private Map<Long, Movement> movements(EligibilitySnapshot one, EligibilitySnapshot other) {
    Side.View old = before.view(one);
    Side.View now = after.view(other);
    Map<Long, Movement> movements = new HashMap<>();
    for (Cell cell : cells) {
      movements.computeIfAbsent(
          pair(cell), _ -> Movement.between(old.answers(cell.before()), now.answers(cell.after())));
    }
    return movements;
  }

  private static double changed(Cell cell, Map<Long, Movement> movements) {
    return movements.getOrDefault(pair(cell), Movement.NONE).changed();
  }

  private Addresses affected(Map<Long, Movement> movements) {
    Share sum = Share.NONE;
    for (Cell cell : cells) {
      sum = sum.plus(cell.share().times(changed(cell, movements)));
    }
    return new Addresses(sum.ipv4(), sum.ipv6());
  }

  private List<Flow> flows(Map<Long, Movement> movements) {
    Map<Pair, Double> flows = new LinkedHashMap<>();
    for (Cell cell : cells) {
      double weight = cell.share().mean();
      movements
          .getOrDefault(pair(cell), Movement.NONE)
          .flows()
          .forEach((between, share) -> flows.merge(between, share * weight, Double::sum));
    }
    return Flow.largest(flows, MAX_LISTED);
  }

  private List<CountryShare> countries(Map<Long, Movement> movements) {
    Map<String, Double> all = new HashMap<>();
    Map<String, Double> affected = new HashMap<>();
    for (Cell cell : cells) {
      String country = geo.location(cell.location()).country();
      all.merge(country, cell.share().mean(), Double::sum);
      affected.merge(country, cell.share().mean() * changed(cell, movements), Double::sum);
    }
    return affected.entrySet().stream()
        .filter(each -> each.getValue() > 0)
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .map(
            each ->
                new CountryShare(
                    each.getKey(), each.getValue() / all.getOrDefault(each.getKey(), 1.0)))
        .toList();
  }

  private List<Prefix> networks(Map<Long, Movement> movements) {
    List<Cell> moved = cells.stream().filter(cell -> changed(cell, movements) > 0).toList();
    if (moved.size() == cells.size()) {
      return List.of();
    }
    return moved.stream()
        .sorted(Comparator.comparingDouble((Cell cell) -> cell.share().mean()).reversed())
        .limit(MAX_LISTED)
        .map(Cell::largest)
        .toList();
  }

  /** What is answered otherwise when one check fails, or all do. */
  private List<String> failures(EligibilitySnapshot one, EligibilitySnapshot other) {
    BitSet checks = before.checks();
    checks.or(after.checks());
    List<String> sentences = new ArrayList<>();
    int tried = 0;
    for (int check = checks.nextSetBit(0);
        check >= 0 && tried < MAX_FAILURES && sentences.size() < 3;
        check = checks.nextSetBit(check + 1)) {
      String what = "when " + checkIds.apply(check) + " is down: ";
      differs(one.with(check, false), other.with(check, false), what, sentences);
      tried++;
    }
    if (sentences.isEmpty() && tried > 1) {
      EligibilitySnapshot noneBefore = one;
      EligibilitySnapshot none = other;
      for (int check = checks.nextSetBit(0); check >= 0; check = checks.nextSetBit(check + 1)) {
        noneBefore = noneBefore.with(check, false);
        none = none.with(check, false);
      }
      differs(noneBefore, none, "when all is down: ", sentences);
    }
    return sentences;
  }

  private void differs(
      EligibilitySnapshot one, EligibilitySnapshot other, String when, List<String> sentences) {
    movements(one, other).values().stream()
        .filter(movement -> movement.changed() > 0)
        .max(Comparator.comparingDouble(Movement::changed))
        .ifPresent(
            movement -> {
              Flow first = Flow.largest(movement.flows(), 1).getFirst();
              sentences.add(when + first.from() + " -> " + first.to());
            });
  }

  /** What becomes of the answers' safety. */
  private record Redundancy(boolean less, List<String> notes) {}

  private Redundancy redundancy() {
    List<String> notes = new ArrayList<>();
    Set<Integer> points = new LinkedHashSet<>(after.singlePoints().keySet());
    points.removeAll(before.singlePoints().keySet());
    if (!points.isEmpty()) {
      List<String> ids = points.stream().limit(3).map(checkIds::apply).toList();
      notes.add("is no longer served when " + String.join(" or ", ids) + " alone is down");
    }
    int least = Integer.MAX_VALUE;
    int leastBefore = Integer.MAX_VALUE;
    Map<Integer, Integer> reachBefore = new HashMap<>();
    Map<Integer, Integer> reach = new HashMap<>();
    for (Cell cell : cells) {
      leastBefore =
          Math.min(leastBefore, reachBefore.computeIfAbsent(cell.before(), before::reach));
      least = Math.min(least, reach.computeIfAbsent(cell.after(), after::reach));
    }
    boolean fewer = least < leastBefore && least <= 1;
    if (fewer) {
      String left = least == 0 ? "no answer at all is" : "one answer is";
      notes.add(left + " left for some clients, there were " + leastBefore);
    }
    return new Redundancy(fewer || !points.isEmpty(), notes);
  }
}
