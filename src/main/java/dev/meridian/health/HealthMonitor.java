package dev.meridian.health;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one owner of all health state: takes definitions and results, and says when eligibility
 * changes. It neither probes nor waits, so that a simulation can drive it with clocks of its own.
 *
 * <p>Not safe for several threads: construct it anywhere, then call it from one thread only. The
 * listener is called on that thread, before the call that caused the change returns. The boards it
 * gives out may go anywhere.
 */
public final class HealthMonitor {
  private final HealthRegistry registry;
  private final InstantSource wallClock;
  private final LongSupplier nanoTime;
  private final Consumer<HealthBoard> listener;

  private TreeMap<Integer, Watched> watched = new TreeMap<>();
  private EligibilitySnapshot eligibility = EligibilitySnapshot.ALL;

  /** Null when something was learned since the last one was made. */
  private @Nullable HealthBoard board = HealthBoard.EMPTY;

  /** A status, and when its definition came into force on the monotonic clock. */
  private record Watched(HealthStatus status, long definedNanos) {}

  /**
   * A monitor that watches nothing yet.
   *
   * @param registry numbers the checks
   * @param wallClock dates what people read; its steps change no verdict
   * @param nanoTime the monotonic clock that observations are stamped by
   * @param listener gets the board whenever an eligibility bit changed, and only then
   */
  public HealthMonitor(
      HealthRegistry registry,
      InstantSource wallClock,
      LongSupplier nanoTime,
      Consumer<HealthBoard> listener) {
    this.registry = registry;
    this.wallClock = wallClock;
    this.nanoTime = nanoTime;
    this.listener = listener;
  }

  /**
   * Makes {@code checks} the whole set of what is watched. An equal definition keeps its state; a
   * changed one keeps its verdict and counts anew; a new one begins healthy; a missing one is
   * forgotten, but its eligibility bit stays as it was, for answers that still use it a little
   * longer.
   *
   * @throws IllegalArgumentException if two different definitions have one id; nothing changes then
   */
  public void define(Collection<HealthCheck> checks) {
    TreeMap<Integer, Watched> next = new TreeMap<>();
    EligibilitySnapshot nextEligibility = eligibility;
    Instant now = wallClock.instant();
    for (HealthCheck check : HealthCheck.distinct(checks)) {
      int index = registry.indexOf(check.id());
      Watched defined = define(index, check, now);
      next.put(index, defined);
      nextEligibility = nextEligibility.with(index, defined.status.isHealthy());
    }
    watched = next;
    publish(nextEligibility);
  }

  private Watched define(int index, HealthCheck check, Instant now) {
    Watched before = watched.get(index);
    if (before == null) {
      return new Watched(HealthStatus.initial(index, check, now), nanoTime.getAsLong());
    }
    if (before.status.check().equals(check)) {
      return before;
    }
    return new Watched(before.status.redefined(check, now), nanoTime.getAsLong());
  }

  /**
   * Takes one result. It counts for nothing if the check is not watched or is disabled, or if the
   * probe began before the present definition did.
   *
   * @return whether the check's eligibility changed
   */
  public boolean observe(int index, Observation observation) {
    Watched before = watched.get(index);
    if (before == null
        || before.status.check().settings().disabled()
        || observation.startedNanos() - before.definedNanos < 0) {
      return false;
    }
    HealthStatus status = before.status.observed(observation, wallClock.instant());
    watched.put(index, new Watched(status, before.definedNanos));
    return publish(eligibility.with(index, status.isHealthy()));
  }

  private boolean publish(EligibilitySnapshot next) {
    boolean changed = next != eligibility;
    eligibility = next;
    board = null;
    if (changed) {
      listener.accept(board());
    }
    return changed;
  }

  /** Everything known now, including what changed no eligibility. */
  public HealthBoard board() {
    HealthBoard current = board;
    if (current == null) {
      List<HealthStatus> statuses = new ArrayList<>(watched.size());
      watched.values().forEach(each -> statuses.add(each.status));
      current = new HealthBoard(statuses, eligibility);
      board = current;
    }
    return current;
  }
}
