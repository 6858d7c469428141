package dev.meridian.health;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A wall clock and a monotonic clock that move when told to. */
final class VirtualTime implements InstantSource {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private long nanos = -5_000_000_000L;
  private Instant wall = START;

  void advance(Duration by) {
    nanos += by.toNanos();
    wall = wall.plus(by);
  }

  /** Sets the wall clock without any time passing, as an administrator does. */
  void stepWallClock(Duration by) {
    wall = wall.plus(by);
  }

  long nanoTime() {
    return nanos;
  }

  @Override
  public Instant instant() {
    return wall;
  }
}
