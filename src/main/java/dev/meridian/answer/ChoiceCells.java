package dev.meridian.answer;

import dev.meridian.policy.RoutedRRset;
import dev.meridian.zone.Zone;
import dev.meridian.zone.Zones;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each event loop counts what policies choose: a number for each endpoint of each routed
 * RRset. One that stays keeps its number over loads, so its counters go on. There are only so many;
 * an RRset for which there are too few left is not counted. Immutable.
 */
public final class ChoiceCells {
  /** Nothing is counted. */
  public static final ChoiceCells NONE = new ChoiceCells(new int[0][][], List.of(), 0);

  private static final int[] UNCOUNTED = {};
  private static final int[][] NOT_ROUTED = {};

  /**
   * What is counted under a number.
   *
   * @param cell the number, from 0 to the capacity
   * @param zone number of the zone
   * @param routed number of the RRset in the zone
   * @param leaves numbers of the endpoint's leaves in the RRset, ascending: it is in several places
   *     of a tree if it stands there with several TTLs
   * @param key equal before and after a load if it is the same
   */
  public record Choice(int cell, int zone, int routed, List<Integer> leaves, Object key) {
    /** Copies the list. */
    public Choice {
      leaves = List.copyOf(leaves);
    }
  }

  private record Key(Object owner, int type, String endpoint) {}

  private final int[][][] cells;
  private final List<Choice> choices;
  private final int omitted;

  private ChoiceCells(int[][][] cells, List<Choice> choices, int omitted) {
    this.cells = cells;
    this.choices = List.copyOf(choices);
    this.omitted = omitted;
  }

  /**
   * Numbers the endpoints of some zones.
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

  /** How many endpoints of RRsets are not counted for want of numbers. */
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
      Arrays.fill(cells, NOT_ROUTED);
      for (int zone = zones.nextRouted(0); zone >= 0; zone = zones.nextRouted(zone + 1)) {
        cells[zone] = new int[zones.get(zone).routedCount()][];
        for (int routed = 0; routed < cells[zone].length; routed++) {
          leaves(zone, routed).keySet().stream()
              .filter(known::containsKey)
              .map(known::get)
              .forEach(taken::set);
        }
      }
      for (int zone = zones.nextRouted(0); zone >= 0; zone = zones.nextRouted(zone + 1)) {
        for (int routed = 0; routed < cells[zone].length; routed++) {
          cells[zone][routed] = number(zone, routed);
        }
      }
      return new ChoiceCells(cells, choices, omitted);
    }

    private int[] number(int zone, int routed) {
      Map<Key, List<Integer>> endpoints = leaves(zone, routed);
      long fresh = endpoints.keySet().stream().filter(key -> !known.containsKey(key)).count();
      if (taken.cardinality() + fresh > capacity) {
        omitted += endpoints.size();
        return UNCOUNTED;
      }
      int[] numbers = new int[zones.get(zone).routed(routed).leafCount()];
      endpoints.forEach(
          (key, leaves) -> {
            int number = known.getOrDefault(key, taken.nextClearBit(0));
            taken.set(number);
            leaves.forEach(leaf -> numbers[leaf] = number);
            choices.add(new Choice(number, zone, routed, leaves, key));
          });
      return numbers;
    }

    /** By endpoint, in the order of its first leaf. */
    private Map<Key, List<Integer>> leaves(int zone, int routed) {
      Zone in = zones.get(zone);
      RoutedRRset rrset = in.routed(routed);
      Map<Key, List<Integer>> leaves = new LinkedHashMap<>();
      for (int leaf = 0; leaf < rrset.leafCount(); leaf++) {
        Key key = new Key(rrset.owner(), rrset.type(), rrset.leafId(leaf));
        leaves.computeIfAbsent(key, _ -> new ArrayList<>()).add(leaf);
      }
      return leaves;
    }
  }
}
