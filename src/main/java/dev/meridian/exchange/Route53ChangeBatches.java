package dev.meridian.exchange;

import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Record sets as change batches that create them: within the API's limits (1000 values and 32000
 * characters, an UPSERT counting twice), and no alias before what it leads to. The SOA and the NS
 * records of the apex are Route 53's own and stay.
 */
final class Route53ChangeBatches {
  private static final int MAX_ELEMENTS = 1000;
  private static final int MAX_CHARACTERS = 32_000;

  /** UPSERT: what was created by a batch that came twice is not created twice. */
  private static final int COST = 2;

  private record Key(DomainName name, int type) {}

  private final Map<Key, List<Route53OutSet>> groups = new HashMap<>();
  private final Map<Key, Integer> levels = new HashMap<>();

  private Route53ChangeBatches(List<Route53OutSet> sets) {
    for (Route53OutSet set : sets) {
      groups.computeIfAbsent(new Key(set.name(), set.type()), _ -> new ArrayList<>()).add(set);
    }
  }

  /** Texts by file name, to be sent in the order of their numbers. */
  static Map<String, String> files(String zone, DomainName apex, List<Route53OutSet> sets) {
    Route53ChangeBatches batches = new Route53ChangeBatches(sets);
    List<Route53OutSet> ordered =
        sets.stream()
            .filter(set -> !isRoute53s(set, apex))
            .sorted(Comparator.comparingInt(batches::level)) // stable: else in the order listed
            .toList();
    Map<String, String> files = new LinkedHashMap<>();
    List<Object> changes = new ArrayList<>();
    int elements = 0;
    int characters = 0;
    for (Route53OutSet set : ordered) {
      int more = COST * Math.max(1, set.values().size());
      int longer = COST * set.values().stream().mapToInt(String::length).sum();
      if (elements + more > MAX_ELEMENTS || characters + longer > MAX_CHARACTERS) {
        add(files, zone, changes);
        elements = 0;
        characters = 0;
      }
      elements += more;
      characters += longer;
      Map<String, Object> change = new LinkedHashMap<>();
      change.put("Action", "UPSERT");
      change.put("ResourceRecordSet", set.json());
      changes.add(change);
    }
    add(files, zone, changes);
    return files;
  }

  private static void add(Map<String, String> files, String zone, List<Object> changes) {
    if (!changes.isEmpty()) {
      String name = zone + ".change-batch-" + (files.size() + 1) + ".json";
      files.put(name, Route53OutText.listing("Changes", changes));
      changes.clear();
    }
  }

  private static boolean isRoute53s(Route53OutSet set, DomainName apex) {
    boolean own = set.type() == RRType.SOA || set.type() == RRType.NS;
    return own && set.name().equals(apex);
  }

  /** 0 for values; else one more than the highest of what it leads to. */
  private int level(Route53OutSet set) {
    Route53OutSet.Alias alias = set.alias();
    return alias == null ? 0 : 1 + level(new Key(alias.target(), set.type()));
  }

  private int level(Key key) {
    Integer known = levels.get(key);
    if (known == null) {
      known = groups.getOrDefault(key, List.of()).stream().mapToInt(this::level).max().orElse(0);
      levels.put(key, known);
    }
    return known;
  }
}
