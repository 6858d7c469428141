package dev.meridian.health;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The last results of every check, in twelve octets each, so that ten thousand checks have theirs
 * in 8 MB. Written by the health thread, read by any.
 */
public final class HealthHistory {
  /** Results that are kept of each check. */
  public static final int LENGTH = 60;

  private static final Observation.Outcome[] OUTCOMES = Observation.Outcome.values();
  private static final long MAX_MICROS = (1 << 28) - 1;

  private final Map<String, Ring> rings = new HashMap<>();

  private static final class Ring {
    final long[] atMillis = new long[LENGTH];

    /** Microseconds, three bits to the left; outcome, one bit; healthy. */
    final int[] packed = new int[LENGTH];

    int count;

    void add(long millis, int result) {
      atMillis[count % LENGTH] = millis;
      packed[count % LENGTH] = result;
      count = count + 1 == 2 * LENGTH ? LENGTH : count + 1;
    }
  }

  /** Forgets the checks that are not among these. */
  synchronized void retain(Set<String> ids) {
    rings.keySet().retainAll(ids);
  }

  synchronized void add(
      String id, Instant now, Observation.Outcome outcome, boolean healthy, Duration took) {
    long micros = Math.clamp(took.toNanos() / 1000, 0, MAX_MICROS);
    int packed = (int) micros << 3 | outcome.ordinal() << 1 | (healthy ? 1 : 0);
    rings.computeIfAbsent(id, _ -> new Ring()).add(now.toEpochMilli(), packed);
  }

  /** What is kept of a check, the oldest first; empty if it has had no result. */
  public synchronized List<CheckSample> of(String id) {
    Ring ring = rings.get(id);
    if (ring == null) {
      return List.of();
    }
    int length = Math.min(ring.count, LENGTH);
    List<CheckSample> samples = new ArrayList<>(length);
    for (int i = ring.count - length; i < ring.count; i++) {
      samples.add(sample(ring.atMillis[i % LENGTH], ring.packed[i % LENGTH]));
    }
    return samples;
  }

  private static CheckSample sample(long atMillis, int packed) {
    return new CheckSample(
        Instant.ofEpochMilli(atMillis),
        OUTCOMES[packed >>> 1 & 3],
        (packed & 1) != 0,
        Duration.ofNanos((packed >>> 3) * 1000L));
  }
}
