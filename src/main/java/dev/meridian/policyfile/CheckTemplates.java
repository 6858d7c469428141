package dev.meridian.policyfile;

import dev.meridian.health.CheckKind;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.Hysteresis;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Entry;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlNode.Scalar;
import dev.meridian.source.YamlValues;
import dev.meridian.wire.DomainName;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The {@code health-checks} section: named settings that endpoints refer to, and that become one
 * health check for each address of each endpoint.
 */
public final class CheckTemplates {
  private static final List<String> SETTINGS =
      List.of(
          "interval",
          "timeout",
          "failure-threshold",
          "success-threshold",
          "failure-ratio",
          "inverted",
          "disabled",
          "slow-start");
  private static final List<String> KEYS =
      Stream.concat(CheckKindReader.KINDS.stream(), SETTINGS.stream()).toList();
  private static final int MAX_THRESHOLD = 10;

  /** An address or a name, or neither. */
  record Target(@Nullable InetAddress address, @Nullable DomainName name) {
    static final Target NOWHERE = new Target(null, null);

    /** As it stands in the ids of checks; empty for neither. */
    String text() {
      if (address != null) {
        return EndpointReader.text(address);
      }
      String text = name == null ? "" : name.toString();
      return text.length() > 1 ? text.substring(0, text.length() - 1) : text;
    }
  }

  /**
   * One named check.
   *
   * @param kind of a calculated check: with the names of templates in place of ids
   * @param address probed in place of the endpoint's; null: the endpoint's own
   * @param name the same by name; of the two at most one is there
   */
  record Template(
      CheckKind kind,
      HealthCheck.Settings settings,
      @Nullable InetAddress address,
      @Nullable DomainName name) {
    /** Whether it says itself where it is probed, or is probed nowhere. */
    boolean isPlaced() {
      return address != null || name != null || !kind.isAimed();
    }

    /**
     * The health check that comes of it.
     *
     * @param place probed if the template says nothing else
     */
    HealthCheck check(String id, CheckKind made, Target place) {
      if (!made.isAimed()) {
        return new HealthCheck(id, null, made, settings, null);
      }
      Target aim = isPlaced() ? new Target(address, name) : place;
      return new HealthCheck(id, aim.address(), made, settings, aim.name());
    }

    /** What is probed for an endpoint that may have a port of its own. */
    CheckKind kindOn(@Nullable Integer port) {
      if (port == null) {
        return kind;
      }
      return kind.withPort(port);
    }
  }

  private final YamlValues nodes;
  private final CheckKindReader kinds;
  private final Map<String, Scalar> names = new LinkedHashMap<>();
  private final Map<String, Template> templates = new LinkedHashMap<>();
  private final Set<String> used = new HashSet<>();
  private final Set<String> cyclic = new HashSet<>();

  /**
   * No templates yet.
   *
   * @param files opens files that checks refer to
   */
  CheckTemplates(YamlValues nodes, Attachments files) {
    this.nodes = nodes;
    this.kinds = new CheckKindReader(nodes, files);
  }

  /** Reads the section. */
  void read(YamlNode section) {
    for (Entry entry : nodes.entries(section, "health-checks")) {
      names.put(entry.key().text(), entry.key());
      Template template = template(entry);
      if (template != null) {
        templates.put(entry.key().text(), template);
      }
    }
    kinds.references().forEach(this::use);
    templates.keySet().forEach(name -> refuseCycle(name));
  }

  /** A check must not lead back to itself through those that it is calculated from. */
  private void refuseCycle(String name) {
    Set<String> below = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(children(name));
    while (!open.isEmpty()) {
      String next = open.pop();
      if (below.add(next)) {
        open.addAll(children(next));
      }
    }
    Scalar key = names.get(name);
    if (key != null && below.contains(name)) {
      nodes
          .reporter()
          .error(key.position(), "health check '" + name + "' is calculated from itself");
      cyclic.add(name);
    }
  }

  /** The templates that a calculated one names. */
  private List<String> children(String name) {
    Template template = templates.get(name);
    return template != null && template.kind() instanceof CheckKind.Calculated calculated
        ? calculated.checks()
        : List.of();
  }

  /** A template by its name; null if it is in error. */
  @Nullable Template get(String name) {
    return cyclic.contains(name) ? null : templates.get(name);
  }

  /** The check that a node names; null after an error, here or at the check's own definition. */
  @Nullable Template use(YamlNode reference) {
    String name = nodes.text(reference, "health-check");
    if (name == null) {
      return null;
    }
    if (!names.containsKey(name)) {
      nodes
          .reporter()
          .error(
              reference.position(),
              "there is no health check '"
                  + name
                  + "'"
                  + nodes.hint(name, names.keySet(), List.of()));
    }
    used.add(name);
    return get(name);
  }

  /** Warns of checks that no endpoint refers to. */
  void warnOfUnused() {
    names.forEach(
        (name, key) -> {
          if (!used.contains(name)) {
            nodes.reporter().warning(key.position(), "health check '" + name + "' is never used");
          }
        });
  }

  private @Nullable Template template(Entry entry) {
    Mapping mapping = nodes.mapping(entry.value(), "a health check", KEYS);
    if (mapping == null) {
      return null;
    }
    List<Entry> written = new ArrayList<>(mapping.entries());
    written.removeIf(candidate -> !CheckKindReader.KINDS.contains(candidate.key().text()));
    HealthCheck.Settings settings = settings(mapping);
    if (written.size() != 1) {
      nodes
          .reporter()
          .error(
              entry.key().position(),
              "health check '"
                  + entry.key().text()
                  + "' takes exactly one of "
                  + String.join(", ", CheckKindReader.KINDS));
      return null;
    }
    CheckKindReader.Read read = kinds.read(written.getFirst());
    return read == null || settings == null
        ? null
        : new Template(read.kind(), settings, read.address(), read.name());
  }

  private HealthCheck.@Nullable Settings settings(Mapping mapping) {
    HealthCheck.Builder builder = HealthCheck.Settings.builder();
    boolean fine = true;
    for (Entry entry : mapping.entries()) {
      fine &= setting(builder, entry.key().text(), entry.value());
    }
    if (!fine) {
      return null;
    }
    return nodes.tried(mapping.position(), builder::build);
  }

  /** Sets one; false after an error. Keys that are no settings are not looked at. */
  private boolean setting(HealthCheck.Builder builder, String key, YamlNode value) {
    return switch (key) {
      case "interval", "timeout", "slow-start" -> span(builder, key, value);
      case "failure-threshold", "success-threshold" -> threshold(builder, key, value);
      case "failure-ratio" -> ratio(builder, value);
      case "inverted", "disabled" -> flag(builder, key, value);
      default -> true;
    };
  }

  private boolean span(HealthCheck.Builder builder, String key, YamlNode value) {
    Long milliseconds = nodes.milliseconds(value, key);
    if (milliseconds == null) {
      return false;
    }
    Duration span = Duration.ofMillis(milliseconds);
    return nodes.tried(
            value.position(),
            () ->
                switch (key) {
                  case "interval" -> builder.interval(span);
                  case "timeout" -> builder.timeout(span);
                  default -> builder.slowStart(span);
                })
        != null;
  }

  private boolean threshold(HealthCheck.Builder builder, String key, YamlNode value) {
    Long number = nodes.integer(value, key, 1, MAX_THRESHOLD);
    if (number == null) {
      return false;
    }
    if (key.equals("failure-threshold")) {
      builder.failureThreshold(number.intValue());
    } else {
      builder.successThreshold(number.intValue());
    }
    return true;
  }

  private boolean ratio(HealthCheck.Builder builder, YamlNode value) {
    Mapping mapping = nodes.mapping(value, "failure-ratio", List.of("failures", "of"));
    if (mapping == null) {
      return false;
    }
    YamlNode failures = YamlValues.get(mapping, "failures");
    YamlNode of = YamlValues.get(mapping, "of");
    if (failures == null || of == null) {
      nodes
          .reporter()
          .error(value.position(), "failure-ratio needs both keys: { failures: 5, of: 10 }");
      return false;
    }
    Long most = nodes.integer(of, "of", 1, Hysteresis.MEMORY);
    Long number = most == null ? null : nodes.integer(failures, "failures", 1, most);
    if (most == null || number == null) {
      return false;
    }
    builder.failureRatio(new Hysteresis.Ratio(number.intValue(), most.intValue()));
    return true;
  }

  private boolean flag(HealthCheck.Builder builder, String key, YamlNode value) {
    Boolean on = nodes.bool(value, key);
    if (on == null) {
      return false;
    }
    if (key.equals("inverted")) {
      builder.inverted(on);
    } else {
      builder.disabled(on);
    }
    return true;
  }

  public static InetAddress inetAddress(byte[] octets) {
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 octets", e);
    }
  }
}
