package dev.meridian.reach;

import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is wrong and what follows from it, by deciding every name that depends on what is down
 * once more as if it were up. Bounded: of many troubles the latest are worked out, the rest
 * counted.
 */
final class Troubles {
  static final int MAX_TROUBLES = 50;
  private static final int MAX_EFFECTS = 20;

  /** Decisions of names that are made at most; some milliseconds each for the largest policies. */
  private static final int MAX_DECISIONS = 5_000;

  private final Reach reach;
  private final EligibilitySnapshot now;
  private final Map<RoutedName, NameShares> shares;
  private int decisions;

  Troubles(Reach reach, EligibilitySnapshot now, Map<RoutedName, NameShares> shares) {
    this.reach = reach;
    this.now = now;
    this.shares = shares;
  }

  /** Checks that are down together, and the endpoints that they watch. */
  private record Group(TreeSet<EndpointKey> endpoints, List<HealthStatus> down) {
    Group() {
      this(new TreeSet<>(), new ArrayList<>());
    }
  }

  /** What is down by site, the latest change first. */
  List<Trouble> find(HealthBoard board) {
    Map<Integer, EndpointSite> byCheck = new LinkedHashMap<>();
    for (EndpointSite site : reach.endpoints().values()) {
      site.checks().stream().forEach(check -> byCheck.putIfAbsent(check, site));
    }
    Map<String, Group> groups = new LinkedHashMap<>();
    for (HealthStatus status : board.statuses()) {
      if (!status.isHealthy() || status.isHeld()) {
        EndpointSite site = byCheck.get(status.index());
        Group group = groups.computeIfAbsent(label(status, site), _ -> new Group());
        group.down.add(status);
        if (site != null) {
          group.endpoints.add(site.key());
        }
      }
    }
    List<Map.Entry<String, Group>> latest = new ArrayList<>(groups.entrySet());
    latest.sort(Comparator.comparing(each -> newest(each.getValue()), Comparator.reverseOrder()));
    List<Trouble> troubles = new ArrayList<>();
    for (Map.Entry<String, Group> each : latest) {
      troubles.add(trouble(each.getKey(), each.getValue(), troubles.size() < MAX_TROUBLES));
    }
    return troubles;
  }

  private static Instant newest(Group group) {
    return group.down.stream()
        .map(HealthStatus::since)
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  private static String label(HealthStatus status, @Nullable EndpointSite site) {
    if (site == null) {
      return status.id();
    }
    String region = site.region();
    return region == null ? site.key().toString() : region;
  }

  private Trouble trouble(String what, Group group, boolean workedOut) {
    BitSet down = new BitSet();
    group.down.forEach(status -> down.set(status.index()));
    EligibilitySnapshot up = workedOut ? with(now, down, true) : now;
    List<Effect> effects = new ArrayList<>();
    for (RoutedName name : workedOut ? reach.names() : List.<RoutedName>of()) {
      if (name.rrset().dependsOnAny(down) && decisions < MAX_DECISIONS) {
        effect(name, up, effects);
      }
    }
    effects.sort(
        Comparator.comparing((Effect effect) -> !effect.failOpen() && !effect.unanswered())
            .thenComparingDouble(effect -> -effect.moved()));
    List<Effect> shown = effects.subList(0, Math.min(MAX_EFFECTS, effects.size()));
    int exposed = workedOut ? exposed(held(group)) : 0;
    return new Trouble(
        what, List.copyOf(group.endpoints), group.down, shown, effects.size(), exposed);
  }

  private static BitSet held(Group group) {
    BitSet held = new BitSet();
    group.down.stream().filter(HealthStatus::isHeld).forEach(status -> held.set(status.index()));
    return held;
  }

  /** How many names answer with endpoints that fail and are held. */
  private int exposed(BitSet held) {
    return Situation.owners(
        reach.names().stream()
            .filter(name -> name.rrset().dependsOnAny(held) && answersWith(name, held))
            .toList());
  }

  private boolean answersWith(RoutedName name, BitSet held) {
    NameShares is = shares.get(name);
    return is != null
        && IntStream.range(0, name.endpoints().size())
            .anyMatch(leaf -> name.isWatchedByAny(leaf, held) && is.answers(leaf));
  }

  /** What would be another if all were up that is down for the trouble. */
  private void effect(RoutedName name, EligibilitySnapshot up, List<Effect> effects) {
    NameShares is = shares.get(name);
    decisions++;
    NameShares were = name.shares(up);
    if (is == null) {
      return;
    }
    boolean failOpen = failsOpen(name, is, now);
    double moved = is.moved(were, reach.sample());
    if (moved == 0 && !failOpen) {
      return;
    }
    List<EndpointKey> takers = gainers(name, is, were);
    BitSet more = new BitSet();
    takers.forEach(taker -> more.or(checksOf(name, taker)));
    decisions++;
    EligibilitySnapshot worse = with(now, more, false);
    NameShares then = name.shares(worse);
    effects.add(
        new Effect(
            name,
            is.continentsThatDiffer(were, reach.sample()),
            moved,
            takers,
            gainers(name, then, is),
            failsOpen(name, then, worse),
            then.leavesOut(is),
            failOpen,
            is.leavesOut(were)));
  }

  private static BitSet checksOf(RoutedName name, EndpointKey endpoint) {
    BitSet checks = new BitSet();
    for (int leaf = 0; leaf < name.endpoints().size(); leaf++) {
      if (name.endpoints().get(leaf).equals(endpoint)) {
        checks.or(name.checks(leaf));
      }
    }
    return checks;
  }

  static EligibilitySnapshot with(EligibilitySnapshot from, BitSet checks, boolean eligible) {
    EligibilitySnapshot next = from;
    for (int check = checks.nextSetBit(0); check >= 0; check = checks.nextSetBit(check + 1)) {
      next = next.with(check, eligible);
    }
    return next;
  }

  /** Whether somebody is answered with what is unhealthy. */
  static boolean failsOpen(RoutedName name, NameShares shares, EligibilitySnapshot eligibility) {
    for (int leaf = 0; leaf < name.endpoints().size(); leaf++) {
      if (!name.isHealthy(leaf, eligibility) && shares.answers(leaf)) {
        return true;
      }
    }
    return false;
  }

  /** The endpoints with a larger share than before, the largest gain first. */
  private List<EndpointKey> gainers(RoutedName name, NameShares now, NameShares before) {
    double[] is = now.overall();
    double[] was = before.overall();
    Map<EndpointKey, Double> gains = new LinkedHashMap<>();
    for (int leaf = 0; leaf < is.length; leaf++) {
      gains.merge(name.endpoints().get(leaf), is[leaf] - was[leaf], Double::sum);
    }
    return gains.entrySet().stream()
        .filter(gain -> gain.getValue() > 1e-6)
        .sorted(Map.Entry.<EndpointKey, Double>comparingByValue().reversed())
        .map(Map.Entry::getKey)
        .toList();
  }
}
