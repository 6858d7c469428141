package dev.meridian.load;

import dev.meridian.health.CheckKind;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.YamlText.Keys;
import dev.meridian.load.YamlText.Text;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The {@code health-checks} of an imported policy file, called after what they probe. */
final class Route53CheckTexts {
  private final Map<Integer, HealthCheck> byNumber = new LinkedHashMap<>();
  private final Map<Integer, String> names = new LinkedHashMap<>();
  private final Map<String, YamlText> used = new LinkedHashMap<>();

  Route53CheckTexts(HealthRegistry registry, List<HealthCheck> checks) {
    checks.forEach(check -> byNumber.put(registry.indexOf(check.id()), check));
  }

  /** The name of a check, which is written from now on; empty if nothing can probe it here. */
  String use(int number) {
    HealthCheck check = byNumber.get(number);
    if (check == null) {
      return "";
    }
    return names.computeIfAbsent(number, _ -> define(check));
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

  private static String name(HealthCheck check) {
    String address = check.address().getHostAddress();
    return switch (check.kind()) {
      case CheckKind.Tcp tcp -> "tcp-" + plain(address) + "-" + tcp.port();
      case CheckKind.Http http ->
          (http.tls() == null ? "http-" : "https-")
              + plain(http.host() == null ? address : http.host());
    };
  }

  private static String plain(String text) {
    return text.replace(':', '-');
  }

  private static YamlText text(HealthCheck check) {
    Map<String, YamlText> text = new LinkedHashMap<>();
    switch (check.kind()) {
      case CheckKind.Tcp tcp -> text.put("tcp", new Keys(tcp(tcp, check.address())));
      case CheckKind.Http http ->
          text.put(http.tls() == null ? "http" : "https", new Keys(http(http, check.address())));
    }
    HealthCheck.Settings settings = check.settings();
    text.put("interval", span(settings.interval()));
    text.put("timeout", span(settings.timeout()));
    text.put("failure-threshold", number(settings.failureThreshold()));
    text.put("success-threshold", number(settings.successThreshold()));
    if (settings.inverted()) {
      text.put("inverted", new Text("true"));
    }
    if (settings.disabled()) {
      text.put("disabled", new Text("true"));
    }
    return new Keys(text);
  }

  private static Map<String, YamlText> tcp(CheckKind.Tcp tcp, InetAddress address) {
    Map<String, YamlText> text = new LinkedHashMap<>();
    text.put("port", number(tcp.port()));
    text.put("address", new Text(address.getHostAddress()));
    return text;
  }

  private static Map<String, YamlText> http(CheckKind.Http http, InetAddress address) {
    Map<String, YamlText> text = new LinkedHashMap<>();
    if (http.host() != null) {
      text.put("host", new Text(http.host()));
    }
    text.put("path", new Text(http.path()));
    text.put("port", number(http.port()));
    if (http.searchString() != null) {
      text.put("search", new Text(http.searchString()));
    }
    CheckKind.Tls tls = http.tls();
    if (tls != null && !tls.verify()) {
      text.put("verify", new Text("false"));
    }
    if (tls != null && !tls.sni()) {
      text.put("sni", new Text("false"));
    }
    text.put("address", new Text(address.getHostAddress()));
    return text;
  }

  private static Text span(Duration span) {
    return new Text(span.toSeconds() + "s");
  }

  private static Text number(int number) {
    return new Text(Integer.toString(number));
  }
}
