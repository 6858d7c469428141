package dev.meridian.zone;

import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All the zones in service, found by the name of anything in them. Immutable. */
public final class Zones {
  /** No zone at all. */
  public static final Zones EMPTY = new Zones(List.of());

  private final Zone[] zones;
  private final NameTable apexes;

  /** The most labels that an apex has: what is farther from the root need not be looked for. */
  private final int mostLabels;

  /** Numbers of the zones some of whose names are answered by policy. */
  private final BitSet routed;

  private final long rrsets;

  /**
   * A set of zones, numbered in the order given.
   *
   * @throws IllegalArgumentException if two have the same apex
   */
  public Zones(List<Zone> zones) {
    this.zones = zones.toArray(new Zone[0]);
    this.apexes = apexes(zones);
    mostLabels = zones.stream().mapToInt(zone -> zone.apex().labelCount()).max().orElse(0);
    routed = new BitSet();
    long sum = 0;
    for (int i = 0; i < this.zones.length; i++) {
      routed.set(i, this.zones[i].routedCount() > 0);
      sum += this.zones[i].rrsetCount();
    }
    rrsets = sum;
  }

  /** Others in the places of some. */
  private Zones(Zones before, Map<Integer, Zone> others) {
    zones = before.zones.clone();
    apexes = before.apexes;
    mostLabels = before.mostLabels;
    routed = (BitSet) before.routed.clone();
    long sum = before.rrsets;
    for (Map.Entry<Integer, Zone> each : others.entrySet()) {
      int number = each.getKey();
      Zone zone = each.getValue();
      sum += zone.rrsetCount() - zones[number].rrsetCount();
      zones[number] = zone;
      routed.set(number, zone.routedCount() > 0);
    }
    rrsets = sum;
  }

  /**
   * A set of zones most of which are in another set already.
   *
   * @throws IllegalArgumentException if two have the same apex
   */
  public static Zones of(List<Zone> zones, Zones before) {
    if (zones.size() != before.size()) {
      return new Zones(zones);
    }
    Map<Integer, Zone> others = new HashMap<>();
    for (int i = 0; i < zones.size(); i++) {
      Zone zone = zones.get(i);
      if (zone != before.zones[i]) {
        if (!zone.apex().equals(before.zones[i].apex())) {
          return new Zones(zones);
        }
        others.put(i, zone);
      }
    }
    return new Zones(before, others);
  }

  /**
   * The same set with others in the places of some of its zones.
   *
   * @param others by number, with the same apex each
   * @throws IllegalArgumentException if one has another apex
   */
  public Zones with(Map<Integer, Zone> others) {
    others.forEach(
        (number, zone) -> {
          if (!zone.apex().equals(zones[number].apex())) {
            throw new IllegalArgumentException(zone.apex() + " is not " + zones[number].apex());
          }
        });
    return new Zones(this, others);
  }

  private static NameTable apexes(List<Zone> zones) {
    NameTable names = new NameTable(zones.size());
    LookupName name = new LookupName();
    for (Zone zone : zones) {
      name.set(zone.apex());
      if (names.find(name, 0) >= 0) {
        throw new IllegalArgumentException("two zones with apex " + zone.apex());
      }
      names.add(name, 0);
    }
    return names.trimmed();
  }

  /**
   * The closest enclosing zone of a name (RFC 1034 §4.3.2 step 2), from label {@code label} up.
   *
   * @return its number, or {@link Lookup#NONE}
   */
  public int find(LookupName name, int label) {
    int last = name.labelCount();
    for (int i = Math.max(label, last - mostLabels); i <= last; i++) {
      int zone = apexes.find(name, i);
      if (zone >= 0) {
        return zone;
      }
    }
    return Lookup.NONE;
  }

  /** The number of the zone with this very apex, or {@link Lookup#NONE}. */
  public int indexOf(DomainName apex) {
    LookupName name = new LookupName();
    name.set(apex);
    int zone = apexes.find(name, 0);
    return zone >= 0 ? zone : Lookup.NONE;
  }

  /**
   * The number of the zone with the same apex as one of another set, or {@link Lookup#NONE}.
   *
   * @param number of it in the other set: where nothing has come or gone, it is the same
   */
  public int counterpart(Zone of, int number) {
    boolean same =
        number < zones.length && (zones[number] == of || zones[number].apex().equals(of.apex()));
    return same ? number : indexOf(of.apex());
  }

  /** The zone with a number. */
  public Zone get(int zone) {
    return zones[zone];
  }

  /**
   * The next zone some of whose names are answered by policy: most of many zones have none.
   *
   * @param from its number or a smaller one
   * @return its number, or -1
   */
  public int nextRouted(int from) {
    return routed.nextSetBit(from);
  }

  /** How many RRsets all of them have. */
  public long rrsetCount() {
    return rrsets;
  }

  /** How many there are. */
  public int size() {
    return zones.length;
  }
}
