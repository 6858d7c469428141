package dev.meridian.judge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.judge.Judgement.Answer;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says what Route 53 answers: names, wildcards and CNAME around the choice among record sets. */
final class Judge {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ZONE_SUFFIX = ".route53.json";
  private static final Set<String> BESIDE =
      Set.of("health-checks.route53.json", "cidr-collections.route53.json");
  private static final int LONGEST_CHAIN = 8;

  private final List<Listing> zones;
  private final Checks checks;
  private final Blocks blocks;

  /** Whether a chain of CNAME records had no end in sight. */
  private boolean endless;

  /** Whether some policy on the way asks for the client. */
  private boolean clientMatters;

  private Judge(List<Listing> zones, Checks checks, Blocks blocks) {
    this.zones = zones;
    this.checks = checks;
    this.blocks = blocks;
  }

  /** Reads a zone folder of Route 53's JSON, and of nothing else. */
  static Judge of(Map<String, String> files, Checks checks) {
    List<Listing> zones = new ArrayList<>();
    files.forEach(
        (name, text) -> {
          boolean listing = name.endsWith(ZONE_SUFFIX) && !BESIDE.contains(name);
          if (listing) {
            String apex = name.substring(0, name.length() - ZONE_SUFFIX.length());
            zones.add(new Listing(JudgedName.of(apex), read(text)));
          }
        });
    return new Judge(
        zones, checks, new Blocks(read(files.getOrDefault("cidr-collections.route53.json", "{}"))));
  }

  static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  Judgement judge(JudgedName name, String type, Client client) {
    Preference preference = new Preference(blocks, client);
    Selection selection = new Selection(this::group, checks, preference);
    endless = false;
    clientMatters = false;
    Lottery<Answer> answers = answer(name, type, selection, LONGEST_CHAIN);
    return new Judgement(answers, clientMatters, preference.isClose() || endless);
  }

  private List<RecordSet> group(JudgedName name, String type) {
    return zones.stream()
        .map(zone -> zone.group(name, type))
        .filter(group -> !group.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  private @Nullable Listing zoneOf(JudgedName name) {
    Listing closest = null;
    for (Listing zone : zones) {
      boolean closer =
          closest == null || zone.apex().labels().size() > closest.apex().labels().size();
      closest = name.isIn(zone.apex()) && closer ? zone : closest;
    }
    return closest;
  }

  private Lottery<Answer> answer(JudgedName name, String type, Selection selection, int hops) {
    Listing zone = zoneOf(name);
    if (zone == null) {
      String rcode = hops == LONGEST_CHAIN ? "REFUSED" : "NOERROR";
      return Lottery.of(new Answer(rcode, Set.of(), Set.of()));
    }
    JudgedName source = zone.source(name);
    if (source == null) {
      return Lottery.of(new Answer("NXDOMAIN", Set.of(), soa(zone)));
    }
    Map<String, List<RecordSet>> types = zone.at(source);
    List<RecordSet> cname = types.getOrDefault("CNAME", List.of());
    if (!types.containsKey(type) && !cname.isEmpty()) {
      clientMatters |= selection.canDependOnClient(cname);
      return selection
          .select(cname)
          .then(chosen -> follow(name, type, chosen, zone, selection, hops));
    }
    List<RecordSet> group = types.getOrDefault(type, List.of());
    clientMatters |= selection.canDependOnClient(group);
    return selection.select(group).map(chosen -> answer(name, chosen, zone));
  }

  private Answer answer(JudgedName owner, Set<RecordSet> chosen, Listing zone) {
    return chosen.isEmpty()
        ? new Answer("NOERROR", Set.of(), soa(zone))
        : new Answer("NOERROR", records(owner, chosen), Set.of());
  }

  private Lottery<Answer> follow(
      JudgedName owner,
      String type,
      Set<RecordSet> chosen,
      Listing zone,
      Selection selection,
      int hops) {
    Answer first = answer(owner, chosen, zone);
    if (chosen.isEmpty()) {
      return Lottery.of(first);
    }
    if (hops == 1) {
      endless = true;
      return Lottery.of(first);
    }
    String target = chosen.iterator().next().values().getFirst();
    return answer(JudgedName.of(target), type, selection, hops - 1)
        .map(
            rest -> {
              Set<String> records = new TreeSet<>(first.records());
              records.addAll(rest.records());
              return new Answer(rest.rcode(), records, rest.soa());
            });
  }

  /** All values of all that was chosen; one RRset has one TTL, the smallest. */
  private static Set<String> records(JudgedName owner, Set<RecordSet> chosen) {
    long ttl = chosen.stream().mapToLong(RecordSet::ttl).min().orElseThrow();
    Set<String> records = new TreeSet<>();
    for (RecordSet set : chosen) {
      for (String value : set.values()) {
        records.add(Rdata.of(owner, set.type(), ttl, value));
      }
    }
    return records;
  }

  /** The SOA of a negative answer: for as long as that may be kept, RFC 2308. */
  private static Set<String> soa(Listing zone) {
    RecordSet soa = zone.soa();
    String value = soa.values().getFirst();
    long minimum = Long.parseLong(value.substring(value.lastIndexOf(' ') + 1));
    return Set.of(Rdata.of(zone.apex(), "SOA", Math.min(soa.ttl(), minimum), value));
  }

  /** Every name that has record sets. */
  List<JudgedName> owners() {
    return zones.stream().flatMap(zone -> zone.owners().stream()).toList();
  }

  Stream<String> types(JudgedName owner) {
    return zones.stream().flatMap(zone -> zone.at(owner).keySet().stream());
  }
}
