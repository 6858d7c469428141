package dev.meridian.zone;

import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
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

  /**
   * A set of zones, numbered in the order given.
   *
   * @throws IllegalArgumentException if two have the same apex
   */
  public Zones(List<Zone> zones) {
    this.zones = zones.toArray(new Zone[0]);
    this.apexes = apexes(zones);
    mostLabels = zones.stream().mapToInt(zone -> zone.apex().labelCount()).max().orElse(0);
  }

  private Zones(Zone[] zones, Zones namedAlike) {
    this.zones = zones;
    apexes = namedAlike.apexes;
    mostLabels = namedAlike.mostLabels;
  }

  /**
   * A set of zones most of which are in another set already.
   *
   * @throws IllegalArgumentException if two have the same apex
   */
  public static Zones of(List<Zone> zones, Zones before) {
    boolean alike = zones.size() == before.size();
    for (int i = 0; alike && i < zones.size(); i++) {
      alike = zones.get(i).apex().equals(before.zones[i].apex());
    }
    return alike ? new Zones(zones.toArray(new Zone[0]), before) : new Zones(zones);
  }

  /**
   * The same set with others in the places of some of its zones.
   *
   * @param others by number, with the same apex each
   * @throws IllegalArgumentException if one has another apex
   */
  public Zones with(Map<Integer, Zone> others) {
    Zone[] all = zones.clone();
    others.forEach(
        (number, zone) -> {
          if (!zone.apex().equals(all[number].apex())) {
            throw new IllegalArgumentException(zone.apex() + " is not " + all[number].apex());
          }
          all[number] = zone;
        });
    return new Zones(all, this);
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

  public int size() {
    return zones.length;
  }
}
