package dev.meridian.policy;

import dev.meridian.net.PrefixPartition;

/**
 * The client space as one policy tree sees it: a class for every address. Two clients of one class
 * get the same candidates in the same order from every policy of the tree, whatever health does, so
 * a prefix of the partition is an exact ECS scope. Immutable.
 */
final class Steering {
  /** For a tree in which the client does not matter. */
  static final Steering NONE =
      new Steering(PrefixPartition.uniform(0), new int[][] {{}}, new int[0][][]);

  /** The class of every address. */
  final PrefixPartition partition;

  /** By class and dimension: the number of an order; -1 where the tree never gets to. */
  private final int[][] orderOf;

  /** By dimension and number: candidate positions as written, in order of preference. */
  private final int[][][] orders;

  Steering(PrefixPartition partition, int[][] orderOf, int[][][] orders) {
    this.partition = partition;
    this.orderOf = orderOf;
    this.orders = orders;
  }

  int classCount() {
    return orderOf.length;
  }

  /** Positions of the candidates that apply to a class, the preferred first. */
  int[] order(int clientClass, int dimension) {
    return orders[dimension][orderOf[clientClass][dimension]];
  }
}
