package dev.meridian.judge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A hosted zone's ResourceRecordSets by name and type, and which names there are. */
final class Listing {
  private final JudgedName apex;
  private final Map<JudgedName, Map<String, List<RecordSet>>> groups = new LinkedHashMap<>();
  private final Set<JudgedName> names = new HashSet<>();

  Listing(JudgedName apex, JsonNode json) {
    this.apex = apex;
    for (JsonNode set : json.path("ResourceRecordSets")) {
      RecordSet each = new RecordSet(set);
      groups
          .computeIfAbsent(each.name(), _ -> new LinkedHashMap<>())
          .computeIfAbsent(each.type(), _ -> new ArrayList<>())
          .add(each);
      for (JudgedName at = each.name(); at.isIn(apex); at = at.parent()) {
        names.add(at);
        if (at.equals(apex)) {
          break;
        }
      }
    }
  }

  JudgedName apex() {
    return apex;
  }

  Set<JudgedName> owners() {
    return groups.keySet();
  }

  Map<String, List<RecordSet>> at(JudgedName name) {
    return groups.getOrDefault(name, Map.of());
  }

  List<RecordSet> group(JudgedName name, String type) {
    return at(name).getOrDefault(type, List.of());
  }

  RecordSet soa() {
    return group(apex, "SOA").getFirst();
  }

  /** The name that answers: itself, or the wildcard of its closest encloser; null: NXDOMAIN. */
  @Nullable JudgedName source(JudgedName asked) {
    if (names.contains(asked)) {
      return asked;
    }
    JudgedName encloser = asked;
    while (!names.contains(encloser)) {
      encloser = encloser.parent();
    }
    return groups.containsKey(encloser.wildcard()) ? encloser.wildcard() : null;
  }
}
