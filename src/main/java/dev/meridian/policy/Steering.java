package dev.meridian.policy;

import dev.meridian.net.ClientAddress;
import dev.meridian.net.PrefixPartition;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The client space as one policy tree sees it: a class for every client. Two clients of one class
 * get the same candidates in the same order from every policy of the tree, whatever health does, so
 * what {@link #find} reports is an exact ECS scope. Immutable.
 *
 * <p>A client is a prefix as often as an address, and a prefix that is shorter than a CIDR block
 * does not match it (Route 53). A class therefore knows the length from which on all that blocks
 * decide is decided; the few shorter prefixes are looked up in an {@link Exceptions} beside.
 */
final class Steering {
  /** For a tree in which the client does not matter. */
  static final Steering NONE =
      new Steering(
          PrefixPartition.uniform(0),
          new int[] {0},
          Exceptions.NONE,
          new int[][] {{}},
          new Order[0][],
          new int[0][],
          new Cells[0]);

  /** The classes of prefixes that are too short for a block at their first address. */
  static final class Exceptions {
    /** Without blocks there are none. */
    static final Exceptions NONE =
        new Exceptions(
            new PrefixPartition[] {PrefixPartition.uniform(0)}, new int[33], new int[129]);

    private final PrefixPartition[] steps;
    private final int[] ipv4;
    private final int[] ipv6;

    /**
     * Keeps what it is given.
     *
     * @param steps one for each length at which more blocks begin to count: class + 1 where the
     *     class is not that of the first address, else 0
     * @param ipv4 for each length of an IPv4 prefix, its step
     * @param ipv6 for each length of an IPv6 prefix, its step
     */
    Exceptions(PrefixPartition[] steps, int[] ipv4, int[] ipv6) {
      this.steps = steps;
      this.ipv4 = ipv4;
      this.ipv6 = ipv6;
    }

    void addUsual(BitSet classes) {
      for (int step : new int[] {ipv4[24], ipv6[56]}) {
        steps[step].forEachRun(
            (isIpv4, high, low, length, value) -> {
              if (value > 0) {
                classes.set(value - 1);
              }
            });
      }
    }

    /** The client's class + 1, or 0 if it has that of its first address. */
    int find(ClientAddress client) {
      int step = (client.isIpv4() ? ipv4 : ipv6)[client.prefixLength()];
      return PrefixPartition.value(steps[step].find(client));
    }
  }

  /** The class of every address. */
  private final PrefixPartition partition;

  /** By class: the shortest prefix that is long enough for all its blocks. */
  private final int[] decidedFrom;

  private final Exceptions exceptions;

  /** By class and dimension: the number of an order; -1 where the tree never gets to. */
  private final int[][] orderOf;

  /** By dimension and number. */
  private final Order[][] orders;

  /** By class and dimension, see {@link SpillCut#cellOf}. */
  private final int[][] cellOf;

  private final @Nullable Cells[] cells;

  Steering(
      PrefixPartition partition,
      int[] decidedFrom,
      Exceptions exceptions,
      int[][] orderOf,
      Order[][] orders,
      int[][] cellOf,
      @Nullable Cells[] cells) {
    this.partition = partition;
    this.decidedFrom = decidedFrom;
    this.exceptions = exceptions;
    this.orderOf = orderOf;
    this.orders = orders;
    this.cellOf = cellOf;
    this.cells = cells;
  }

  /** The cells of a dimension that spills; null for others. */
  @Nullable Cells cells(int dimension) {
    return cells[dimension];
  }

  /** The cell of a class in a dimension that spills; -1 if it is too wide to be in one. */
  int cell(int clientClass, int dimension) {
    return cellOf[clientClass][dimension];
  }

  /** The class of every address. */
  PrefixPartition classes() {
    return partition;
  }

  /** Whether another one puts the same clients together, and ranks candidates alike for them. */
  boolean tellsApartLike(Steering other) {
    return this == other
        || (partition.equals(other.partition)
            && Arrays.equals(decidedFrom, other.decidedFrom)
            && Arrays.deepEquals(orderOf, other.orderOf)
            && Arrays.deepEquals(sequences(orders), sequences(other.orders))
            && Arrays.deepEquals(cellOf, other.cellOf)
            && cellsAreLike(other));
  }

  private static int[][][] sequences(Order[][] orders) {
    return Arrays.stream(orders)
        .map(of -> Arrays.stream(of).map(Order::toSequence).toArray(int[][]::new))
        .toArray(int[][][]::new);
  }

  private boolean cellsAreLike(Steering other) {
    for (int i = 0; i < cells.length; i++) {
      Cells own = cells[i];
      Cells others = other.cells[i];
      if (own == null ? others != null : others == null || !own.isLike(others)) {
        return false;
      }
    }
    return true;
  }

  int classCount() {
    return orderOf.length;
  }

  /**
   * The class of a client, and the length of the shortest prefix around it in which every address
   * and every prefix has that class, as {@link PrefixPartition#value} and {@link
   * PrefixPartition#length} read them. If the client's own prefix is shorter, then it is too short
   * to be sure.
   */
  long find(ClientAddress client) {
    long hit = partition.find(client);
    int clientClass = PrefixPartition.value(hit);
    int from = decidedFrom[clientClass];
    int scope = Math.max(PrefixPartition.length(hit), from);
    if (client.prefixLength() < from) {
      int exception = exceptions.find(client);
      clientClass = exception == 0 ? clientClass : exception - 1;
    }
    return PrefixPartition.hit(clientClass, scope);
  }

  /** The classes of addresses, and of prefixes of the lengths that resolvers send. */
  BitSet usualClasses() {
    BitSet classes = new BitSet();
    if (exceptions == Exceptions.NONE) {
      classes.set(0, classCount());
    } else {
      partition.forEachRun((ipv4, high, low, length, value) -> classes.set(value));
      exceptions.addUsual(classes);
    }
    return classes;
  }

  /** The number of what {@link #order} gives. */
  int orderNumber(int clientClass, int dimension) {
    return orderOf[clientClass][dimension];
  }

  /** Whether the tree ever gets to a dimension for a class. */
  boolean reaches(int clientClass, int dimension) {
    return orderOf[clientClass][dimension] >= 0;
  }

  /** All orders that a dimension has for anybody, and maybe some for nobody. */
  Order[] orders(int dimension) {
    return orders[dimension];
  }

  /** The candidates that apply to a class. */
  Order order(int clientClass, int dimension) {
    return orders[dimension][orderOf[clientClass][dimension]];
  }
}
