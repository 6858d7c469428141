package dev.meridian.health;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one owner of all health state: takes definitions, results and overrides, and says when
 * eligibility changes. It neither probes nor waits, so that a simulation can drive it with clocks
 * of its own.
 *
 * <pre>
 * result -> hysteresis -> damping -> definition, parts -> guard -> override -> eligibility
 * </pre>
 *
 * <p>Not safe for several threads: construct it anywhere, then call it from one thread only. The
 * listeners are called on that thread, before the call that caused the change returns. The boards
 * it gives out may go anywhere.
 */
public final class HealthMonitor {
  private final HealthRegistry registry;
  private final InstantSource wallClock;
  private final LongSupplier nanoTime;
  private final HealthRules rules;
  private final Consumer<HealthBoard> listener;
  private final Consumer<HealthEvent> events;

  private TreeMap<Integer, Watched> watched = new TreeMap<>();

  /** The numbers of the calculated checks, each behind its parts. */
  private List<Integer> calculated = List.of();

  /** Whose standing may change by the passing of time alone. */
  private final BitSet waiting = new BitSet();

  /** Whose health may differ from its eligibility bit. */
  private final BitSet unsettled = new BitSet();

  private Map<String, Remembered> remembered = Map.of();
  private List<Placed> overrides = List.of();
  private ChangeGuard.State recentlyDown = ChangeGuard.State.INITIAL;
  private EligibilitySnapshot eligibility = EligibilitySnapshot.ALL;

  /** Null when something was learned since the last one was made. */
  private @Nullable HealthBoard board = HealthBoard.EMPTY;

  /** A status, and when its definition came into force on the monotonic clock. */
  private record Watched(HealthStatus status, long definedNanos) {}

  /** An override, and its end on the monotonic clock: a step of the wall clock ends none. */
  private record Placed(HealthOverride override, Pattern pattern, long endNanos) {}

  /**
   * A monitor that watches nothing yet.
   *
   * @param registry numbers the checks
   * @param wallClock dates what people read; its steps change no verdict
   * @param nanoTime the monotonic clock that observations are stamped by
   * @param rules between verdicts and answers
   * @param listener gets the board whenever an eligibility bit changed, and only then
   * @param events gets every change of a check's health
   */
  public HealthMonitor(
      HealthRegistry registry,
      InstantSource wallClock,
      LongSupplier nanoTime,
      HealthRules rules,
      Consumer<HealthBoard> listener,
      Consumer<HealthEvent> events) {
    this.registry = registry;
    this.wallClock = wallClock;
    this.nanoTime = nanoTime;
    this.rules = rules;
    this.listener = listener;
    this.events = events;
  }

  /**
   * Says what was known when the process last ended; to be called before the first {@link #define}.
   *
   * @param checks by id; used for checks that are defined for the first time
   * @param decisions overrides that were in force
   */
  public void recall(Map<String, Remembered> checks, List<HealthOverride> decisions) {
    remembered = Map.copyOf(checks);
    override(decisions);
  }

  /**
   * Makes {@code checks} the whole set of what is watched. An equal definition keeps its state; a
   * changed one keeps its verdict and counts anew; a new one begins healthy, unless it is
   * remembered; a missing one is forgotten, but its eligibility bit stays as it was, for answers
   * that still use it a little longer.
   *
   * @throws IllegalArgumentException as {@link CheckOrder#of}; nothing changes then
   */
  public void define(Collection<HealthCheck> checks) {
    TreeMap<Integer, Watched> next = new TreeMap<>();
    List<Integer> added = new ArrayList<>();
    List<Integer> changed = new ArrayList<>();
    List<Integer> nextCalculated = new ArrayList<>();
    for (HealthCheck check : CheckOrder.of(checks).checks()) {
      int index = registry.indexOf(check.id());
      Watched before = watched.get(index);
      next.put(index, define(index, check));
      if (before == null) {
        added.add(index);
      } else if (!before.status.check().equals(check)) {
        changed.add(index);
      }
      if (check.kind() instanceof CheckKind.Calculated) {
        nextCalculated.add(index);
      }
    }
    watched = next;
    calculated = List.copyOf(nextCalculated);
    added.forEach(index -> restand(index, true));
    changed.forEach(index -> restand(index, false));
    calculated.forEach(index -> restand(index, false));
    settle();
  }

  private Watched define(int index, HealthCheck check) {
    Watched before = watched.get(index);
    if (before != null && before.status.check().equals(check)) {
      return before;
    }
    long nowNanos = nanoTime.getAsLong();
    if (before != null) {
      return new Watched(before.status.redefined(check), nowNanos);
    }
    Instant now = wallClock.instant();
    Remembered known = remembered.get(check.id());
    HealthStatus status =
        known == null
            ? HealthStatus.initial(index, check, now)
            : HealthStatus.recalled(index, check, known, now, nowNanos);
    unsettled.set(index);
    return new Watched(status, nowNanos);
  }

  /**
   * Takes one result. It counts for nothing if the check is not watched, is disabled or not probed,
   * or if the probe began before the present definition did.
   *
   * @return whether any check's eligibility changed
   */
  public boolean observe(int index, Observation observation) {
    Watched before = watched.get(index);
    if (before == null
        || !before.status.check().isProbed()
        || observation.startedNanos() - before.definedNanos < 0) {
      return false;
    }
    HealthStatus status =
        before.status.observed(
            observation, rules.damping(), wallClock.instant(), nanoTime.getAsLong());
    watched.put(index, new Watched(status, before.definedNanos));
    judge(index, true);
    return settle();
  }

  /**
   * Makes these all the overrides there are; one that is in force already keeps its end.
   *
   * @return whether any check's eligibility changed
   */
  public boolean override(List<HealthOverride> decisions) {
    List<Placed> next = new ArrayList<>();
    for (HealthOverride decision : decisions) {
      next.add(
          overrides.stream()
              .filter(placed -> placed.override.equals(decision))
              .findFirst()
              .orElseGet(
                  () ->
                      new Placed(
                          decision,
                          HealthOverride.pattern(decision.selector()),
                          endNanos(decision))));
    }
    overrides = List.copyOf(next);
    List.copyOf(watched.keySet()).forEach(index -> restand(index, true));
    calculated.forEach(index -> restand(index, false));
    return settle();
  }

  private long endNanos(HealthOverride override) {
    Instant expires = override.expires();
    return expires == null
        ? 0
        : nanoTime.getAsLong() + Duration.between(wallClock.instant(), expires).toNanos();
  }

  /**
   * Lets time have its effect: overrides end, damping lets go, the guard lets through. To be called
   * several times a second.
   */
  public boolean tick() {
    long now = nanoTime.getAsLong();
    List<HealthOverride> lasting = new ArrayList<>();
    for (Placed placed : overrides) {
      if (placed.override.expires() == null || placed.endNanos - now > 0) {
        lasting.add(placed.override);
      }
    }
    if (lasting.size() < overrides.size()) {
      override(lasting);
    }
    for (int index = waiting.nextSetBit(0); index >= 0; index = waiting.nextSetBit(index + 1)) {
      judge(index, true);
    }
    return settle();
  }

  /** Gives one check its standing, and those calculated from it, if it matters to them. */
  private void judge(int index, boolean guarded) {
    Standing changed = restand(index, guarded);
    if (changed != null) {
      calculated.forEach(other -> restand(other, false));
    }
  }

  /** The new standing if it differs from the old in what routing or others see; else null. */
  private @Nullable Standing restand(int index, boolean guarded) {
    Watched each = watched.get(index);
    if (each == null) {
      waiting.clear(index);
      return null;
    }
    HealthStatus status = each.status.at(rules.damping(), nanoTime.getAsLong());
    Standing before = status.standing();
    Standing automatic = Judgement.automatic(status, this::counts);
    HealthOverride override = override(status.id());
    Standing decided = Judgement.decided(automatic, before.healthy(), override);
    boolean byItself = override == null && status.check().isProbed();
    Standing next = guarded && byItself ? guarded(before, decided) : decided;
    waiting.set(index, next.cause() == Standing.Cause.GUARD || status.damping().holding());
    Instant now = wallClock.instant();
    watched.put(index, new Watched(status.standing(next, now), each.definedNanos));
    if (next.healthy() != before.healthy()) {
      unsettled.set(index);
      events.accept(new HealthEvent(now, status.id(), next));
    }
    return next.healthy() == before.healthy() && next.counted() == before.counted() ? null : next;
  }

  private Standing guarded(Standing before, Standing next) {
    if (next.healthy() || !before.healthy()) {
      return next;
    }
    ChangeGuard.State admitted =
        rules.guard().admit(recentlyDown, watched.size(), nanoTime.getAsLong());
    if (admitted == recentlyDown) {
      return new Standing(
          true, true, Standing.Cause.GUARD, "held, too much went down at once; " + next.reason());
    }
    recentlyDown = admitted;
    return next;
  }

  private boolean counts(String id) {
    Watched part = watched.get(registry.indexOf(id));
    return part != null && part.status.standing().counted();
  }

  private @Nullable HealthOverride override(String id) {
    for (int i = overrides.size() - 1; i >= 0; i--) {
      if (overrides.get(i).pattern.matcher(id).matches()) {
        return overrides.get(i).override;
      }
    }
    return null;
  }

  /** Brings the eligibility bits up to date, and tells. */
  private boolean settle() {
    EligibilitySnapshot next = eligibility;
    for (int index = unsettled.nextSetBit(0); index >= 0; index = unsettled.nextSetBit(index + 1)) {
      Watched each = watched.get(index);
      next = each == null ? next : next.with(index, each.status.isHealthy());
    }
    unsettled.clear();
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
      List<HealthOverride> decisions = overrides.stream().map(Placed::override).toList();
      current = new HealthBoard(statuses, eligibility, decisions);
      board = current;
    }
    return current;
  }
}
