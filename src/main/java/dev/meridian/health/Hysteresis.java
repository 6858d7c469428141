package dev.meridian.health;

/**
 * The rule by which results become a verdict: it flips after so many consecutive results that
 * contradict it, and stays otherwise (Route 53: FailureThreshold). A pure function.
 *
 * <table>
 * <caption>What a result does</caption>
 * <tr><th>result</th><th>passes</th><th>failures</th><th>verdict</th></tr>
 * <tr><td>PASS</td><td>+1</td><td>0</td><td>up, if passes reach the success threshold</td></tr>
 * <tr><td>FAIL</td><td>0</td><td>+1</td><td>down, if failures reach the failure threshold</td></tr>
 * <tr><td>UNKNOWN</td><td>same</td><td>same</td><td>same</td></tr>
 * </table>
 *
 * @param failureThreshold consecutive failures that take it down, at least 1
 * @param successThreshold consecutive passes that bring it up, at least 1
 */
public record Hysteresis(int failureThreshold, int successThreshold) {
  /**
   * A verdict and how firm it is.
   *
   * @param up the verdict
   * @param known whether a full threshold of results has ever confirmed a verdict; up and not known
   *     is how every check begins
   * @param consecutivePasses since the last failure
   * @param consecutiveFailures since the last pass
   */
  public record State(boolean up, boolean known, int consecutivePasses, int consecutiveFailures) {
    /** Up until there is data (Route 53). */
    public static final State INITIAL = new State(true, false, 0, 0);

    /** The same verdict with nothing counted: what is left when the definition changes. */
    public State restarted() {
      return new State(up, known, 0, 0);
    }
  }

  /** The state after one more result. */
  public State next(State state, Observation.Outcome outcome) {
    return switch (outcome) {
      case PASS -> {
        int passes = state.consecutivePasses + 1;
        boolean confirmed = passes >= successThreshold;
        yield new State(state.up || confirmed, state.known || confirmed, passes, 0);
      }
      case FAIL -> {
        int failures = state.consecutiveFailures + 1;
        boolean confirmed = failures >= failureThreshold;
        yield new State(state.up && !confirmed, state.known || confirmed, 0, failures);
      }
      case UNKNOWN -> state;
    };
  }
}
