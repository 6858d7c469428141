package dev.meridian.exchange;

import dev.meridian.master.MasterFileWriter;
import dev.meridian.route53.Route53RecordSet;
import dev.meridian.rr.RRType;
import dev.meridian.source.YamlText;
import dev.meridian.source.YamlText.Items;
import dev.meridian.source.YamlText.Keys;
import dev.meridian.source.YamlText.Text;
import dev.meridian.wire.DomainName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The {@code endpoints} of an imported policy file: one for each different set of values, called
 * after the SetIdentifier that it was first met with.
 */
final class Route53Endpoints {
  private static final Set<Integer> ADDRESSES = Set.of(RRType.A, RRType.AAAA);

  private final DomainName apex;
  private final Map<String, YamlText> texts = new LinkedHashMap<>();
  private final Map<YamlText, String> ids = new LinkedHashMap<>();

  Route53Endpoints(DomainName apex) {
    this.apex = apex;
  }

  /** All endpoints by id, in the order they were met. */
  Map<String, YamlText> texts() {
    return texts;
  }

  /** The answer that record sets of one candidate, one for each type, come to. */
  YamlText answer(List<Route53RecordSet> sets) {
    int addresses =
        sets.stream()
            .filter(set -> ADDRESSES.contains(set.type()))
            .mapToInt(set -> set.values().size())
            .max()
            .orElse(1);
    if (addresses == 1) {
      return new Text(endpoint(sets, 0, wanted(sets.getFirst())));
    }
    List<YamlText> all = new ArrayList<>();
    for (int i = 0; i < addresses; i++) {
      all.add(new Text(endpoint(sets, i, wanted(sets.getFirst()) + "-" + (i + 1))));
    }
    Map<String, YamlText> some = new LinkedHashMap<>();
    some.put("max", new Text(Integer.toString(addresses)));
    some.put("answers", new Items(all));
    return new Keys(Map.of("multivalue", new Keys(some)));
  }

  private String endpoint(List<Route53RecordSet> sets, int position, String wanted) {
    YamlText text = text(sets, position);
    String known = ids.get(text);
    if (known != null) {
      return known;
    }
    String id = unused(wanted, sets.getFirst());
    ids.put(text, id);
    texts.put(id, text);
    return id;
  }

  private static YamlText text(List<Route53RecordSet> sets, int position) {
    List<YamlText> addresses = new ArrayList<>();
    Map<String, YamlText> records = new LinkedHashMap<>();
    Map<String, YamlText> endpoint = new LinkedHashMap<>();
    for (Route53RecordSet set : sets) {
      List<YamlText> values =
          set.values().stream()
              .<YamlText>map(value -> new Text(MasterFileWriter.value(set.type(), value)))
              .toList();
      if (ADDRESSES.contains(set.type())) {
        addresses.addAll(values.stream().skip(position).limit(1).toList());
      } else if (set.type() == RRType.CNAME) {
        endpoint.put("cname", values.getFirst());
      } else if (position == 0) {
        records.put(RRType.toText(set.type()), oneOrMore(values));
      }
    }
    if (!addresses.isEmpty()) {
      endpoint.put("address", oneOrMore(addresses));
    }
    if (!records.isEmpty()) {
      endpoint.put("records", new Keys(records));
    }
    return new Keys(endpoint);
  }

  private static YamlText oneOrMore(List<YamlText> values) {
    return values.size() == 1 ? values.getFirst() : new Items(values);
  }

  private String wanted(Route53RecordSet set) {
    String id = set.id().isEmpty() ? owner(set) : plain(set.id());
    return Character.isLetter(id.charAt(0)) ? id : owner(set) + "-" + id;
  }

  private String owner(Route53RecordSet set) {
    String name = MasterFileWriter.relative(set.name(), apex);
    String plain = plain(name.equals("@") ? "apex" : name);
    return Character.isLetter(plain.charAt(0)) ? plain : "at-" + plain;
  }

  /** What needs no quotes; nothing else may be in a name that people will type. */
  private static String plain(String text) {
    String plain = text.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[-._]+|[-._]+$", "");
    return plain.isEmpty() || plain.equals("none") ? "answer" : plain;
  }

  private String unused(String wanted, Route53RecordSet set) {
    String id = wanted;
    if (texts.containsKey(id)) {
      id = owner(set) + "-" + wanted;
    }
    String base = id;
    for (int i = 2; texts.containsKey(id); i++) {
      id = base + "-" + i;
    }
    return id;
  }
}
