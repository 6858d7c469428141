package dev.meridian.policy;

import java.util.Map;

/**
 * What one routed RRset answers its clients in one state of health, and with what names elsewhere
 * resolve to. Immutable.
 */
public final class Decisions {
  final Decision root;

  private final Steering steering;

  /**
   * What groups answered when something in them was last healthy, by what they are and consist of;
   * only of those that want to know.
   */
  final Map<String, Decision> lastGood;

  /** By leaf, in seconds. */
  final int[] ttls;

  /** Seconds for which it may be kept that nothing is healthy. */
  final int withheldTtl;

  private final Leaves leaves;

  Decisions(
      Decision root,
      Steering steering,
      Map<String, Decision> lastGood,
      int[] ttls,
      int withheldTtl,
      Leaves leaves) {
    this.ttls = ttls;
    this.withheldTtl = withheldTtl;
    this.root = root;
    this.steering = steering;
    this.lastGood = Map.copyOf(lastGood);
    this.leaves = leaves;
  }

  /** What one class is answered; for explanations, tests and comparisons, never for a query. */
  Decision of(int clientClass) {
    return root.of(steering, clientClass);
  }

  /** The octets that {@link #recordsAt} points into, in the form of {@code EncodedRRset}. */
  public byte[] records() {
    return leaves.records;
  }

  /** Where the records of a leaf begin; they end where those of the next number begin. */
  public int recordsAt(int leaf) {
    return leaves.recordsAt[leaf];
  }
}
