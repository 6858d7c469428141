package dev.meridian.health;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Which health checks allow an answer at one moment: an immutable bit per check number. A check
 * that the snapshot does not know is eligible (Route 53: healthy until there is data).
 */
public final class EligibilitySnapshot {
  /** Everything eligible: what is true before the first verdict. */
  public static final EligibilitySnapshot ALL = new EligibilitySnapshot(new long[0], 0);

  /** A set bit means "down"; so an absent word means "up". */
  private final long[] down;

  private final long epoch;

  private EligibilitySnapshot(long[] down, long epoch) {
    this.down = down;
    this.epoch = epoch;
  }

  /** Whether the check allows answers; {@link HealthRegistry#NONE} always does. */
  public boolean isEligible(int check) {
    int word = check >> 6;
    return check < 0 || word >= down.length || (down[word] & (1L << check)) == 0;
  }

  /** This snapshot with one check set, one epoch later; this very object if nothing changes. */
  public EligibilitySnapshot with(int check, boolean eligible) {
    if (check < 0) {
      throw new IllegalArgumentException("no such check: " + check);
    }
    if (isEligible(check) == eligible) {
      return this;
    }
    int word = check >> 6;
    long[] next = Arrays.copyOf(down, Math.max(down.length, word + 1));
    next[word] ^= 1L << check;
    return new EligibilitySnapshot(next, epoch + 1);
  }

  /** The checks whose eligibility differs in {@code other}. */
  public BitSet changes(EligibilitySnapshot other) {
    BitSet changes = BitSet.valueOf(down);
    changes.xor(BitSet.valueOf(other.down));
    return changes;
  }

  /** Counts changes since the process started. */
  public long epoch() {
    return epoch;
  }
}
