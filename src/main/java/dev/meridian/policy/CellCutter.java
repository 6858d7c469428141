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
  private final Atoms atoms;
  private final PrefixPartition partition;
  private final double[] amount4;
  private final double[] amount6;
  private final int[] first;
  private final int[] parts;
  private final double[] demand;
  private final double[][] costs;
  private final double[] weight;
  private double total;

  /** What is known of clients, by the values of the partition that is cut. */
  @FunctionalInterface
  interface Atoms {
    Atom of(int value);
  }

  /**
   * Clients who are all alike.
   *
   * @param order the number of the order of candidates; -1 where the policy is never asked
   * @param counted whether the clients count
   * @param costs of the candidates in the order
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Atom(int order, boolean counted, double[] costs) {}

  CellCutter(PrefixPartition partition, Orders orders, Atoms atoms) {
    this.partition = partition;
    this.orders = orders;
    this.atoms = atoms;
    int count = orders.all().length;
    amount4 = new double[count];
    amount6 = new double[count];
    first = new int[count + 1];
    parts = new int[count];
    measure();
    for (int order = 0; order < count; order++) {
      double share = total == 0 ? 0 : amount4[order] / total;
      parts[order] = (int) Math.max(1, Math.ceil(share * GRAIN));
      first[order + 1] = first[order] + parts[order];
    }
    demand = new double[first[count]];
    weight = new double[first[count]];
    costs = new double[first[count]][];
  }

  private void measure() {
    forEachSpan(
        (ipv4, start, low, length, value) -> {
          Atom atom = atoms.of(value);
          int order = atom.order;
          if (order >= 0 && !ipv4) {
            amount6[order] += length;
          } else if (order >= 0 && atom.counted) {
            amount4[order] += length;
            total += length;
          }
        });
  }

  /** The number of its cell + 1 for every address; 0 where the policy is never asked. */
  PrefixPartition cut() {
    PrefixPartition.InOrder cut = PrefixPartition.inOrder();
    double[] done4 = new double[parts.length];
    double[] done6 = new double[parts.length];
    forEachSpan(
        (ipv4, start, low, length, value) -> {
          Atom atom = atoms.of(value);
          if (atom.order < 0) {
            cut.from(ipv4, ipv4 ? 0 : start, ipv4 ? start : low, 0);
            return;
          }
          boolean counts = !ipv4 || atom.counted;
          Span span = new Span(ipv4, start, low, counts ? length : 0, atom);
          deal(span, ipv4 ? done4 : done6, ipv4 ? amount4 : amount6, cut);
        });
    return cut.build();
  }

  private record Span(boolean ipv4, long start, long low, double length, Atom atom) {}

  /** Gives a span to the cells of its order that are next, splitting it where one is full. */
  private void deal(Span span, double[] done, double[] amount, PrefixPartition.InOrder cut) {
    int order = span.atom.order;
    double size = amount[order] / parts[order];
    double left = span.length;
    long start = span.start;
    do {
      int part = size == 0 ? 0 : (int) Math.min(parts[order] - 1, done[order] / size);
      double taken = left;
      if (part < parts[order] - 1) {
        long step = span.ipv4 ? IPV4_STEP : IPV6_STEP;
        long end = start + (long) Math.ceil((part + 1) * size - done[order]);
        long aligned = end + step - 1 & -step;
        double room = distance(start, aligned);
        taken = room > 0 ? Math.min(left, room) : left;
      }
      boolean atStart = start == span.start;
      cut.from(
          span.ipv4,
          span.ipv4 ? 0 : start,
          span.ipv4 ? start : atStart ? span.low : 0,
          first[order] + part + 1);
      count(first[order] + part, span, taken);
      done[order] += taken;
      left -= taken;
      start += (long) taken;
    } while (left > 0);
  }

  private void count(int cell, Span span, double taken) {
    boolean counted = span.ipv4 && taken > 0;
    double share = counted ? taken / total : 0;
    double heft = counted ? taken : HARDLY;
    double[] cost = span.atom.costs;
    double[] sum = costs[cell] == null ? new double[cost.length] : costs[cell];
    for (int i = 0; i < cost.length; i++) {
      sum[i] += heft * cost[i];
    }
    costs[cell] = sum;
    weight[cell] += heft;
    demand[cell] += share;
  }

  /** What was cut. */
  Cells cells(double[] capacities) {
    int[][] positions = new int[demand.length][];
    float[][] means = new float[demand.length][];
    for (int order = 0; order < parts.length; order++) {
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

  @FunctionalInterface
  private interface SpanVisitor {
    void visit(boolean ipv4, long start, long low, double length, int value);
  }

  /** Lengths are in IPv4 addresses, or in IPv6 /64s, whose upper halves are the starts. */
  private void forEachSpan(SpanVisitor visitor) {
    Pending pending = new Pending(visitor);
    partition.forEachRun(
        (ipv4, high, low, length, value) ->
            pending.next(ipv4, ipv4 ? low : high, ipv4 ? 0 : low, value));
    pending.flush(0);
  }

  /** Holds a run back until it is known where it ends. */
  private static final class Pending {
    private final SpanVisitor visitor;
    private boolean any;
    private boolean ipv4;
    private long start;
    private long low;
    private int value;

    Pending(SpanVisitor visitor) {
      this.visitor = visitor;
    }

    void next(boolean nextIpv4, long nextStart, long nextLow, int nextValue) {
      flush(nextIpv4 == ipv4 ? nextStart : 1L << 32);
      any = true;
      ipv4 = nextIpv4;
      start = nextStart;
      low = nextLow;
      value = nextValue;
    }

    void flush(long end) {
      if (any) {
        visitor.visit(ipv4, start, low, distance(start, end), value);
      }
    }
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
