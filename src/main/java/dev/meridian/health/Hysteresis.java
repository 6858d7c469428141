package dev.meridian.health;

import org.jspecify.annotations.Nullable;

/**
 * The rule by which results become a verdict: it flips after so many consecutive results that
 * contradict it, and stays otherwise (Route 53: FailureThreshold). A pure function.
 *
 * <table>
 * <caption>What a result does</caption>
 * <tr><th>result</th><th>passes</th><th>failures</th><th>verdict</th></tr>
 * <tr><td>PASS</td><td>+1</td><td>0</td><td>up, if passes reach the success threshold times the
 * outages within the last 64 results, and those do not meet the ratio</td></tr>
 * <tr><td>FAIL</td><td>0</td><td>+1</td><td>down, if failures reach the failure threshold, or the
 * last results meet the ratio</td></tr>
 * <tr><td>UNKNOWN</td><td>same</td><td>same</td><td>same</td></tr>
 * </table>
 *
 * <p>An outage is any run of failures, however short. So what failed once and for all is back after
 * the success threshold; what loses every other result stays down until it settles, which is after
 * 64 passes at the latest.
 *
 * @param failureThreshold consecutive failures that take it down, at least 1
 * @param successThreshold consecutive passes that bring it up, at least 1
 * @param ratio failures that take it down without being consecutive; null: none do
 */
public record Hysteresis(int failureThreshold, int successThreshold, @Nullable Ratio ratio) {
  /** The most results that can be looked back on. */
  public static final int MEMORY = Long.SIZE;

  /**
   * So many failures among so many results.
   *
   * @param failures 1 to {@code of}
   * @param of the last results, unknown ones left out; 1 to {@link #MEMORY}
   */
  public record Ratio(int failures, int of) {
    /**
     * Checks both ranges.
     *
     * @throws IllegalArgumentException with a sentence
     */
    public Ratio {
      if (of < 1 || of > MEMORY) {
        throw new IllegalArgumentException("'of' is " + of + ", which is not in 1.." + MEMORY);
      }
      if (failures < 1 || failures > of) {
        throw new IllegalArgumentException(
            "'failures' is " + failures + ", which is not in 1.." + of + ", the results looked at");
      }
    }

    private boolean isMet(long recentFailures) {
      return Long.bitCount(recentFailures << (MEMORY - of)) >= failures;
    }
  }

  /**
   * A verdict and how firm it is.
   *
   * @param up the verdict
   * @param known whether a full threshold of results has ever confirmed a verdict; up and not known
   *     is how every check begins
   * @param consecutivePasses since the last failure
   * @param consecutiveFailures since the last pass
   * @param recentFailures a bit for each of the last 64 results, the last one lowest; 1: it failed
   */
  public record State(
      boolean up,
      boolean known,
      int consecutivePasses,
      int consecutiveFailures,
      long recentFailures) {
    /** Up until there is data (Route 53). */
    public static final State INITIAL = new State(true, false, 0, 0, 0);

    /** The same verdict with nothing counted: what is left when the definition changes. */
    public State restarted() {
      return new State(up, known, 0, 0, 0);
    }

    /** How often failures began within the last 64 results. */
    public int outages() {
      return Long.bitCount(recentFailures & ~(recentFailures >>> 1));
    }
  }

  /** The state after one more result. */
  public State next(State state, Observation.Outcome outcome) {
    return switch (outcome) {
      case PASS -> passed(state);
      case FAIL -> failed(state);
      case UNKNOWN -> state;
    };
  }

  private State passed(State state) {
    int passes = state.consecutivePasses + 1;
    State next = new State(state.up, state.known, passes, 0, state.recentFailures << 1);
    boolean settled = passes >= successThreshold * Math.max(1, next.outages());
    boolean up = state.up || (settled && !isRatioMet(next.recentFailures));
    boolean known = state.known || passes >= successThreshold;
    return new State(up, known, passes, 0, next.recentFailures);
  }

  private State failed(State state) {
    int failures = state.consecutiveFailures + 1;
    long recent = state.recentFailures << 1 | 1;
    boolean confirmed = failures >= failureThreshold || isRatioMet(recent);
    return new State(state.up && !confirmed, state.known || confirmed, 0, failures, recent);
  }

  private boolean isRatioMet(long recentFailures) {
    return ratio != null && ratio.isMet(recentFailures);
  }

  /** How many more failures in a row would take an up verdict down; 0 if it is down. */
  int failuresToDown(State state) {
    int needed = 0;
    for (State next = state; next.up; next = failed(next)) {
      needed++;
    }
    return needed;
  }
}
