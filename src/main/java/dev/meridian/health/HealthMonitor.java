package dev.meridian.health;

import static java.util.stream.Collectors.toSet;

import dev.meridian.health.HealthOverride.Origin;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one owner of all health state: takes definitions, results and overrides, and says when
 * eligibility changes. It neither probes nor waits, so that a simulation can drive it with clocks
 * of its own.
 *
 * <pre>
 * result -> hysteresis -> votes -> damping -> definition, parts -> guard -> override -> eligibility
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
  private final HealthHistory history = new HealthHistory();

  private WatchedChecks watched = new WatchedChecks();

  /** The numbers of the calculated checks, each behind its parts. */
  private List<Integer> calculated = List.of();

  /** Whose standing may change by the passing of time alone. */
  private final BitSet waiting = new BitSet();

  private Map<String, Remembered> remembered = Map.of();
  private Overrides overrides = Overrides.NONE;

  private final Assembly assembly;
  private Map<Long, Integer> byKey = Map.of();
  private ChangeGuard.State recentlyDown = ChangeGuard.State.INITIAL;
  private final EligibilityLedger eligibility;

  /** Null when something was learned since the last one was made. */
  private @Nullable HealthBoard board = HealthBoard.EMPTY;

  /**
   * A monitor that watches nothing yet.
   *
   * @param registry numbers the checks
   * @param wallClock dates what people read; its steps change no verdict
   * @param nanoTime the monotonic clock that observations are stamped by
   * @param rules between verdicts and answers
   * @param listener gets the board whenever an eligibility bit changed, or how soon one could
   * @param events gets every change
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
    this.assembly = new Assembly(rules.electorate(), nanoTime);
    this.eligibility = new EligibilityLedger(registry, nanoTime);
  }

  /**
   * Says what was known when the process last ended; to be called before the first {@link #define}.
   *
   * @param checks by id; used for checks that are defined for the first time
   * @param decisions overrides that were in force
   */
  public void recall(Map<String, Remembered> checks, List<HealthOverride> decisions) {
    remembered = Map.copyOf(checks);
    overrides = overrides.replacedBy(decisions, wallClock.instant(), nanoTime.getAsLong());
    board = null;
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
      } else if (!before.status().check().equals(check)) {
        changed.add(index);
      }
      if (check.kind() instanceof CheckKind.Calculated) {
        nextCalculated.add(index);
      }
    }
    watched = new WatchedChecks(next);
    calculated = List.copyOf(nextCalculated);
    byKey = new HashMap<>();
    next.forEach((index, each) -> byKey.put(each.key(), index));
    history.retain(next.values().stream().map(each -> each.status().id()).collect(toSet()));
    recallGuard(added);
    added.forEach(index -> restand(index, true));
    changed.forEach(index -> restand(index, false));
    calculated.forEach(index -> restand(index, false));
    settle();
  }

  /** What went down a moment ago, before the process that knows it was this one, counts on. */
  private void recallGuard(List<Integer> added) {
    Instant now = wallClock.instant();
    List<Duration> ages =
        added.stream()
            .flatMap(index -> Stream.ofNullable(watched.get(index)))
            .map(Watched::status)
            .filter(status -> !status.isHealthy() && status.check().isProbed())
            .filter(status -> overrides.of(status.id()) == null)
            .map(status -> Duration.between(status.since(), now))
            .toList();
    recentlyDown = rules.guard().recalled(recentlyDown, ages, nanoTime.getAsLong());
  }

  private Watched define(int index, HealthCheck check) {
    Watched before = watched.get(index);
    if (before != null && before.status().check().equals(check)) {
      return before;
    }
    long nowNanos = nanoTime.getAsLong();
    if (before != null) {
      return new Watched(before.status().redefined(check), Votes.key(check), nowNanos);
    }
    Instant now = wallClock.instant();
    Remembered known = remembered.get(check.id());
    HealthStatus status =
        known == null
            ? HealthStatus.initial(index, check, now)
            : HealthStatus.recalled(index, check, known, now, nowNanos);
    eligibility.noteHealth(index);
    return new Watched(status, Votes.key(check), nowNanos);
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
        || !before.status().check().isProbed()
        || observation.startedNanos() - before.definedNanos() < 0) {
      return false;
    }
    HealthStatus status = before.status().observed(observation, wallClock.instant());
    watched.put(index, before.with(status));
    judge(index, true);
    history.add(
        status.id(),
        wallClock.instant(),
        observation.outcome(),
        isHealthy(index),
        observation.duration());
    return settle();
  }

  /**
   * Makes these all the overrides there are; one that is in force already keeps its end.
   *
   * @return whether any check's eligibility changed
   */
  public boolean override(List<HealthOverride> decisions) {
    return override(decisions, overrides.of(Origin.FILE));
  }

  /**
   * Makes these all the overrides there are in the file; they stand above others. Those whose time
   * is over are left out.
   *
   * @return whether any check's eligibility changed
   */
  public boolean overrideByFile(List<HealthOverride> decisions) {
    Instant now = wallClock.instant();
    return override(
        overrides.of(Origin.COMMAND), decisions.stream().filter(each -> each.lasts(now)).toList());
  }

  private boolean override(List<HealthOverride> commands, List<HealthOverride> file) {
    List<HealthOverride> all = new ArrayList<>(commands);
    all.addAll(file);
    return override(overrides.replacedBy(all, wallClock.instant(), nanoTime.getAsLong()), false);
  }

  private boolean override(Overrides next, boolean expired) {
    Instant now = wallClock.instant();
    Set<HealthOverride> ended = new LinkedHashSet<>(overrides.all());
    Set<HealthOverride> placed = new LinkedHashSet<>(next.all());
    next.all().forEach(ended::remove);
    overrides.all().forEach(placed::remove);
    overrides = next;
    ended.forEach(each -> events.accept(new HealthEvent.OverrideEnded(now, each, expired)));
    placed.forEach(each -> events.accept(new HealthEvent.OverrideSet(now, each)));
    for (int index : watched.indices()) {
      restand(index, true);
    }
    calculated.forEach(index -> restand(index, false));
    return settle();
  }

  /**
   * Lets time have its effect: overrides end, damping lets go, the guard lets through. To be called
   * several times a second.
   */
  public boolean tick() {
    Overrides lasting = overrides.lasting(nanoTime.getAsLong());
    if (lasting != overrides) {
      override(lasting, true);
    }
    if (assembly.isReviewDue(watched.values())) {
      for (int index : watched.indices()) {
        review(index);
      }
    }
    for (int index = waiting.nextSetBit(0); index >= 0; index = waiting.nextSetBit(index + 1)) {
      judge(index, true);
    }
    eligibility.noteTime();
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
    HealthStatus status =
        each.status().agreed(assembly.verdict(each), rules.damping(), nanoTime.getAsLong());
    Standing before = status.standing();
    Standing automatic = Judgement.automatic(status, this::counts);
    HealthOverride override = overrides.of(status.id());
    Standing decided = Judgement.decided(automatic, before.healthy(), override);
    boolean byItself = override == null && status.check().isProbed();
    Standing next = guarded && byItself ? guarded(before, decided) : decided;
    waiting.set(index, next.cause() == Standing.Cause.GUARD || status.damping().holding());
    Instant now = wallClock.instant();
    HealthStatus standing = status.standing(next, now, nanoTime.getAsLong());
    watched.put(index, each.with(standing));
    eligibility.noteStanding(index, standing.slowStart().active());
    if (next.healthy() != before.healthy()) {
      eligibility.noteHealth(index);
    }
    if (!next.word().equals(before.word())) {
      events.accept(new HealthEvent.Changed(now, status.id(), before, next));
    }
    return next.healthy() == before.healthy() && next.counted() == before.counted() ? null : next;
  }

  /** Takes what another vantage point says. */
  public boolean hear(Votes heard) {
    assembly.hear(heard);
    for (Long key : heard.byKey().keySet()) {
      Integer index = byKey.get(key);
      if (index != null) {
        review(index);
      }
    }
    return settle();
  }

  private void review(int index) {
    Watched each = watched.get(index);
    if (each != null && !assembly.verdict(each).equals(each.status().agreed())) {
      judge(index, true);
    }
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

  private boolean isHealthy(int index) {
    Watched each = watched.get(index);
    return each != null && each.status().isHealthy();
  }

  private boolean counts(String id) {
    Watched part = watched.get(registry.indexOf(id));
    return part != null && part.status().standing().counted();
  }

  /** Brings the eligibility bits up to date, and tells. */
  private boolean settle() {
    EligibilityLedger.Settlement settled = eligibility.settle(watched, calculated, overrides);
    board = null;
    if (settled != EligibilityLedger.Settlement.NOTHING) {
      listener.accept(board());
    }
    return settled == EligibilityLedger.Settlement.ANSWERS;
  }

  /** The last results of every check; for any thread. */
  public HealthHistory history() {
    return history;
  }

  /** Everything known now, including what changed no eligibility. */
  public HealthBoard board() {
    HealthBoard current = board;
    if (current == null) {
      current =
          new HealthBoard(
              watched.statuses(), eligibility.snapshot(), overrides.all(), assembly.isAbstaining());
      board = current;
    }
    return current;
  }
}
