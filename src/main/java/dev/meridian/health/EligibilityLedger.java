package dev.meridian.health;

import java.util.BitSet;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries what is known of the checks over into the {@link EligibilitySnapshot} that answers are
 * made from: whose entry may be out of date is noted, and {@link #settle} brings those up to date,
 * all at once. What a check's standing is, is not decided here. Owned by the thread of its {@link
 * HealthMonitor}.
 */
final class EligibilityLedger {
  /** What a settlement came to. */
  enum Settlement {
    /** The snapshot stays the same one. */
    NOTHING,
    /** Only what is known of the future is different: how soon a check could go down. */
    FORESIGHT,
    /** Some check is eligible that was not, or no longer, or takes more or less of the answers. */
    ANSWERS
  }

  private final HealthRegistry registry;
  private final LongSupplier nanoTime;
  private EligibilitySnapshot snapshot = EligibilitySnapshot.ALL;

  /** Whose health may differ from its eligibility bit. */
  private final BitSet unsettled = new BitSet();

  /** Whose weight may differ from the snapshot's. */
  private final BitSet unweighed = new BitSet();

  /** Who came back a short while ago. */
  private final BitSet starting = new BitSet();

  /** Of whose future other things may be known than the snapshot says. */
  private final BitSet unforeseen = new BitSet();

  /**
   * Everything is eligible.
   *
   * @param nanoTime the monotonic clock of slow starts
   */
  EligibilityLedger(HealthRegistry registry, LongSupplier nanoTime) {
    this.registry = registry;
    this.nanoTime = nanoTime;
  }

  /** As it was settled last. */
  EligibilitySnapshot snapshot() {
    return snapshot;
  }

  /** A check may have become healthy or unhealthy. */
  void noteHealth(int index) {
    unsettled.set(index);
  }

  /**
   * A check has been given its standing anew, if only the same one.
   *
   * @param starts whether it takes less than it would, for a while
   */
  void noteStanding(int index, boolean starts) {
    starting.set(index, starts);
    unweighed.set(index);
    unforeseen.set(index);
  }

  /** Time has passed: who starts slowly takes more by now. */
  void noteTime() {
    unweighed.or(starting);
  }

  /**
   * Brings the snapshot up to date with all that was noted.
   *
   * @param calculated the checks that are made from others, each behind its parts
   */
  Settlement settle(WatchedChecks watched, List<Integer> calculated, Overrides overrides) {
    EligibilitySnapshot before = snapshot;
    EligibilitySnapshot weighed = weigh(settled(before, watched), watched, overrides);
    snapshot = foresee(weighed, watched, calculated);
    return weighed != before
        ? Settlement.ANSWERS
        : snapshot != before ? Settlement.FORESIGHT : Settlement.NOTHING;
  }

  private EligibilitySnapshot settled(EligibilitySnapshot before, WatchedChecks watched) {
    EligibilitySnapshot next = before;
    for (int index = unsettled.nextSetBit(0); index >= 0; index = unsettled.nextSetBit(index + 1)) {
      Watched each = watched.get(index);
      next = each == null ? next : next.with(index, each.status().isHealthy());
    }
    unsettled.clear();
    return next;
  }

  /** The snapshot with how much answers take now; itself if that is nothing new. */
  private EligibilitySnapshot weigh(
      EligibilitySnapshot before, WatchedChecks watched, Overrides overrides) {
    EligibilitySnapshot next = before;
    long now = nanoTime.getAsLong();
    for (int index = unweighed.nextSetBit(0); index >= 0; index = unweighed.nextSetBit(index + 1)) {
      Watched each = watched.get(index);
      if (each != null) {
        Weight decided = overrides.weight(each.status().id());
        Weight byTime = each.status().weight(now);
        next = next.weighing(index, decided == null ? byTime : decided);
        starting.set(index, byTime != null);
      }
    }
    unweighed.clear();
    return next;
  }

  /** The snapshot with what is known of the future; itself if that is nothing new. */
  private EligibilitySnapshot foresee(
      EligibilitySnapshot known, WatchedChecks watched, List<Integer> calculated) {
    for (int at = unforeseen.nextSetBit(0); at >= 0; at = unforeseen.nextSetBit(at + 1)) {
      int foreseen = secondsToDown(watched.get(at), known);
      unforeseen.set(at, known.secondsToDown(at) != foreseen);
    }
    if (unforeseen.isEmpty()) {
      return known;
    }
    int[] seconds = known.foresight(registry.size());
    EligibilitySnapshot next = known.foreseeing(seconds);
    for (int at = unforeseen.nextSetBit(0); at >= 0; at = unforeseen.nextSetBit(at + 1)) {
      seconds[at] = secondsToDown(watched.get(at), known);
    }
    unforeseen.clear();
    calculated.forEach(index -> seconds[index] = secondsToDown(watched.get(index), next));
    return next;
  }

  private int secondsToDown(@Nullable Watched each, EligibilitySnapshot known) {
    return each == null
        ? EligibilitySnapshot.UNFORESEEN
        : Foresight.secondsToDown(each.status(), id -> known.secondsToDown(registry.indexOf(id)));
  }
}
