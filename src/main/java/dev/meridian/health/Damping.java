package dev.meridian.health;

import java.time.Duration;

/**
 * Holds a target down that comes back again and again, after the manner of RFC 2439: every return
 * costs a penalty, and penalties decay by half in each half-life. A pure function.
 *
 * <p>The penalty never exceeds what decays to the release threshold within the longest hold (RFC
 * 2439 §4.2), so a target that stays up is back after that time at the latest.
 *
 * @param perReturn added each time the verdict turns from down to up
 * @param holdAt penalty at which the target is held down
 * @param releaseBelow penalty below which it is let go
 * @param halfLife in which a penalty halves
 * @param longestHold without another return
 */
public record Damping(
    double perReturn, double holdAt, double releaseBelow, Duration halfLife, Duration longestHold) {
  /** Held from about the fourth return within a few minutes on, for at most 15 min. */
  public static final Damping DEFAULT =
      new Damping(1000, 3000, 750, Duration.ofMinutes(5), Duration.ofMinutes(15));

  /** Never holds. */
  public static final Damping OFF =
      new Damping(0, 1, 1, Duration.ofMinutes(5), Duration.ofMinutes(15));

  /**
   * How often a target came back of late.
   *
   * @param penalty at {@code atNanos}
   * @param atNanos on the monotonic clock
   * @param holding whether it is held down
   */
  public record State(double penalty, long atNanos, boolean holding) {
    /** Never came back. */
    public static final State INITIAL = new State(0, 0, false);
  }

  /** The state after the verdict turned up once more. */
  public State returned(State state, long nowNanos) {
    double ceiling =
        releaseBelow * Math.pow(2, (double) longestHold.toNanos() / halfLife.toNanos());
    double penalty = Math.min(ceiling, decayed(state, nowNanos) + perReturn);
    return new State(penalty, nowNanos, state.holding || penalty >= holdAt);
  }

  /** The state when nothing but time has passed. */
  public State at(State state, long nowNanos) {
    boolean released = state.holding && decayed(state, nowNanos) < releaseBelow;
    return released ? new State(decayed(state, nowNanos), nowNanos, false) : state;
  }

  private double decayed(State state, long nowNanos) {
    return state.penalty * Math.pow(0.5, (double) (nowNanos - state.atNanos) / halfLife.toNanos());
  }
}
