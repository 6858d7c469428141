package dev.meridian.health;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Which health checks allow an answer at one moment: an immutable bit per check number. A check
 * that the snapshot does not know is eligible (Route 53: healthy until there is data).
 */
public final class EligibilitySnapshot {
  /** No moment is known before which a check cannot go down. */
  public static final int UNFORESEEN = Integer.MAX_VALUE;

  /** Everything eligible: what is true before the first verdict. */
  public static final EligibilitySnapshot ALL = new EligibilitySnapshot(new long[0], new int[0], 0);

  /** A set bit means "down"; so an absent word means "up". */
  private final long[] down;

  /** See {@link #secondsToDown}; a check beyond the end is unforeseen. */
  private final int[] secondsToDown;

  private final long epoch;

  private EligibilitySnapshot(long[] down, int[] secondsToDown, long epoch) {
    this.down = down;
    this.secondsToDown = secondsToDown;
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
    return new EligibilitySnapshot(next, secondsToDown, epoch + 1);
  }

  /**
   * How long a check that is eligible certainly stays so, in seconds from its last result, people
   * aside; {@link #UNFORESEEN} if that is not known.
   */
  public int secondsToDown(int check) {
    return check >= 0 && check < secondsToDown.length ? secondsToDown[check] : UNFORESEEN;
  }

  /** This snapshot with another foresight, one epoch later; by check number, the array is kept. */
  EligibilitySnapshot foreseeing(int[] seconds) {
    return new EligibilitySnapshot(down, seconds, epoch + 1);
  }

  /** The foresight by check number, to be changed: room for {@code size} checks. */
  int[] foresight(int size) {
    int[] copy = Arrays.copyOf(secondsToDown, Math.max(size, secondsToDown.length));
    Arrays.fill(copy, secondsToDown.length, copy.length, UNFORESEEN);
    return copy;
  }

  /** The checks whose foresight differs in {@code other}. */
  public BitSet foresightChanges(EligibilitySnapshot other) {
    BitSet changes = new BitSet();
    for (int i = Math.max(secondsToDown.length, other.secondsToDown.length) - 1; i >= 0; i--) {
      changes.set(i, secondsToDown(i) != other.secondsToDown(i));
    }
    return changes;
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
