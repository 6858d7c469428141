package dev.meridian.policy;

import dev.meridian.net.PrefixPartition;
import java.util.Arrays;

/**
 * Cuts the clients of a policy that spills into {@link Cells}. Demand is what the geo database lets
 * one expect: each IPv4 address in a known place counts the same. Clients who are offered the same
 * candidates in the same order are cut in the order of their addresses, at multiples of a /24, into
 * cells of at most a {@value #GRAIN}th of all demand or a /24; their IPv6 addresses are dealt to
 * the same cells, in equal parts cut at multiples of a /48: IPv6 networks say nothing of how many
 * use them. Owned by one thread.
 */
final class CellCutter {
  private static final int GRAIN = 1024;
  private static final long IPV4_STEP = 1L << 8;
  private static final long IPV6_STEP = 1L << 16;

  /** Of clients that are not counted: enough to give a cell a cost. */
  private static final double HARDLY = 1e-9;

  private final Orders orders;
  private final Atom[] atoms;
  private final PrefixPartition partition;
  private final Progress ipv4;
  private final Progress ipv6;
  private final int[] first;
  private final double[] demand;
  private final double[][] costs;
  private final double[] weight;
  private double total;

  private final PrefixPartition.InOrder result = PrefixPartition.inOrder();
  private boolean lastIpv4 = true;
  private int lastValue;

  /**
   * Clients who are all alike.
   *
   * @param order the number of the order of candidates; -1 where the policy is never asked
   * @param counted whether the clients count
   * @param costs of the candidates in the order
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Atom(int order, boolean counted, double[] costs) {}

  /**
   * Measures.
   *
   * @param atoms by value of the partition
   */
  CellCutter(PrefixPartition partition, Orders orders, Atom[] atoms) {
    this.partition = partition;
    this.orders = orders;
    this.atoms = atoms;
    int count = orders.all().length;
    double[] amount4 = amounts(true, count);
    total = Arrays.stream(amount4).sum();
    first = new int[count + 1];
    for (int order = 0; order < count; order++) {
      double share = total == 0 ? 0 : amount4[order] / total;
      first[order + 1] = first[order] + (int) Math.max(1, Math.ceil(share * GRAIN));
    }
    ipv4 = new Progress(amount4, first, IPV4_STEP);
    ipv6 = new Progress(amounts(false, count), first, IPV6_STEP);
    demand = new double[first[count]];
    weight = new double[first[count]];
    costs = new double[first[count]][];
  }

  /** By order: how many addresses count. */
  private double[] amounts(boolean isIpv4, int count) {
    double[] byValue = partition.amounts(isIpv4, atoms.length);
    double[] byOrder = new double[count];
    for (int value = 0; value < byValue.length; value++) {
      Atom atom = atoms[value];
      if (atom.order >= 0 && (!isIpv4 || atom.counted)) {
        byOrder[atom.order] += byValue[value];
      }
    }
    return byOrder;
  }

  /** How far the addresses of one family have been dealt to cells; by order. */
  private static final class Progress {
    private final int[] first;
    private final double[] size;
    private final double[] done;
    private final long step;

    /** The cell that comes next. */
    final int[] cell;

    /** What can be done before another cell comes. */
    private final double[] until;

    Progress(double[] amount, int[] first, long step) {
      this.first = first;
      this.step = step;
      size = new double[amount.length];
      Arrays.setAll(size, order -> amount[order] / (first[order + 1] - first[order]));
      done = new double[amount.length];
      cell = new int[amount.length];
      until = new double[amount.length];
      for (int order = 0; order < amount.length; order++) {
        add(order, 0);
      }
    }

    boolean ends(int order, double length) {
      return done[order] + length >= until[order];
    }

    /** How much from an address on belongs to the cell: up to a multiple of the step. */
    double room(int order, long start) {
      if (until[order] == Double.POSITIVE_INFINITY) {
        return until[order];
      }
      long end = start + (long) Math.ceil(until[order] - done[order]);
      double room = distance(start, end + step - 1 & -step);
      return room > 0 ? room : Double.POSITIVE_INFINITY;
    }

    void add(int order, double length) {
      done[order] += length;
      if (done[order] >= until[order]) {
        int parts = first[order + 1] - first[order];
        double share = size[order] == 0 ? 0 : done[order] / size[order];
        int part = (int) Math.min(parts - 1, share);
        cell[order] = first[order] + part;
        until[order] = part == parts - 1 ? Double.POSITIVE_INFINITY : (part + 1) * size[order];
      }
    }
  }

  /** The number of its cell + 1 for every address; 0 where the policy is never asked. */
  PrefixPartition cut() {
    partition.forEachSpan(this::deal);
    return result.build();
  }

  private void deal(boolean isIpv4, long start, long low, double length, int value) {
    Atom atom = atoms[value];
    if (atom.order < 0) {
      from(isIpv4, start, low, 0);
      return;
    }
    Progress progress = isIpv4 ? ipv4 : ipv6;
    double counted = isIpv4 && !atom.counted ? 0 : length;
    if (progress.ends(atom.order, counted)) {
      split(isIpv4, start, low, counted, atom);
    } else {
      int cell = progress.cell[atom.order];
      from(isIpv4, start, low, cell + 1);
      count(cell, isIpv4, counted, atom);
      progress.done[atom.order] += counted;
    }
  }

  /** Gives a span to the cells of its order that are next, one after the other. */
  private void split(boolean isIpv4, long spanStart, long spanLow, double length, Atom atom) {
    Progress progress = isIpv4 ? ipv4 : ipv6;
    long start = spanStart;
    double left = length;
    do {
      int cell = progress.cell[atom.order];
      double taken = Math.min(left, progress.room(atom.order, start));
      from(isIpv4, start, start == spanStart ? spanLow : 0, cell + 1);
      count(cell, isIpv4, taken, atom);
      progress.add(atom.order, taken);
      left -= taken;
      start += (long) taken;
    } while (left > 0);
  }

  private void from(boolean isIpv4, long start, long low, int value) {
    if (value != lastValue || isIpv4 != lastIpv4) {
      result.from(isIpv4, isIpv4 ? 0 : start, isIpv4 ? start : low, value);
      lastIpv4 = isIpv4;
      lastValue = value;
    }
  }

  private void count(int cell, boolean isIpv4, double taken, Atom atom) {
    boolean counted = isIpv4 && taken > 0;
    double heft = counted ? taken : HARDLY;
    double[] cost = atom.costs;
    double[] sum = costs[cell];
    if (sum == null) {
      sum = new double[cost.length];
      costs[cell] = sum;
    }
    for (int i = 0; i < cost.length; i++) {
      sum[i] += heft * cost[i];
    }
    weight[cell] += heft;
    demand[cell] += counted ? taken / total : 0;
  }

  /** By cell: the order of the clients in it, -1 if there are none. */
  int[] orderOf() {
    int[] orderOf = new int[demand.length];
    for (int order = 0; order < first.length - 1; order++) {
      for (int cell = first[order]; cell < first[order + 1]; cell++) {
        orderOf[cell] = weight[cell] > 0 ? order : -1;
      }
    }
    return orderOf;
  }

  /** What was cut. */
  Cells cells(double[] capacities) {
    int[][] positions = new int[demand.length][];
    float[][] means = new float[demand.length][];
    for (int order = 0; order < first.length - 1; order++) {
      for (int cell = first[order]; cell < first[order + 1]; cell++) {
        positions[cell] = orders.order(order).positions;
        means[cell] = mean(costs[cell], weight[cell], positions[cell].length);
      }
    }
    return new Cells(positions, means, demand, capacities);
  }

  /** An order may have fewer addresses than parts; then nobody is in the last ones. */
  private static float[] mean(
      double @org.jspecify.annotations.Nullable [] sum, double weight, int size) {
    float[] mean = new float[size];
    for (int i = 0; sum != null && i < size; i++) {
      mean[i] = (float) (sum[i] / weight);
    }
    return mean;
  }

  /** Unsigned; an end of 0 is that of the IPv6 space. */
  private static double distance(long start, long end) {
    long span = end - start;
    return span >= 0 && (end != 0 || start == 0) ? span : (span >>> 1) * 2.0;
  }

  /** By position; 0 for candidates without records of the type. */
  static double[] capacities(PlanNode node, NearestFirst policy) {
    double[] capacities = new double[policy.candidates().size()];
    Arrays.setAll(capacities, i -> node.branchAt(i) == null ? 0 : policy.capacity(i));
    return capacities;
  }
}
