package dev.meridian.health;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which health checks allow an answer at one moment, and how much of it: an immutable bit per check
 * number, and the few weights that are not as written. A check that the snapshot does not know is
 * eligible (Route 53: healthy until there is data).
 */
public final class EligibilitySnapshot {
  /** No moment is known before which a check cannot go down. */
  public static final int UNFORESEEN = Integer.MAX_VALUE;

  /** Everything eligible: what is true before the first verdict. */
  public static final EligibilitySnapshot ALL =
      new EligibilitySnapshot(new long[0], new int[0], Map.of(), 0, 0);

  /** A set bit means "down"; so an absent word means "up". */
  private final long[] down;

  /** See {@link #secondsToDown}; a check beyond the end is unforeseen. */
  private final int[] secondsToDown;

  /** By check number; as written where there is none. */
  private final Map<Integer, Weight> weights;

  private final long epoch;
  private final long flips;

  private EligibilitySnapshot(
      long[] down, int[] secondsToDown, Map<Integer, Weight> weights, long epoch, long flips) {
    this.down = down;
    this.secondsToDown = secondsToDown;
    this.weights = weights;
    this.epoch = epoch;
    this.flips = flips;
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
    return new EligibilitySnapshot(next, secondsToDown, weights, epoch + 1, flips + 1);
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
    return new EligibilitySnapshot(down, seconds, weights, epoch + 1, flips);
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

  /** How much the answers take that the check watches; null: as policies say. */
  public @Nullable Weight weight(int check) {
    return weights.get(check);
  }

  /** Whether all answers take what policies say. */
  public boolean isAsWritten() {
    return weights.isEmpty();
  }

  /**
   * This snapshot with one check's weight, one epoch later; this very object if nothing changes.
   *
   * @param weight null: as policies say
   */
  public EligibilitySnapshot weighing(int check, @Nullable Weight weight) {
    if (Objects.equals(weights.get(check), weight)) {
      return this;
    }
    Map<Integer, Weight> next = new HashMap<>(weights);
    if (weight == null) {
      next.remove(check);
    } else {
      next.put(check, weight);
    }
    return new EligibilitySnapshot(down, secondsToDown, Map.copyOf(next), epoch + 1, flips);
  }

  /** The checks whose weight differs in {@code other}. */
  public BitSet weightChanges(EligibilitySnapshot other) {
    BitSet changes = new BitSet();
    weights.forEach((check, weight) -> changes.set(check, !weight.equals(other.weight(check))));
    other.weights.forEach((check, weight) -> changes.set(check, !weight.equals(weight(check))));
    return changes;
  }

  /** How often a check has become eligible, or ceased to be, since the process started. */
  public long flips() {
    return flips;
  }

  /** Counts all changes since the process started. */
  public long epoch() {
    return epoch;
  }
}
