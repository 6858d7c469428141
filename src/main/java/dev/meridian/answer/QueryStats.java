package dev.meridian.answer;

import dev.meridian.policy.Selection;
import dev.meridian.wire.Rcode;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The counters of one event loop. Only the loop writes, without locking; anybody may read, and sees
 * numbers that are at most a moment old.
 */
@SuppressWarnings("EnumOrdinal") // Counter exists to number the slots of an array
public final class QueryStats {
  /** Response codes counted apart; others together as the last. */
  private static final int RCODES = Rcode.BADVERS + 2;

  /** Types counted apart; others, and 0, together as 0. */
  private static final int TYPES = 258;

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] counters = new long[Counter.values().length];
  private final long[] rcodes = new long[RCODES];
  private final long[] types = new long[TYPES];
  private final long[] choices;

  /** All zero. */
  public QueryStats() {
    this(0);
  }

  /**
   * All zero.
   *
   * @param choices how many choices can be counted apart
   */
  QueryStats(int choices) {
    this.choices = new long[choices];
  }

  void count(Counter counter) {
    add(counters, counter.ordinal());
  }

  void countRcode(int rcode) {
    add(rcodes, Math.min(rcode, RCODES - 1));
  }

  void countType(int type) {
    add(types, type < TYPES ? type : 0);
  }

  /**
   * Counts what a policy chose.
   *
   * @param cells of {@link ChoiceCells}; empty: not counted
   */
  void countChoice(int[] cells, Selection selection) {
    if (cells.length > 0 && choices.length > 0) {
      for (int i = 0; i < selection.size(); i++) {
        add(choices, cells[selection.leaf(i)]);
      }
    }
  }

  private static void add(long[] array, int i) {
    LONGS.setOpaque(array, i, array[i] + 1);
  }

  /** How often something happened. */
  public long get(Counter counter) {
    return (long) LONGS.getOpaque(counters, counter.ordinal());
  }

  /** How often something was chosen, by its number in {@link ChoiceCells}. */
  public long choices(int cell) {
    return (long) LONGS.getOpaque(choices, cell);
  }

  /** How many answers had a response code; {@link #rcodeLimit()}-1 stands for all other codes. */
  public long rcode(int rcode) {
    return (long) LONGS.getOpaque(rcodes, rcode);
  }

  /** Response codes are counted below this number. */
  public static int rcodeLimit() {
    return RCODES;
  }

  /** How many queries asked for a type; 0 stands for types from {@link #typeLimit()} on. */
  public long type(int type) {
    return (long) LONGS.getOpaque(types, type);
  }

  /** Types are counted below this number. */
  public static int typeLimit() {
    return TYPES;
  }
}
