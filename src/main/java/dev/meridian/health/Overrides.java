package dev.meridian.health;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The overrides in force, with their ends on the monotonic clock: a step of the wall clock ends
 * none. For one thread.
 */
final class Overrides {
  /** None. */
  static final Overrides NONE = new Overrides(List.of());

  private final List<Placed> placed;

  /** Which decides about a check's health, so that patterns meet each id once. */
  private final Map<String, Optional<HealthOverride>> deciding = new HashMap<>();

  /** The same for its weight. */
  private final Map<String, Optional<HealthOverride>> weighing = new HashMap<>();

  private record Placed(HealthOverride override, Pattern pattern, long endNanos) {
    boolean lastsAt(long nowNanos) {
      return override.expires() == null || endNanos - nowNanos > 0;
    }
  }

  private Overrides(List<Placed> placed) {
    this.placed = List.copyOf(placed);
  }

  /** Makes these all there are; one that is in force already keeps its end. */
  Overrides replacedBy(List<HealthOverride> decisions, Instant now, long nowNanos) {
    Map<HealthOverride, Placed> before = new HashMap<>();
    placed.forEach(each -> before.put(each.override, each));
    List<Placed> next = new ArrayList<>(decisions.size());
    for (HealthOverride decision : decisions) {
      Placed known = before.get(decision);
      next.add(known == null ? place(decision, now, nowNanos) : known);
    }
    return new Overrides(next);
  }

  private static Placed place(HealthOverride override, Instant now, long nowNanos) {
    Instant expires = override.expires();
    long end = expires == null ? 0 : nowNanos + Duration.between(now, expires).toNanos();
    return new Placed(override, HealthOverride.pattern(override.selector()), end);
  }

  /** Those whose time is not over; this very object if that is all of them. */
  Overrides lasting(long nowNanos) {
    List<Placed> lasting = placed.stream().filter(each -> each.lastsAt(nowNanos)).toList();
    return lasting.size() == placed.size() ? this : new Overrides(lasting);
  }

  /** The one that decides about a check's health: of several, the last. */
  @Nullable HealthOverride of(String id) {
    return placed.isEmpty()
        ? null
        : deciding.computeIfAbsent(id, key -> find(key, false)).orElse(null);
  }

  /** What a person decided about a check's weight: of several, the last. */
  @Nullable Weight weight(String id) {
    HealthOverride override =
        placed.isEmpty() ? null : weighing.computeIfAbsent(id, key -> find(key, true)).orElse(null);
    return override == null ? null : override.action().weight();
  }

  private Optional<HealthOverride> find(String id, boolean weight) {
    for (int i = placed.size() - 1; i >= 0; i--) {
      Placed each = placed.get(i);
      if (each.override.isWeight() == weight && each.pattern.matcher(id).matches()) {
        return Optional.of(each.override);
      }
    }
    return Optional.empty();
  }

  /** Those that were decided in one way, in their order. */
  List<HealthOverride> of(HealthOverride.Origin origin) {
    return all().stream().filter(each -> each.origin() == origin).toList();
  }

  /** In their order. */
  List<HealthOverride> all() {
    return placed.stream().map(Placed::override).toList();
  }
}
