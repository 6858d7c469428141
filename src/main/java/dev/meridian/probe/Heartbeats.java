package dev.meridian.probe;

import dev.meridian.health.HealthCheck;
import dev.meridian.health.HeartbeatCheck;
import dev.meridian.health.Observation.Reason;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Who has called, and when. Heartbeats come in on any thread; definitions and questions belong to
 * the health thread.
 */
final class Heartbeats {
  /**
   * Compared with when there is no such check, so that the time tells nothing of which there are.
   */
  private static final HeartbeatCheck NOBODY = new HeartbeatCheck("no-token-is-like-this");

  private record Expected(HealthCheck check, HeartbeatCheck kind, long sinceNanos) {}

  private final LongSupplier nanoTime;
  private final Map<String, Long> last = new ConcurrentHashMap<>();
  private volatile Map<String, Expected> expected = Map.of();

  Heartbeats(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Expects these checks' heartbeats and no others. */
  void define(Collection<HealthCheck> checks) {
    Map<String, Expected> next = new HashMap<>();
    for (HealthCheck check : checks) {
      if (check.kind() instanceof HeartbeatCheck kind) {
        Expected before = expected.get(check.id());
        boolean same = before != null && before.check.equals(check);
        next.put(check.id(), same ? before : new Expected(check, kind, nanoTime.getAsLong()));
      }
    }
    expected = Map.copyOf(next);
    last.keySet().retainAll(next.keySet());
  }

  /** Says what was known when the process last ended; to be called before anything is expected. */
  void recall(Map<String, Duration> ages) {
    long now = nanoTime.getAsLong();
    ages.forEach((id, age) -> last.put(id, now - age.toNanos()));
  }

  /** How long ago each called that has ever called; from any thread. */
  Map<String, Duration> ages() {
    long now = nanoTime.getAsLong();
    Map<String, Duration> ages = new HashMap<>();
    last.forEach((id, at) -> ages.put(id, Duration.ofNanos(Math.max(0, now - at))));
    return ages;
  }

  /** Takes one; false if there is no such check or that is not its token. */
  boolean beat(String id, String token) {
    Expected check = expected.get(id);
    boolean accepted = (check == null ? NOBODY : check.kind).accepts(token) && check != null;
    if (accepted) {
      last.put(id, nanoTime.getAsLong());
    }
    return accepted;
  }

  /** What to think of a check now. */
  Finding judge(HealthCheck check) {
    long now = nanoTime.getAsLong();
    Long at = last.get(check.id());
    long interval = check.settings().interval().toNanos();
    if (at != null) {
      long ago = now - at;
      String text = "the last heartbeat came " + ago / 1_000_000 + " ms ago";
      boolean inTime = ago <= interval + check.settings().timeout().toNanos();
      return new Finding(inTime ? Reason.OK : Reason.REPORTED_DOWN, text);
    }
    Expected known = expected.get(check.id());
    long waited = known == null ? 0 : now - known.sinceNanos;
    return waited <= interval * check.settings().failureThreshold()
        ? new Finding(Reason.INSUFFICIENT_DATA, "no heartbeat yet")
        : new Finding(Reason.REPORTED_DOWN, "no heartbeat since checking began");
  }
}
