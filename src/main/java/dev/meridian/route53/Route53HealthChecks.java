package dev.meridian.route53;

import dev.meridian.health.BodyMatch;
import dev.meridian.health.CheckKind;
import dev.meridian.health.CheckRequest;
import dev.meridian.health.ExpectedStatus;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthRegistry;
import dev.meridian.net.Prefix;
import dev.meridian.policyfile.CheckTemplates;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.wire.DomainName;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Health checks as {@code aws route53 list-health-checks} prints them. Only those that record sets
 * of the zone name are defined; an account's others are left alone.
 */
public final class Route53HealthChecks {
  public static final String FILE = "health-checks.route53.json";
  static final String COMMAND = "aws route53 list-health-checks";

  /** Route 53: connecting 4 s, the status 2 s later, the body 2 s after that; TCP 10 s. */
  private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(6);

  private static final Duration STR_MATCH_TIMEOUT = Duration.ofSeconds(8);
  private static final Duration TCP_TIMEOUT = Duration.ofSeconds(10);

  private static final List<String> FIELDS =
      List.of(
          "Id",
          "CallerReference",
          "LinkedService",
          "HealthCheckConfig",
          "HealthCheckVersion",
          "CloudWatchAlarmConfiguration");

  private static final List<String> CONFIG =
      List.of(
          "IPAddress",
          "Port",
          "Type",
          "ResourcePath",
          "FullyQualifiedDomainName",
          "SearchString",
          "RequestInterval",
          "FailureThreshold",
          "MeasureLatency",
          "Inverted",
          "Disabled",
          "HealthThreshold",
          "ChildHealthChecks",
          "EnableSNI",
          "Regions",
          "AlarmIdentifier",
          "InsufficientDataHealthStatus",
          "RoutingControlArn");

  private final Route53Nodes nodes;
  private final HealthRegistry registry;
  private final Map<String, Mapping> configs = new LinkedHashMap<>();
  private final Map<String, Integer> used = new LinkedHashMap<>();
  private final Map<String, HealthCheck> checks = new LinkedHashMap<>();

  Route53HealthChecks(Route53Nodes nodes, HealthRegistry registry) {
    this.nodes = nodes;
    this.registry = registry;
  }

  /** Reads the file. */
  void read(@Nullable YamlNode root) {
    for (YamlNode node : nodes.listing(root, "HealthChecks", COMMAND)) {
      Mapping mapping = nodes.object(node, "a health check", FIELDS);
      YamlNode idNode = mapping == null ? null : nodes.need(mapping, "Id");
      YamlNode configNode = mapping == null ? null : nodes.need(mapping, "HealthCheckConfig");
      String id = idNode == null ? null : nodes.text(idNode, "Id");
      Mapping config =
          configNode == null ? null : nodes.object(configNode, "HealthCheckConfig", CONFIG);
      if (id != null && idNode != null && config != null && configs.put(id, config) != null) {
        nodes.error(idNode, "the health check " + id + " is here twice");
      }
    }
  }

  /** The checks that {@link #use} was asked for. */
  List<HealthCheck> checks() {
    return List.copyOf(checks.values());
  }

  /** The number of a health check; {@link HealthRegistry#NONE} after an error. */
  int use(YamlNode reference) {
    String id = nodes.text(reference, "HealthCheckId");
    return id == null ? HealthRegistry.NONE : use(reference, id);
  }

  private int use(YamlNode reference, String id) {
    Mapping config = configs.get(id);
    if (config == null) {
      nodes.error(
          reference,
          "there is no health check "
              + id
              + " in "
              + FILE
              + "; print it with '"
              + COMMAND
              + "', or take the reference away");
      return HealthRegistry.NONE;
    }
    Integer number = used.get(id);
    if (number == null) {
      number = registry.indexOf(id);
      used.put(id, number); // before its children, which may lead back here
      define(id, config);
    }
    return number;
  }

  private void define(String id, Mapping config) {
    String type = nodes.text(config, "Type");
    try {
      CheckKind kind = type == null ? null : kind(type, config);
      if (type == null) {
        nodes.error(config, "'Type' is missing");
      } else if (type.equals("CALCULATED")) {
        calculated(id, config);
      } else if (kind == null) {
        notProbed(id, type, config);
      } else {
        HealthCheck check =
            new HealthCheck(id, address(config), kind, settings(type, config), name(config));
        checks.put(id, registry.guard().admit(check));
      }
    } catch (IllegalArgumentException e) {
      nodes.error(config, String.valueOf(e.getMessage()));
    }
  }

  private void calculated(String id, Mapping config) {
    List<String> parts = new ArrayList<>();
    for (YamlNode child : children(config)) {
      String name = nodes.text(child, "ChildHealthChecks");
      if (name != null
          && use(child, name) != HealthRegistry.NONE
          && (checks.containsKey(name) || isCalculated(name))) {
        parts.add(name);
      }
    }
    int threshold = (int) nodes.integer(config, "HealthThreshold", 0, 256, parts.size());
    CheckKind kind = new CheckKind.Calculated(parts, threshold);
    checks.put(id, new HealthCheck(id, null, kind, settings("CALCULATED", config)));
  }

  private List<YamlNode> children(Mapping config) {
    YamlNode node = nodes.need(config, "ChildHealthChecks");
    boolean none = node instanceof YamlNode.Sequence list && list.items().isEmpty();
    return node == null || none ? List.of() : nodes.items(node, "ChildHealthChecks");
  }

  /** A circle of them is found where all checks are put in order. */
  private boolean isCalculated(String id) {
    Mapping config = configs.get(id);
    return config != null && "CALCULATED".equals(nodes.text(config, "Type"));
  }

  /** Null if it is probed by name. */
  private @Nullable InetAddress address(Mapping config) {
    String text = nodes.text(config, "IPAddress");
    if (text == null) {
      return null;
    }
    byte[] octets = Prefix.parseAddress(text);
    if (octets == null) {
      throw new IllegalArgumentException("'" + text + "' is not an IPv4 or IPv6 address");
    }
    return CheckTemplates.inetAddress(octets);
  }

  /** What is resolved for each probe; with an IPAddress, the name is only what is asked for. */
  private @Nullable DomainName name(Mapping config) {
    String text = nodes.text(config, "FullyQualifiedDomainName");
    return text == null || nodes.text(config, "IPAddress") != null
        ? null
        : DomainName.parse(text, DomainName.ROOT);
  }

  /** What nothing can probe stays as it is without data: healthy, or unhealthy if Inverted. */
  private void notProbed(String id, String type, Mapping config) {
    CheckKind always = new CheckKind.Calculated(List.of(), 0);
    checks.put(id, new HealthCheck(id, null, always, settings(type, config)));
    if (!nodes.isTrue(config, "Disabled")) {
      boolean inverted = nodes.isTrue(config, "Inverted");
      nodes.warning(
          config,
          "health check "
              + id
              + " ("
              + type
              + ") cannot be probed here; it is "
              + (inverted ? "unhealthy, because it is Inverted" : "healthy")
              + ", unless 'meridian set' says otherwise"
              + (type.equals("CLOUDWATCH_METRIC") ? metric(config) : ""));
    }
  }

  /** What a policy file says instead of an alarm; only its owner knows the query. */
  private String metric(Mapping config) {
    YamlNode node = Route53Nodes.get(config, "AlarmIdentifier");
    Mapping alarm = node == null ? null : nodes.object(node, "AlarmIdentifier");
    String which =
        alarm == null
            ? ""
            : " '" + nodes.text(alarm, "Name") + "' of " + nodes.text(alarm, "Region");
    String missing =
        switch (String.valueOf(nodes.text(config, "InsufficientDataHealthStatus"))) {
          case "Healthy" -> "healthy";
          case "Unhealthy" -> "unhealthy";
          default -> "last-known";
        };
    return ". In a policy file: metric: { server: <Prometheus>, query: <what alarm"
        + which
        + " looks at>, healthy: <its threshold>, insufficient-data: "
        + missing
        + " }";
  }

  /** What a probe does; null if no probe does it. */
  private @Nullable CheckKind kind(String type, Mapping config) {
    boolean https = type.startsWith("HTTPS");
    int port =
        (int) nodes.integer(config, "Port", 1, 65_535, https ? 443 : type.equals("TCP") ? 0 : 80);
    return switch (type) {
      case "TCP" -> new CheckKind.Tcp(port);
      case "HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH" ->
          new CheckKind.Http(
              nodes.text(config, "FullyQualifiedDomainName"),
              path(config),
              port,
              https ? tls(config) : null,
              ExpectedStatus.DEFAULT,
              type.endsWith("STR_MATCH") ? search(config) : null,
              CheckRequest.DEFAULT);
      default -> null;
    };
  }

  private BodyMatch.@Nullable Search search(Mapping config) {
    YamlNode text = nodes.need(config, "SearchString");
    String wanted = text == null ? null : nodes.text(text, "SearchString");
    return wanted == null ? null : new BodyMatch.Search(wanted);
  }

  private String path(Mapping config) {
    String path = nodes.text(config, "ResourcePath");
    return path == null ? "/" : path;
  }

  /** Route 53 never looks at the certificate. */
  private CheckKind.Tls tls(Mapping config) {
    YamlNode sni = Route53Nodes.get(config, "EnableSNI");
    return new CheckKind.Tls(false, sni == null || nodes.isTrue(config, "EnableSNI"));
  }

  private HealthCheck.Settings settings(String type, Mapping config) {
    int threshold = (int) nodes.integer(config, "FailureThreshold", 1, 10, 3);
    Duration timeout =
        type.equals("TCP")
            ? TCP_TIMEOUT
            : type.endsWith("STR_MATCH") ? STR_MATCH_TIMEOUT : HTTP_TIMEOUT;
    return new HealthCheck.Settings(
        Duration.ofSeconds(nodes.integer(config, "RequestInterval", 10, 30, 30)),
        timeout,
        threshold,
        threshold,
        null,
        nodes.isTrue(config, "Inverted"),
        nodes.isTrue(config, "Disabled"));
  }
}
