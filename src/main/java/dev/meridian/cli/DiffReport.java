package dev.meridian.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.meridian.analysis.AccessChange;
import dev.meridian.analysis.Comparison;
import dev.meridian.analysis.Comparison.Addresses;
import dev.meridian.analysis.Comparison.CountryShare;
import dev.meridian.analysis.Comparison.NameChange;
import dev.meridian.analysis.Comparison.What;
import dev.meridian.analysis.Comparison.ZoneChange;
import dev.meridian.analysis.Flow;
import dev.meridian.answer.Outcome.Range;
import dev.meridian.net.Prefix;
import dev.meridian.rr.RRType;
import dev.meridian.text.Count;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A comparison for people, for programs, and for a comment on a pull request.
 *
 * @param exceeded limits that it goes beyond, as sentences
 */
record DiffReport(String before, String after, Comparison comparison, List<String> exceeded) {
  private static final int MAX_COUNTRIES = 8;
  private static final int MAX_LINES = 200;

  static String label(NameChange name) {
    return name.name() + " " + RRType.toText(name.type());
  }

  /** {@code 12.5%}, {@code 0.03%}, {@code <0.01%}. */
  static String percent(double share) {
    if (share > 0 && share < 0.0001) {
      return "<0.01%";
    }
    String text = String.format(Locale.ROOT, share < 0.1 ? "%.2f" : "%.1f", share * 100);
    return text.replaceAll("\\.?0+$", "").replaceAll("^$", "0") + "%";
  }

  private static String addresses(Addresses affected) {
    return percent(affected.ipv4()) + " of IPv4, " + percent(affected.ipv6()) + " of IPv6";
  }

  private static String what(NameChange name) {
    return switch (name.what()) {
      case ADDED -> "new";
      case REMOVED -> "gone";
      case ANSWERS -> "answers change for " + addresses(name.affected());
      case TTL -> "TTL " + ttl(name.oldTtls()) + " -> " + ttl(name.newTtls());
      case FAILOVER -> "same answers while all is healthy";
      case SAME -> "written otherwise, same answers";
    };
  }

  private static String ttl(Range range) {
    return range.low() == range.high() ? "" + range.low() : range.low() + "-" + range.high();
  }

  private List<NameChange> of(What what) {
    return comparison.names().stream().filter(name -> name.what() == what).toList();
  }

  private String headline() {
    long lost = comparison.names().stream().filter(NameChange::losesRedundancy).count();
    List<String> parts = new ArrayList<>();
    parts.add(percent(comparison.affected()) + " of " + measure() + " change");
    count(parts, of(What.ANSWERS).size(), "answered otherwise");
    count(parts, of(What.ADDED).size(), "new");
    count(parts, of(What.REMOVED).size(), "gone");
    count(parts, of(What.TTL).size(), "with another TTL");
    count(parts, of(What.FAILOVER).size(), "otherwise only when something fails");
    count(parts, lost, "with less redundancy");
    long confined = comparison.zones().stream().filter(z -> z.access().isPresent()).count();
    if (confined > 0) {
      parts.add(Count.of(confined, "zone") + " with other clients");
    }
    return String.join(", ", parts);
  }

  private String measure() {
    return comparison
        .queries()
        .map(log -> log.queries() == 1 ? "1 query" : log.queries() + " queries")
        .orElse("the answers");
  }

  private static void count(List<String> parts, long number, String what) {
    if (number > 0) {
      parts.add(Count.of(number, "RRset") + " " + what);
    }
  }

  String text() {
    StringBuilder text = new StringBuilder();
    text.append(before).append(" -> ").append(after).append(": ");
    if (comparison.isEmpty()) {
      return text.append("nothing changes\n").toString();
    }
    text.append(headline()).append('\n');
    zones().forEach(line -> text.append("  ").append(line).append('\n'));
    comparison
        .queries()
        .ifPresent(
            queries -> {
              text.append("\nof all queries\n");
              queries.flows().forEach(flow -> text.append("  ").append(line(flow)).append('\n'));
            });
    names().limit(MAX_LINES).forEach(name -> name(name, text));
    if (comparison.names().size() > MAX_LINES) {
      text.append("\n… and ").append(comparison.names().size() - MAX_LINES).append(" more\n");
    }
    if (!comparison.checks().isEmpty()) {
      text.append("\nhealth checks\n");
      comparison.checks().stream()
          .limit(MAX_LINES)
          .forEach(check -> text.append("  ").append(check).append('\n'));
    }
    exceeded.forEach(sentence -> text.append("\ntoo much: ").append(sentence).append('\n'));
    return text.toString();
  }

  /** The most affected first. */
  private Stream<NameChange> names() {
    return comparison.names().stream()
        .sorted(
            Comparator.comparing((NameChange name) -> !name.losesRedundancy())
                .thenComparing(NameChange::what, Comparator.comparingInt(DiffReport::rank))
                .thenComparingDouble(name -> -name.affected().mean())
                .thenComparing(NameChange::name));
  }

  private static int rank(What what) {
    return switch (what) {
      case REMOVED -> 0;
      case ANSWERS -> 1;
      case FAILOVER -> 2;
      case TTL -> 3;
      case ADDED -> 4;
      case SAME -> 5;
    };
  }

  private List<String> zones() {
    List<String> lines = new ArrayList<>();
    for (ZoneChange zone : comparison.zones()) {
      lines.add(
          switch (zone.what()) {
            case ADDED -> "zone " + zone.apex() + " is new, serial " + zone.newSerial();
            case REMOVED -> "zone " + zone.apex() + " is gone";
            default -> "zone " + zone.apex() + ", serial " + serials(zone);
          });
      zone.access().ifPresent(access -> access(zone, access, lines));
    }
    return lines;
  }

  private static void access(ZoneChange zone, AccessChange access, List<String> lines) {
    if (!access.lose().isEmpty()) {
      lines.add(
          "zone %s will REFUSE %s, which may ask now: %s"
              .formatted(zone.apex(), prefixes(access.lose()), addresses(access.lost())));
    }
    if (!access.gain().isEmpty()) {
      lines.add(
          "zone %s will answer %s, which it refuses now: %s"
              .formatted(zone.apex(), prefixes(access.gain()), addresses(access.gained())));
    }
  }

  private static String prefixes(List<Prefix> prefixes) {
    String first =
        prefixes.stream().limit(5).map(Prefix::toString).collect(Collectors.joining(", "));
    return prefixes.size() > 5 ? first + ", …" : first;
  }

  private static String serials(ZoneChange zone) {
    if (zone.oldSerial() == zone.newSerial()) {
      return zone.newSerial() + " as before: secondaries will not notice";
    }
    return zone.oldSerial()
        + " -> "
        + zone.newSerial()
        + (zone.isBackwards() ? ": BACKWARDS, secondaries will not take it (RFC 1982)" : "");
  }

  private static String line(Flow flow) {
    return String.format(
        Locale.ROOT, "%7s  %s -> %s", percent(flow.share()), flow.from(), flow.to());
  }

  private static void name(NameChange name, StringBuilder text) {
    text.append('\n').append(label(name)).append(": ").append(what(name)).append('\n');
    name.notes().forEach(note -> text.append("  ! ").append(note).append('\n'));
    name.flows().forEach(flow -> text.append("  ").append(line(flow)).append('\n'));
    if (!name.countries().isEmpty() && !name.networks().isEmpty()) {
      text.append("  in       ").append(countries(name)).append('\n');
      text.append("  such as  ").append(networks(name)).append('\n');
    }
  }

  private static String countries(NameChange name) {
    List<CountryShare> all = name.countries();
    String first =
        all.stream()
            .limit(MAX_COUNTRIES)
            .map(
                each ->
                    (each.country().isEmpty() ? "unplaced" : each.country())
                        + " "
                        + percent(each.share()))
            .collect(Collectors.joining(", "));
    int more = all.size() - MAX_COUNTRIES;
    return more > 0 ? first + " and " + more + " more countries" : first;
  }

  private static String networks(NameChange name) {
    return name.networks().stream()
        .limit(5)
        .map(Prefix::toString)
        .collect(Collectors.joining(", "));
  }

  String markdown() {
    StringBuilder text = new StringBuilder("### What this change does\n\n");
    if (comparison.isEmpty()) {
      return text.append("Nothing: no answer changes.\n").toString();
    }
    text.append("**").append(headline()).append("**\n\n");
    exceeded.forEach(sentence -> text.append("> ⛔ ").append(sentence).append("\n\n"));
    zones().forEach(line -> text.append("- ").append(line).append('\n'));
    text.append("\n| name | what | from → to | where |\n|---|---|---|---|\n");
    names()
        .limit(MAX_LINES)
        .forEach(
            name -> {
              String flows =
                  name.flows().stream()
                      .map(f -> percent(f.share()) + " " + code(f.from()) + " → " + code(f.to()))
                      .collect(Collectors.joining("<br>"));
              String notes =
                  name.notes().stream().map(n -> "<br>⚠️ " + cell(n)).collect(Collectors.joining());
              boolean part = !name.networks().isEmpty();
              text.append("| ")
                  .append(code(label(name)))
                  .append(" | ")
                  .append(cell(what(name)))
                  .append(notes)
                  .append(" | ")
                  .append(flows)
                  .append(" | ")
                  .append(part ? cell(countries(name)) : "")
                  .append(" |\n");
            });
    if (comparison.names().size() > MAX_LINES) {
      text.append("\n… and ").append(comparison.names().size() - MAX_LINES).append(" more.\n");
    }
    comparison
        .queries()
        .ifPresent(
            queries -> {
              text.append("\n| share of queries | from → to |\n|---|---|\n");
              queries
                  .flows()
                  .forEach(
                      f ->
                          text.append("| ")
                              .append(percent(f.share()))
                              .append(" | ")
                              .append(code(f.from()) + " → " + code(f.to()))
                              .append(" |\n"));
            });
    comparison.checks().stream()
        .limit(MAX_LINES)
        .forEach(check -> text.append("\n- health check ").append(cell(check)));
    return text.append('\n').toString();
  }

  private static String code(String text) {
    return "`" + text.replace("`", "'").replace("|", "\\|") + "`";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;");
  }

  String json() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("old", before);
      json.writeStringField("new", after);
      json.writeBooleanField("changed", !comparison.isEmpty());
      json.writeNumberField("affected", comparison.affected());
      strings(json, "exceeded", exceeded);
      json.writeArrayFieldStart("zones");
      for (ZoneChange zone : comparison.zones()) {
        json.writeStartObject();
        json.writeStringField("zone", zone.apex().toString());
        json.writeStringField(
            "change", word(zone.what() == What.ANSWERS ? "changed" : zone.what().name()));
        json.writeNumberField("oldSerial", zone.oldSerial());
        json.writeNumberField("newSerial", zone.newSerial());
        json.writeBooleanField("backwards", zone.isBackwards());
        if (zone.access().isPresent()) {
          AccessChange access = zone.access().get();
          strings(json, "loseAccess", access.lose().stream().map(Prefix::toString).toList());
          strings(json, "gainAccess", access.gain().stream().map(Prefix::toString).toList());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("names");
      for (NameChange name : names().toList()) {
        name(json, name);
      }
      json.writeEndArray();
      strings(json, "healthChecks", comparison.checks());
      if (comparison.queries().isPresent()) {
        json.writeObjectFieldStart("queries");
        json.writeNumberField("count", comparison.queries().get().queries());
        json.writeNumberField("changed", comparison.queries().get().changed());
        flows(json, comparison.queries().get().flows());
        json.writeEndObject();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return text.toString();
  }

  private static String word(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static void name(JsonGenerator json, NameChange name) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", name.name().toString());
    json.writeStringField("type", RRType.toText(name.type()));
    json.writeStringField("change", word(name.what().name()));
    json.writeNumberField("ipv4", name.affected().ipv4());
    json.writeNumberField("ipv6", name.affected().ipv6());
    json.writeNumberField("oldTtl", name.oldTtls().high());
    json.writeNumberField("newTtl", name.newTtls().high());
    json.writeBooleanField("losesRedundancy", name.losesRedundancy());
    strings(json, "notes", name.notes());
    flows(json, name.flows());
    json.writeObjectFieldStart("countries");
    for (CountryShare each : name.countries()) {
      json.writeNumberField(each.country().isEmpty() ? "unplaced" : each.country(), each.share());
    }
    json.writeEndObject();
    strings(json, "networks", name.networks().stream().map(Prefix::toString).toList());
    json.writeEndObject();
  }

  private static void flows(JsonGenerator json, List<Flow> flows) throws IOException {
    json.writeArrayFieldStart("flows");
    for (Flow flow : flows) {
      json.writeStartObject();
      json.writeStringField("from", flow.from());
      json.writeStringField("to", flow.to());
      json.writeNumberField("share", flow.share());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void strings(JsonGenerator json, String field, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String each : texts) {
      json.writeString(each);
    }
    json.writeEndArray();
  }
}
