package dev.meridian.policy;

/**
 * What a policy chose for one query: leaves of a {@link RoutedRRset}. Reused from query to query,
 * owned by one thread.
 */
public final class Selection {
  /** More leaves than this are never answered at once; they would not fit a message anyway. */
  public static final int MAX_LEAVES = 128;

  /** Choices of several inside of each other of which each may be of MAX_LEAVES. */
  private static final int MAX_CHOICES = PolicyCompiler.MAX_DEPTH;

  private final int[] leaf = new int[MAX_LEAVES];
  private int size;
  private int clientClass;
  private int scopeLength;
  private Decision.Kind nothing = Decision.Kind.NO_ANSWER;
  private boolean ordered;
  private int ttl;

  /** Branches that a client is hashed among, and their hashes: a sorted stretch for each choice. */
  private final long[] ranked = new long[MAX_LEAVES * MAX_CHOICES];

  private final int[] rankedBranch = new int[MAX_LEAVES * MAX_CHOICES];
  private int rankedFrom;

  /** An empty selection. */
  public Selection() {}

  void begin(int clientClass, int scopeLength) {
    this.clientClass = clientClass;
    this.scopeLength = scopeLength;
    size = 0;
    nothing = Decision.Kind.NO_ANSWER;
    ordered = false;
    rankedFrom = 0;
  }

  /** The choice is for clients that share so many bits, not for the whole class. */
  void narrow(int length) {
    scopeLength = Math.max(scopeLength, length);
  }

  /** The order is the client's own: no shuffling. */
  void keepOrder() {
    ordered = true;
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

  /** The smallest TTL of what was chosen: one RRset has one TTL (RFC 2181 §5.2). */
  void takeTtl(Decisions decisions) {
    ttl = size == 0 ? decisions.withheldTtl : decisions.ttls[leaf[0]];
    for (int i = 1; i < size; i++) {
      ttl = Math.min(ttl, decisions.ttls[leaf[i]]);
    }
  }

  /** Part of the choice answers nothing, for this reason. */
  void nothing(Decision.Kind reason) {
    if (reason.compareTo(nothing) > 0) {
      nothing = reason;
    }
  }

  /** How many branches {@link #rank} can find. */
  int room() {
    return Math.min(MAX_LEAVES, ranked.length - rankedFrom);
  }

  /**
   * Finds the branches of a choice that are the client's: those with the smallest hashes.
   *
   * @return where {@link #rankedBranch} has them, the best first; valid until {@link #unrank}
   */
  int rank(Decision decision, int wanted, long client) {
    int from = rankedFrom;
    int end = from;
    for (int branch = 0; branch < decision.keys.length; branch++) {
      long hash = Rendezvous.mix(decision.keys[branch], client);
      if (end - from == wanted) {
        if (Long.compareUnsigned(hash, ranked[end - 1]) >= 0) {
          continue;
        }
        end--;
      }
      int at = end++;
      for (; at > from && Long.compareUnsigned(ranked[at - 1], hash) > 0; at--) {
        ranked[at] = ranked[at - 1];
        rankedBranch[at] = rankedBranch[at - 1];
      }
      ranked[at] = hash;
      rankedBranch[at] = branch;
    }
    rankedFrom = end;
    return from;
  }

  int rankedBranch(int at) {
    return rankedBranch[at];
  }

  void unrank(int from) {
    rankedFrom = from;
  }

  void shuffle(Dice dice) {
    if (ordered) {
      return;
    }
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

  /** Whether to answer SERVFAIL: because of health, or all is behind names not resolved here. */
  public boolean isFailure() {
    return size == 0 && (nothing == Decision.Kind.ELSEWHERE || nothing == Decision.Kind.UNHEALTHY);
  }

  /** Whether nothing is answered because nothing is healthy. */
  public boolean isUnhealthy() {
    return size == 0 && (nothing == Decision.Kind.WITHHELD || nothing == Decision.Kind.UNHEALTHY);
  }

  /**
   * Seconds for which the answer may be kept; where nothing was chosen, for which it may be kept
   * that nothing is healthy.
   */
  public int ttl() {
    return ttl;
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
