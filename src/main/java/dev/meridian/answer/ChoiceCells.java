package dev.meridian.answer;

import dev.meridian.policy.RoutedRRset;
import dev.meridian.zone.Zone;
import dev.meridian.zone.Zones;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each event loop counts what policies choose: a number for each leaf of each routed RRset.
 * One that stays keeps its number over loads, so its counters go on. There are only so many; an
 * RRset for which there are too few left is not counted. Immutable.
 */
public final class ChoiceCells {
  /** Nothing is counted. */
  public static final ChoiceCells NONE = new ChoiceCells(new int[0][][], List.of(), 0);

  private static final int[] UNCOUNTED = {};
  private static final int[][] NOT_ROUTED = {};

  /**
   * What is counted under a number.
   *
   * @param zone number of the zone
   * @param routed number of the RRset in the zone
   * @param leaf number of the leaf in the RRset
   * @param key equal before and after a load if it is the same
   */
  public record Choice(int cell, int zone, int routed, int leaf, Object key) {}

  private record Key(Object owner, int type, String leaf) {}

  private final int[][][] cells;
  private final List<Choice> choices;
  private final int omitted;

  private ChoiceCells(int[][][] cells, List<Choice> choices, int omitted) {
    this.cells = cells;
    this.choices = List.copyOf(choices);
    this.omitted = omitted;
  }

  /**
   * Numbers the leaves of some zones.
   *
   * @param before whose numbers are kept
   * @param capacity how many numbers there are
   */
  static ChoiceCells of(Zones zones, ChoiceCells before, int capacity) {
    return capacity == 0 ? NONE : new Numbering(zones, before, capacity).number();
  }

  /** By leaf; empty where the RRset is not counted. Not to be changed. */
  int[] of(int zone, int routed) {
    return cells.length == 0 ? UNCOUNTED : cells[zone][routed];
  }

  /** All that is counted. */
  public List<Choice> choices() {
    return choices;
  }

  /** How many leaves are not counted for want of numbers. */
  public int omitted() {
    return omitted;
  }

  /** What is still there keeps its numbers; the others are left for what is new. */
  private static final class Numbering {
    private final Zones zones;
    private final int capacity;
    private final Map<Object, Integer> known = new HashMap<>();
    private final BitSet taken = new BitSet();
    private final int[][][] cells;
    private final List<Choice> choices = new ArrayList<>();
    private int omitted;

    Numbering(Zones zones, ChoiceCells before, int capacity) {
      this.zones = zones;
      this.capacity = capacity;
      this.cells = new int[zones.size()][][];
      before.choices.forEach(choice -> known.put(choice.key(), choice.cell()));
    }

    ChoiceCells number() {
      for (int zone = 0; zone < cells.length; zone++) {
        int count = zones.get(zone).routedCount();
        cells[zone] = count == 0 ? NOT_ROUTED : new int[count][];
        for (int routed = 0; routed < cells[zone].length; routed++) {
          keys(zone, routed).stream()
              .filter(known::containsKey)
              .map(known::get)
              .forEach(taken::set);
        }
      }
      for (int zone = 0; zone < cells.length; zone++) {
        for (int routed = 0; routed < cells[zone].length; routed++) {
          cells[zone][routed] = number(zone, routed);
        }
      }
      return new ChoiceCells(cells, choices, omitted);
    }

    private int[] number(int zone, int routed) {
      List<Key> keys = keys(zone, routed);
      long fresh = keys.stream().filter(key -> !known.containsKey(key)).count();
      if (taken.cardinality() + fresh > capacity) {
        omitted += keys.size();
        return UNCOUNTED;
      }
      int[] numbers = new int[keys.size()];
      for (int leaf = 0; leaf < numbers.length; leaf++) {
        Key key = keys.get(leaf);
        Integer old = known.get(key);
        numbers[leaf] = old == null ? taken.nextClearBit(0) : old;
        taken.set(numbers[leaf]);
        choices.add(new Choice(numbers[leaf], zone, routed, leaf, key));
      }
      return numbers;
    }

    private List<Key> keys(int zone, int routed) {
      Zone in = zones.get(zone);
      RoutedRRset rrset = in.routed(routed);
      List<Key> keys = new ArrayList<>();
      for (int leaf = 0; leaf < rrset.leafCount(); leaf++) {
        keys.add(new Key(rrset.owner(), rrset.type(), rrset.leafId(leaf)));
      }
      return keys;
    }
  }
}
