package dev.meridian.policy;

import dev.meridian.geo.Location;
import dev.meridian.net.PrefixPartition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
  void plan(PrefixPartition first, PrefixPartition rows) {
    if (spilling.isEmpty()) {
      return;
    }
    Interner tuples = new Interner();
    PrefixPartition atoms =
        PrefixPartition.combine(
            List.of(first, space.geo().places(), rows), tuple -> tuples.number(tuple));
    for (int dimension : spilling) {
      if (dimensions.get(dimension).policy instanceof NearestFirst policy) {
        CellCutter cutter =
            new CellCutter(atoms, orders[dimension], new Tuples(tuples, dimension, policy));
        partitions.add(cutter.cut());
        cells[dimension] = cutter.cells(CellCutter.capacities(dimensions.get(dimension), policy));
      }
    }
  }

  /** The classes of the second cut. */
  PrefixPartition apply(PrefixPartition first) {
    if (spilling.isEmpty()) {
      return first;
    }
    List<PrefixPartition> parts = new ArrayList<>(partitions);
    parts.addFirst(first);
    return PrefixPartition.combine(parts, this::cutClass);
  }

  private int cutClass(int[] values) {
    int[] vector = values.clone();
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

  /** What a class, a location and a row of the latency table come to for one dimension. */
  private final class Tuples implements CellCutter.Atoms {
    private final Interner tuples;
    private final int dimension;
    private final NearestFirst policy;

    Tuples(Interner tuples, int dimension, NearestFirst policy) {
      this.tuples = tuples;
      this.dimension = dimension;
      this.policy = policy;
    }

    @Override
    public int order(int value) {
      return classes.sequence(tuples.sequence(value)[0])[dimension];
    }

    @Override
    public boolean isCounted(int value) {
      return tuples.sequence(value)[1] != 0;
    }

    @Override
    public Nearness nearness(int value) {
      Location place = space.geo().location(tuples.sequence(value)[1]);
      return switch (policy) {
        case Geoproximity p -> p.nearness(place);
        case Latency p -> p.nearness(place, space.latency(), tuples.sequence(value)[2]);
      };
    }
  }
}
