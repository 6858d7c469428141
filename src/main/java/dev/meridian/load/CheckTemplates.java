package dev.meridian.load;

import dev.meridian.health.CheckKind;
import dev.meridian.health.ExpectedStatus;
import dev.meridian.health.HealthCheck;
import dev.meridian.load.YamlNode.Entry;
import dev.meridian.load.YamlNode.Mapping;
import dev.meridian.load.YamlNode.Scalar;
import dev.meridian.net.Prefix;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@code health-checks} section: named settings that endpoints refer to, and that become one
 * health check for each address of each endpoint.
 */
final class CheckTemplates {
  private static final List<String> KINDS = List.of("http", "https", "tcp");
  private static final List<String> KEYS =
      List.of(
          "http",
          "https",
          "tcp",
          "interval",
          "timeout",
          "failure-threshold",
          "success-threshold",
          "inverted",
          "disabled");
  private static final List<String> HTTP_KEYS =
      List.of("host", "path", "port", "status", "search", "address");
  private static final List<String> HTTPS_KEYS =
      List.of("host", "path", "port", "status", "search", "address", "verify", "sni");
  private static final List<String> TCP_KEYS = List.of("port", "address");
  private static final int MAX_PORT = 65_535;
  private static final int MAX_THRESHOLD = 10;

  /**
   * One named check.
   *
   * @param address probed in place of the endpoint's; null: the endpoint's own
   */
  record Template(CheckKind kind, HealthCheck.Settings settings, @Nullable InetAddress address) {
    /** What is probed for an endpoint that may have a port of its own. */
    CheckKind kindOn(@Nullable Integer port) {
      if (port == null) {
        return kind;
      }
      return switch (kind) {
        case CheckKind.Http http -> http.withPort(port);
        case CheckKind.Tcp _ -> new CheckKind.Tcp(port);
        case CheckKind.Calculated calculated -> calculated;
      };
    }
  }

  private final PolicyNodes nodes;
  private final Map<String, Scalar> names = new LinkedHashMap<>();
  private final Map<String, Template> templates = new LinkedHashMap<>();
  private final Set<String> used = new HashSet<>();

  CheckTemplates(PolicyNodes nodes) {
    this.nodes = nodes;
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
    return templates.get(name);
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
    List<Entry> kinds = new ArrayList<>(mapping.entries());
    kinds.removeIf(candidate -> !KINDS.contains(candidate.key().text()));
    HealthCheck.Settings settings = settings(mapping);
    if (kinds.size() != 1) {
      nodes
          .reporter()
          .error(
              entry.key().position(),
              "health check '" + entry.key().text() + "' takes exactly one of http, https, tcp");
      return null;
    }
    return kind(kinds.getFirst(), settings);
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
    return tried(mapping.position(), builder::build);
  }

  /** Sets one; false after an error. Keys that are no settings are not looked at. */
  private boolean setting(HealthCheck.Builder builder, String key, YamlNode value) {
    return switch (key) {
      case "interval", "timeout" -> span(builder, key, value);
      case "failure-threshold", "success-threshold" -> threshold(builder, key, value);
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
    return tried(
            value.position(),
            () -> key.equals("interval") ? builder.interval(span) : builder.timeout(span))
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

  private @Nullable Template kind(Entry entry, HealthCheck.@Nullable Settings settings) {
    String name = entry.key().text();
    List<String> keys =
        switch (name) {
          case "http" -> HTTP_KEYS;
          case "https" -> HTTPS_KEYS;
          default -> TCP_KEYS;
        };
    Mapping mapping = nodes.mapping(entry.value(), name, keys);
    if (mapping == null) {
      return null;
    }
    CheckKind kind = name.equals("tcp") ? tcp(mapping) : http(mapping, name.equals("https"));
    YamlNode address = PolicyNodes.get(mapping, "address");
    InetAddress override = address == null ? null : address(address);
    if (kind == null || settings == null || (address == null) != (override == null)) {
      return null;
    }
    return new Template(kind, settings, override);
  }

  private @Nullable InetAddress address(YamlNode node) {
    String text = nodes.text(node, "address");
    byte[] octets = text == null ? null : Prefix.parseAddress(text);
    if (text != null && octets == null) {
      nodes.reporter().error(node.position(), "'" + text + "' is not an IPv4 or IPv6 address");
    }
    return octets == null ? null : inetAddress(octets);
  }

  static InetAddress inetAddress(byte[] octets) {
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 octets", e);
    }
  }

  private @Nullable CheckKind tcp(Mapping mapping) {
    YamlNode port = PolicyNodes.get(mapping, "port");
    if (port == null) {
      nodes.reporter().error(mapping.position(), "tcp takes a port");
      return null;
    }
    Long number = nodes.integer(port, "port", 1, MAX_PORT);
    return number == null ? null : new CheckKind.Tcp(number.intValue());
  }

  private CheckKind.@Nullable Http http(Mapping mapping, boolean tls) {
    YamlNode host = PolicyNodes.get(mapping, "host");
    String hostName = host == null ? null : nodes.text(host, "host");
    CheckKind.Http kind =
        tried(
            host == null ? mapping.position() : host.position(),
            () -> tls ? CheckKind.https(hostName) : CheckKind.http(hostName));
    for (Entry entry : mapping.entries()) {
      kind = kind == null ? null : httpValue(kind, entry.key().text(), entry.value());
    }
    return kind;
  }

  private CheckKind.@Nullable Http httpValue(CheckKind.Http kind, String key, YamlNode value) {
    return switch (key) {
      case "path" -> {
        String path = nodes.text(value, key);
        yield path == null ? null : tried(value.position(), () -> kind.withPath(path));
      }
      case "port" -> {
        Long port = nodes.integer(value, key, 1, MAX_PORT);
        yield port == null ? null : kind.withPort(port.intValue());
      }
      case "status" -> {
        ExpectedStatus status = status(value);
        yield status == null ? null : kind.withExpected(status);
      }
      case "search" -> {
        String search = nodes.text(value, key);
        yield search == null ? null : tried(value.position(), () -> kind.withSearchString(search));
      }
      case "verify", "sni" -> {
        Boolean on = nodes.bool(value, key);
        yield on == null ? null : withTls(kind, key, on);
      }
      default -> kind;
    };
  }

  private static CheckKind.Http withTls(CheckKind.Http kind, String key, boolean on) {
    CheckKind.Tls tls = kind.tls() == null ? CheckKind.Tls.DEFAULT : kind.tls();
    return kind.withTls(
        key.equals("verify")
            ? new CheckKind.Tls(on, tls.sni())
            : new CheckKind.Tls(tls.verify(), on));
  }

  private @Nullable ExpectedStatus status(YamlNode node) {
    List<ExpectedStatus.Range> ranges = new ArrayList<>();
    for (YamlNode item : nodes.oneOrMore(node, "status")) {
      String text = nodes.text(item, "status");
      ExpectedStatus.Range range =
          text == null ? null : tried(item.position(), () -> ExpectedStatus.parse(text));
      if (range == null) {
        return null;
      }
      ranges.add(range);
    }
    return ranges.isEmpty() ? null : new ExpectedStatus(ranges);
  }

  /** The value, or null after reporting the sentence that refuses it. */
  private <T> @Nullable T tried(long position, java.util.function.Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      nodes.reporter().error(position, String.valueOf(e.getMessage()));
      return null;
    }
  }
}
