package dev.meridian.exchange;

import dev.meridian.health.BodyMatch;
import dev.meridian.health.CheckKind;
import dev.meridian.health.CheckRequest;
import dev.meridian.health.ExpectedStatus;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * Health checks to be written as Route 53's. What its checkers cannot be told is left out with a
 * warning: such a check may find another state, but the answers in a given state are the same.
 */
final class Route53OutChecks {
  private static final long FAST = 10;
  private static final long SLOW = 30;
  private static final int MAX_ID = 64;

  private final HealthRegistry registry;
  private final Map<String, HealthCheck> defined = new HashMap<>();
  private final BiConsumer<String, String> warn;
  private final Map<String, String> ids = new LinkedHashMap<>();
  private final Map<String, Object> json = new TreeMap<>();

  /**
   * @param warn takes the id of a check, and what is not said of it
   */
  Route53OutChecks(
      HealthRegistry registry, List<HealthCheck> checks, BiConsumer<String, String> warn) {
    this.registry = registry;
    checks.forEach(check -> defined.put(check.id(), check));
    this.warn = warn;
  }

  /** The HealthCheckId of a check, which is written from now on; empty: nothing probes it. */
  String use(int number) {
    return number == HealthRegistry.NONE ? "" : use(registry.idOf(number));
  }

  private String use(String id) {
    String known = ids.get(id);
    if (known != null) {
      return known;
    }
    HealthCheck check = defined.get(id);
    if (check == null) {
      ids.put(id, "");
      warn.accept(id, "nothing probes it here and it counts as healthy; it is left out");
      return "";
    }
    String out = route53Id(id);
    ids.put(id, out);
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("Id", out);
    one.put("CallerReference", id);
    one.put("HealthCheckConfig", config(check));
    one.put("HealthCheckVersion", 1);
    json.put(out, one);
    return out;
  }

  /** An id that Route 53 gave stays; ours become one, always the same. */
  private static String route53Id(String id) {
    return id.length() <= MAX_ID && id.matches("[0-9A-Za-z_-]+")
        ? id
        : UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString();
  }

  private Map<String, Object> config(HealthCheck check) {
    Map<String, Object> config = new LinkedHashMap<>();
    if (check.address() != null) {
      config.put("IPAddress", check.probedAddress().getHostAddress());
    }
    List<String> lost = new ArrayList<>();
    switch (check.kind()) {
      case CheckKind.Http http -> http(http, config, lost);
      case CheckKind.Tcp tcp -> {
        tcp(tcp.port(), config);
        loses(lost, !tcp.send().isEmpty() || tcp.expect() != null, "send and expect");
      }
      case CheckKind.Handshake handshake -> {
        tcp(handshake.port(), config);
        lost.add("the TLS handshake, of which only the connection is left");
      }
      case CheckKind.Calculated calculated -> calculated(calculated, config, lost);
      default -> {
        config.put("Type", "TCP");
        config.put("Port", 53);
        lost.add("what it does: Route 53 has no such check, and it becomes TCP on port 53");
      }
    }
    byName(check, config, lost);
    settings(check, config, lost);
    if (!lost.isEmpty()) {
      warn.accept(check.id(), "Route 53's checkers know nothing of " + String.join(", ", lost));
    }
    return config;
  }

  /** Route 53 has one name, which it resolves and asks for. */
  private static void byName(HealthCheck check, Map<String, Object> config, List<String> lost) {
    if (check.name() != null) {
      String target = check.target().replaceFirst("\\.$", "");
      Object host = config.put("FullyQualifiedDomainName", target);
      loses(lost, host != null && !host.equals(target), "a Host header but the target's name");
    }
  }

  private static void loses(List<String> lost, boolean what, String text) {
    if (what) {
      lost.add(text);
    }
  }

  private static void tcp(int port, Map<String, Object> config) {
    config.put("Port", port);
    config.put("Type", "TCP");
  }

  private static void http(CheckKind.Http http, Map<String, Object> config, List<String> lost) {
    boolean search = http.match() instanceof BodyMatch.Search;
    CheckKind.Tls tls = http.tls();
    config.put("Port", http.port());
    config.put("Type", (tls == null ? "HTTP" : "HTTPS") + (search ? "_STR_MATCH" : ""));
    config.put("ResourcePath", http.path());
    if (http.host() != null) {
      config.put("FullyQualifiedDomainName", http.host());
    }
    if (http.match() instanceof BodyMatch.Search text) {
      config.put("SearchString", text.text());
    }
    if (tls != null) {
      config.put("EnableSNI", tls.sni());
    }
    loses(lost, http.match() != null && !search, "JSON fields");
    loses(lost, tls != null && tls.verify(), "the certificate, which they never verify");
    loses(lost, !http.expected().equals(ExpectedStatus.DEFAULT), "other status codes");
    loses(lost, !http.request().equals(CheckRequest.DEFAULT), "methods, headers and bodies");
  }

  private void calculated(
      CheckKind.Calculated calculated, Map<String, Object> config, List<String> lost) {
    List<String> children =
        calculated.checks().stream().map(this::use).filter(id -> !id.isEmpty()).toList();
    boolean nested =
        calculated.checks().stream()
            .map(defined::get)
            .anyMatch(child -> child != null && child.kind() instanceof CheckKind.Calculated);
    loses(lost, nested, "calculated checks of calculated checks, and refuse this one");
    int assumed = calculated.checks().size() - children.size();
    config.put("Type", "CALCULATED");
    config.put("HealthThreshold", Math.max(0, calculated.healthy() - assumed));
    config.put("ChildHealthChecks", children);
  }

  private static void settings(HealthCheck check, Map<String, Object> config, List<String> lost) {
    HealthCheck.Settings settings = check.settings();
    if (check.kind().isAimed()) {
      long interval = settings.interval().toSeconds() <= FAST ? FAST : SLOW;
      config.put("RequestInterval", interval);
      config.put("FailureThreshold", settings.failureThreshold());
      loses(
          lost,
          interval != settings.interval().toSeconds(),
          "intervals but 10s and 30s (" + interval + "s is written)");
      loses(
          lost,
          settings.failureThreshold() != settings.successThreshold(),
          "a success threshold of its own");
    }
    loses(lost, settings.failureRatio() != null, "failure ratios");
    loses(lost, !settings.slowStart().isZero(), "slow starts");
    config.put("Inverted", settings.inverted());
    config.put("Disabled", settings.disabled());
  }

  /** All that were used, by id. */
  List<Object> json() {
    return List.copyOf(json.values());
  }
}
