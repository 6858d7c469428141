package dev.meridian.policy;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The clients of one policy that spills, in cells of about equal demand, and which candidate takes
 * which cell in a state of health. Immutable.
 *
 * <pre>
 * all healthy          pairs of cell and candidate, the nearest pair first: a cell goes to a
 *                      candidate that has room for it
 * some are unhealthy   their cells go, in the same way, where room is left; all others stay
 * not room enough      capacities count in proportion, so that all are overloaded alike
 * some take less       of their cells, the nearest that fit in a part of what they have when all
 *                      is healthy; the others go where room is left
 * </pre>
 *
 * Nothing but health decides: whatever happened before, every server plans alike. In numbers, with
 * f = demand / capacity of the healthy, but at least 1: no candidate gets more than f times its
 * capacity and one cell.
 */
final class Cells {
  /** So that shares that add up to all of it fit in spite of rounding. */
  private static final double TOLERANCE = 1e-9;

  private static final int NOBODY = -1;
  private static final double FULL = 100;

  /** By cell: candidates that apply, by position. */
  private final int[][] positions;

  /** By cell: the cost of each of {@link #positions}. */
  private final float[][] costs;

  /** By cell: its share of all clients, 0 to 1. */
  private final double[] demand;

  /** By position: the share of all clients that a candidate can take. */
  private final double[] capacities;

  private final int[] allHealthy;

  /** Keeps what it is given, and plans for the time when all are healthy. */
  Cells(int[][] positions, float[][] costs, double[] demand, double[] capacities) {
    this.positions = positions;
    this.costs = costs;
    this.demand = demand;
    this.capacities = capacities;
    boolean[] all = new boolean[capacities.length];
    Arrays.fill(all, true);
    int[] nobody = new int[demand.length];
    Arrays.fill(nobody, NOBODY);
    this.allHealthy = plan(nobody, all, capacities);
  }

  /** Whether another one shares the clients out alike, whatever is healthy. */
  boolean isLike(Cells other) {
    return Arrays.deepEquals(positions, other.positions)
        && Arrays.deepEquals(costs, other.costs)
        && Arrays.equals(demand, other.demand)
        && Arrays.equals(capacities, other.capacities);
  }

  int count() {
    return demand.length;
  }

  double demand(int cell) {
    return demand[cell];
  }

  double capacity(int position) {
    return capacities[position];
  }

  /** What each candidate gets of all clients by a plan. */
  double[] loads(int[] plan) {
    double[] loads = new double[capacities.length];
    for (int cell = 0; cell < plan.length; cell++) {
      if (plan[cell] != NOBODY) {
        loads[plan[cell]] += demand[cell];
      }
    }
    return loads;
  }

  /**
   * The position that takes each cell.
   *
   * @param healthy by position; if none is, all count as healthy
   */
  int[] plan(boolean[] healthy) {
    for (boolean each : healthy) {
      if (each) {
        return plan(allHealthy, healthy, capacities);
      }
    }
    return allHealthy;
  }

  /**
   * As above, where some take less than they have when all is healthy: of that, so much.
   *
   * @param percents by position; if no healthy one takes anything, all take all
   */
  int[] plan(boolean[] healthy, int[] percents) {
    int[] before = allHealthy.clone();
    double[] all = loads(allHealthy);
    double[] rooms = capacities.clone();
    double total = 0;
    for (int position = 0; position < rooms.length; position++) {
      if (healthy[position] && percents[position] < FULL) {
        rooms[position] = Math.min(rooms[position], all[position]) * percents[position] / FULL;
        keepNearest(before, position, rooms[position]);
      }
      total += healthy[position] ? rooms[position] : 0;
    }
    return total == 0 ? plan(healthy) : plan(before, healthy, rooms);
  }

  /** Takes the far cells of a candidate away, so that it has no more than this. */
  private void keepNearest(int[] plan, int position, double room) {
    int[] own =
        IntStream.range(0, plan.length)
            .filter(cell -> plan[cell] == position)
            .boxed()
            .sorted(Comparator.comparingDouble(cell -> cost(cell, position)))
            .mapToInt(Integer::intValue)
            .toArray();
    double load = 0;
    for (int cell : own) {
      load += demand[cell];
      if (load > room + TOLERANCE) {
        plan[cell] = NOBODY;
      }
    }
  }

  private double cost(int cell, int position) {
    int i = 0;
    while (positions[cell][i] != position) {
      i++;
    }
    return costs[cell][i];
  }

  private int[] plan(int[] before, boolean[] healthy, double[] rooms) {
    int[] plan = new int[before.length];
    for (int cell = 0; cell < plan.length; cell++) {
      plan[cell] = before[cell] != NOBODY && healthy[before[cell]] ? before[cell] : NOBODY;
    }
    double[] loads = loads(plan);
    double scale = scale(healthy, rooms);
    for (long pair : pairs(plan, healthy)) {
      int cell = (int) pair / capacities.length;
      int position = (int) pair % capacities.length;
      double room = rooms[position] * scale + TOLERANCE - loads[position];
      if (plan[cell] == NOBODY && demand[cell] <= room) {
        plan[cell] = position;
        loads[position] += demand[cell];
      }
    }
    for (int cell = 0; cell < plan.length; cell++) {
      if (plan[cell] == NOBODY) {
        plan[cell] = leastLoaded(cell, healthy, loads, rooms);
      }
    }
    return plan;
  }

  /** By how much capacities are stretched: 1 if they suffice. */
  private double scale(boolean[] healthy, double[] rooms) {
    double total = 0;
    for (int position = 0; position < capacities.length; position++) {
      total += healthy[position] ? rooms[position] : 0;
    }
    return Math.max(1, Arrays.stream(demand).sum() / total);
  }

  /** Cells that nobody has yet with each healthy candidate, the nearest first. */
  private long[] pairs(int[] plan, boolean[] healthy) {
    long[] pairs = new long[16];
    int count = 0;
    for (int cell = 0; cell < plan.length; cell++) {
      for (int i = 0; plan[cell] == NOBODY && i < positions[cell].length; i++) {
        int position = positions[cell][i];
        if (healthy[position]) {
          pairs = count == pairs.length ? Arrays.copyOf(pairs, 2 * count) : pairs;
          // costs are not negative, so that their bits sort as they do
          long cost = Float.floatToIntBits(costs[cell][i]);
          pairs[count++] = cost << 32 | (long) cell * capacities.length + position;
        }
      }
    }
    Arrays.sort(pairs, 0, count);
    return Arrays.copyOf(pairs, count);
  }

  /** For a cell that is larger than any room left. */
  private int leastLoaded(int cell, boolean[] healthy, double[] loads, double[] rooms) {
    int best = NOBODY;
    for (int position : positions[cell]) {
      if (healthy[position]
          && (best == NOBODY || loads[position] * rooms[best] < loads[best] * rooms[position])) {
        best = position;
      }
    }
    if (best != NOBODY) {
      loads[best] += demand[cell];
    }
    return best;
  }
}
