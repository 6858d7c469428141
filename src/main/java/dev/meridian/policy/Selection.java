package dev.meridian.policy;

/**
 * What a policy chose for one query: leaves of a {@link RoutedRRset}. Reused from query to query,
 * owned by one thread.
 */
public final class Selection {
  /** More leaves than this are never answered at once; they would not fit a message anyway. */
  public static final int MAX_LEAVES = 128;

  private final int[] leaf = new int[MAX_LEAVES];
  private int size;
  private int clientClass;
  private int scopeLength;
  private boolean failed;

  /** An empty selection. */
  public Selection() {}

  void begin(int clientClass, int scopeLength) {
    this.clientClass = clientClass;
    this.scopeLength = scopeLength;
    size = 0;
    failed = false;
  }

  void add(int number) {
    for (int i = 0; i < size; i++) {
      if (leaf[i] == number) {
        return; // two branches that lead to one endpoint answer once
      }
    }
    if (size < MAX_LEAVES) {
      leaf[size++] = number;
    }
  }

  void fail() {
    failed = true;
  }

  void shuffle(Dice dice) {
    for (int i = size - 1; i > 0; i--) {
      int other = (int) dice.below(i + 1L);
      int kept = leaf[i];
      leaf[i] = leaf[other];
      leaf[other] = kept;
    }
  }

  /** How many leaves were chosen; 0 means NODATA, or SERVFAIL if {@link #isFailure}. */
  public int size() {
    return size;
  }

  /** Whether there is an answer, but only behind names that are not resolved here. */
  public boolean isFailure() {
    return failed && size == 0;
  }

  /** The number of chosen leaf {@code i}. */
  public int leaf(int i) {
    return leaf[i];
  }

  /** The class of clients that the client fell into. */
  public int clientClass() {
    return clientClass;
  }

  /**
   * The ECS scope: every client that shares this many bits with this one gets the same choice, or
   * the same dice.
   */
  public int scopeLength() {
    return scopeLength;
  }
}
