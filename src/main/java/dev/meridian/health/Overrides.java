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

  /** Which decides about a check, so that patterns meet each id once. */
  private final Map<String, Optional<HealthOverride>> deciding = new HashMap<>();

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

  /** The one that decides about a check: of several, the last. */
  @Nullable HealthOverride of(String id) {
    if (placed.isEmpty()) {
      return null;
    }
    return deciding.computeIfAbsent(id, this::find).orElse(null);
  }

  private Optional<HealthOverride> find(String id) {
    for (int i = placed.size() - 1; i >= 0; i--) {
      if (placed.get(i).pattern.matcher(id).matches()) {
        return Optional.of(placed.get(i).override);
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
