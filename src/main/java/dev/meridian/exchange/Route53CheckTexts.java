package dev.meridian.exchange;

import dev.meridian.health.BodyMatch;
import dev.meridian.health.CheckKind;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthRegistry;
import dev.meridian.source.YamlText;
import dev.meridian.source.YamlText.Items;
import dev.meridian.source.YamlText.Keys;
import dev.meridian.source.YamlText.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The {@code health-checks} of an imported policy file, called after what they probe. */
final class Route53CheckTexts {
  private final HealthRegistry registry;
  private final Map<Integer, HealthCheck> byNumber = new LinkedHashMap<>();
  private final Map<Integer, String> names = new LinkedHashMap<>();
  private final Map<String, YamlText> used = new LinkedHashMap<>();

  Route53CheckTexts(HealthRegistry registry, List<HealthCheck> checks) {
    checks.forEach(check -> byNumber.put(registry.indexOf(check.id()), check));
    this.registry = registry;
  }

  /** The name of a check, which is written from now on; empty for one that is always healthy. */
  String use(int number) {
    HealthCheck check = byNumber.get(number);
    if (check == null || (isFixed(check) && isHealthy(check))) {
      return "";
    }
    String name = names.get(number);
    if (name == null) {
      name = define(check);
      names.put(number, name);
    }
    return name;
  }

  /** Those that were used. */
  Map<String, YamlText> used() {
    return used;
  }

  private String define(HealthCheck check) {
    String name = name(check);
    for (int i = 2; used.containsKey(name); i++) {
      name = name(check) + "-" + i;
    }
    used.put(name, text(check));
    return name;
  }

  /** Whether nothing but a person's decision changes it. */
  private static boolean isFixed(HealthCheck check) {
    return check.kind() instanceof CheckKind.Calculated whole && whole.checks().isEmpty();
  }

  private static boolean isHealthy(HealthCheck fixed) {
    HealthCheck.Settings settings = fixed.settings();
    boolean met = fixed.kind() instanceof CheckKind.Calculated whole && whole.healthy() == 0;
    return (settings.disabled() || met) != settings.inverted();
  }

  /** Route 53 has no kinds but these. */
  private static String name(HealthCheck check) {
    return switch (check.kind()) {
      case CheckKind.Tcp tcp -> "tcp-" + plain(address(check)) + "-" + tcp.port();
      case CheckKind.Http http ->
          (http.tls() == null ? "http-" : "https-")
              + plain(http.host() == null ? address(check) : http.host());
      case CheckKind.Calculated _ when isFixed(check) -> "not-probed";
      case CheckKind.Calculated calculated ->
          calculated.healthy() + "-of-" + calculated.checks().size();
      default -> throw new AssertionError(check.kind());
    };
  }

  private static String address(HealthCheck check) {
    return check.target().replaceFirst("\\.$", "");
  }

  private static String plain(String text) {
    return text.replace(':', '-');
  }

  private YamlText text(HealthCheck check) {
    Map<String, YamlText> text = new LinkedHashMap<>();
    switch (check.kind()) {
      case CheckKind.Tcp tcp -> text.put("tcp", new Keys(tcp(tcp, address(check))));
      case CheckKind.Http http ->
          text.put(http.tls() == null ? "http" : "https", new Keys(http(http, address(check))));
      case CheckKind.Calculated calculated ->
          text.put("calculated", new Keys(calculated(calculated)));
      default -> throw new AssertionError(check.kind());
    }
    HealthCheck.Settings settings = check.settings();
    if (check.kind().isAimed()) {
      text.put("interval", span(settings.interval()));
      text.put("timeout", span(settings.timeout()));
      text.put("failure-threshold", number(settings.failureThreshold()));
      text.put("success-threshold", number(settings.successThreshold()));
    }
    if (settings.inverted()) {
      text.put("inverted", new Text("true"));
    }
    if (settings.disabled()) {
      text.put("disabled", new Text("true"));
    }
    return new Keys(text);
  }

  private static Map<String, YamlText> tcp(CheckKind.Tcp tcp, String address) {
    Map<String, YamlText> text = new LinkedHashMap<>();
    text.put("port", number(tcp.port()));
    text.put("address", new Text(address));
    return text;
  }

  private static Map<String, YamlText> http(CheckKind.Http http, String address) {
    Map<String, YamlText> text = new LinkedHashMap<>();
    if (http.host() != null) {
      text.put("host", new Text(http.host()));
    }
    text.put("path", new Text(http.path()));
    text.put("port", number(http.port()));
    if (http.match() instanceof BodyMatch.Search search) {
      text.put("search", new Text(search.text()));
    }
    CheckKind.Tls tls = http.tls();
    if (tls != null && !tls.verify()) {
      text.put("verify", new Text("false"));
    }
    if (tls != null && !tls.sni()) {
      text.put("sni", new Text("false"));
    }
    text.put("address", new Text(address));
    return text;
  }

  /** What is fixed is no part: of those that are healthy, as many fewer are asked for. */
  private Map<String, YamlText> calculated(CheckKind.Calculated calculated) {
    Map<String, YamlText> text = new LinkedHashMap<>();
    List<YamlText> parts = new ArrayList<>();
    int fixed = 0;
    for (String id : calculated.checks()) {
      int number = registry.indexOf(id);
      HealthCheck part = byNumber.get(number);
      if (part == null || !isFixed(part)) {
        parts.add(new Text(use(number)));
      } else if (isHealthy(part)) {
        fixed++;
      }
    }
    text.put("checks", new Items(parts));
    text.put("healthy", number(Math.max(0, calculated.healthy() - fixed)));
    return text;
  }

  private static Text span(Duration span) {
    return new Text(span.toSeconds() + "s");
  }

  private static Text number(int number) {
    return new Text(Integer.toString(number));
  }
}
