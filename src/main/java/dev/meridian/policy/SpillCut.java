package dev.meridian.policy;

import dev.meridian.geo.Location;
import dev.meridian.net.PrefixPartition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The second cut of a tree with policies that spill: clients of one class part again by the cells
 * that they are in. Owned by one thread.
 */
final class SpillCut {
  private static final int NO_CELL = -1;

  private final ClientSpace space;
  private final List<PlanNode> dimensions;
  private final Orders[] orders;
  private final Interner classes;
  private final Interner cut = new Interner();
  private final List<Integer> spilling = new ArrayList<>();
  private final List<PrefixPartition> partitions = new ArrayList<>();
  private final List<int[]> orderOfCell = new ArrayList<>();
  private final @Nullable Cells[] cells;

  /**
   * Begins with what was cut first.
   *
   * @param classes for each, the number of an order for each dimension
   */
  SpillCut(ClientSpace space, List<PlanNode> dimensions, Orders[] orders, Interner classes) {
    this.space = space;
    this.dimensions = dimensions;
    this.orders = orders;
    this.classes = classes;
    this.cells = new Cells[dimensions.size()];
    for (int i = 0; i < dimensions.size(); i++) {
      if (dimensions.get(i).spills()) {
        spilling.add(i);
      }
    }
  }

  /**
   * Cuts all clients into cells.
   *
   * @param first the class of every address
   * @param rows the row of the latency table of every address
   */
  void plan(PrefixPartition first, Supplier<PrefixPartition> rows) {
    if (!spilling.isEmpty()) {
      Interner tuples = new Interner();
      PrefixPartition atoms =
          PrefixPartition.combine(
              List.of(first, space.geo().places(), rows.get()), tuple -> tuples.number(tuple));
      plan(atoms, tuples.all());
    }
  }

  /** The same where the class is a matter of the place alone. */
  void plan(int[] classOfLocation) {
    if (!spilling.isEmpty()) {
      int[][] tuples = new int[classOfLocation.length][];
      Arrays.setAll(tuples, location -> new int[] {classOfLocation[location], location, 0});
      plan(space.geo().places(), tuples);
    }
  }

  /**
   * Cuts for each policy that spills.
   *
   * @param tuples for each value of the atoms: a class, a location, and a row
   */
  private void plan(PrefixPartition atoms, int[][] tuples) {
    for (int dimension : spilling) {
      if (dimensions.get(dimension).policy instanceof NearestFirst policy) {
        CellCutter cutter =
            new CellCutter(atoms, orders[dimension], atoms(tuples, dimension, policy));
        partitions.add(cutter.cut());
        orderOfCell.add(cutter.orderOf());
        cells[dimension] = cutter.cells(CellCutter.capacities(dimensions.get(dimension), policy));
      }
    }
  }

  /** What a class, a location and a row of the latency table come to for one dimension. */
  private CellCutter.Atom[] atoms(int[][] tuples, int dimension, NearestFirst policy) {
    CellCutter.Atom[] atoms = new CellCutter.Atom[tuples.length];
    for (int value = 0; value < tuples.length; value++) {
      int[] tuple = tuples[value];
      int order = classes.sequence(tuple[0])[dimension];
      double[] costs =
          order < 0 ? new double[0] : costs(policy, tuple, orders[dimension].order(order));
      atoms[value] = new CellCutter.Atom(order, tuple[1] != 0, costs);
    }
    return atoms;
  }

  private double[] costs(NearestFirst policy, int[] tuple, Order order) {
    Location place = space.geo().location(tuple[1]);
    Nearness nearness =
        switch (policy) {
          case Geoproximity p -> p.nearness(place);
          case Latency p -> p.nearness(place, space.latency(), tuple[2]);
        };
    double[] costs = new double[order.positions.length];
    Arrays.setAll(costs, i -> nearness.cost(order.positions[i]));
    return costs;
  }

  /**
   * The classes of the second cut.
   *
   * @param first those of the first; not asked for where cells say it all
   */
  PrefixPartition apply(Supplier<PrefixPartition> first) {
    if (spilling.isEmpty()) {
      return first.get();
    }
    if (dimensions.size() == 1) {
      return partitions.getFirst().renumber(classOfCell());
    }
    List<PrefixPartition> parts = new ArrayList<>(partitions);
    parts.addFirst(first.get());
    return PrefixPartition.combine(parts, this::cutClass);
  }

  /** Where nothing but the cell decides: by cell + 1. There, to each order belongs one class. */
  private int[] classOfCell() {
    int[] orderOf = orderOfCell.getFirst();
    Map<Integer, Integer> classOf = new HashMap<>();
    for (int i = 0; i < classes.all().length; i++) {
      classOf.put(classes.sequence(i)[0], i);
    }
    int[] classOfCell = new int[orderOf.length + 1];
    for (int cell = 0; cell < orderOf.length; cell++) {
      Integer before = classOf.get(orderOf[cell]);
      classOfCell[cell + 1] = before == null ? 0 : cutClass(new int[] {before, cell + 1});
    }
    return classOfCell;
  }

  /** The same where a mask is not 0; 0 elsewhere. */
  PrefixPartition apply(PrefixPartition first, PrefixPartition mask) {
    if (spilling.isEmpty()) {
      return first;
    }
    List<PrefixPartition> parts = new ArrayList<>();
    parts.add(first);
    partitions.forEach(partition -> parts.add(partition.where(mask)));
    parts.add(mask);
    return PrefixPartition.combine(
        parts, values -> values[values.length - 1] == 0 ? 0 : cutClass(values));
  }

  private int cutClass(int[] values) {
    int[] vector = Arrays.copyOf(values, 1 + spilling.size());
    int[] before = classes.sequence(values[0]);
    for (int i = 0; i < spilling.size(); i++) {
      boolean asked = before[spilling.get(i)] >= 0;
      vector[1 + i] = asked ? values[1 + i] - 1 : NO_CELL;
    }
    return cut.number(vector);
  }

  /** By class of the last cut: what the first one found. */
  int[][] vectors() {
    return spilling.isEmpty()
        ? classes.all()
        : Arrays.stream(cut.all()).map(v -> classes.sequence(v[0])).toArray(int[][]::new);
  }

  /** By class and dimension: the cell, -1 for none. Empty if nothing spills. */
  int[][] cellOf() {
    return spilling.isEmpty()
        ? new int[0][]
        : Arrays.stream(cut.all()).map(this::cellsOf).toArray(int[][]::new);
  }

  private int[] cellsOf(int[] vector) {
    int[] of = new int[dimensions.size()];
    Arrays.fill(of, NO_CELL);
    for (int i = 0; i < spilling.size(); i++) {
      of[spilling.get(i)] = vector[1 + i];
    }
    return of;
  }

  /** By dimension; null where nothing spills. */
  @Nullable Cells[] cells() {
    return cells;
  }
}
