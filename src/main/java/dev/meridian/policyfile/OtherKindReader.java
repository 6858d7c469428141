package dev.meridian.policyfile;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.meridian.health.BodyMatch;
import dev.meridian.health.CheckKind;
import dev.meridian.health.CheckRequest;
import dev.meridian.health.ExecCheck;
import dev.meridian.health.ExpectedStatus;
import dev.meridian.health.FileCheck;
import dev.meridian.health.GrpcCheck;
import dev.meridian.health.HeartbeatCheck;
import dev.meridian.health.MetricCheck;
import dev.meridian.health.MetricCheck.Insufficient;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlValues;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the kinds of health checks that are told of a target, or ask in other ways than HTTP's. */
final class OtherKindReader {
  static final List<String> GRPC_KEYS =
      Stream.concat(Stream.of("service", "host", "port", "tls", "address"), TlsReader.KEYS.stream())
          .toList();
  static final List<String> METRIC_KEYS =
      Stream.concat(
              Stream.of("query", "healthy", "server", "port", "path", "tls", "insufficient-data"),
              Stream.concat(CredentialsReader.KEYS.stream(), TlsReader.KEYS.stream()))
          .toList();
  static final List<String> FILE_KEYS = List.of("path", "key", "max-age", "insufficient-data");
  static final List<String> HEARTBEAT_KEYS = List.of("token");
  static final List<String> EXEC_KEYS = List.of("command", "address");

  private static final int PROMETHEUS_PORT = 9090;
  private static final Duration MAX_AGE = Duration.ofMinutes(1);

  private final YamlValues nodes;
  private final TlsReader tls;
  private final CredentialsReader credentials;

  OtherKindReader(YamlValues nodes, TlsReader tls, CredentialsReader credentials) {
    this.nodes = nodes;
    this.tls = tls;
    this.credentials = credentials;
  }

  /** The node that says where to connect. */
  @Nullable YamlNode target(String kind, Mapping mapping) {
    YamlNode server = YamlValues.get(mapping, kind.equals("metric") ? "server" : "address");
    if (kind.equals("metric") && server == null) {
      missing(mapping, "metric takes the server to ask");
    }
    return server;
  }

  @Nullable GrpcCheck grpc(Mapping mapping) {
    String service = text(mapping, "service", "");
    YamlNode host = YamlValues.get(mapping, "host");
    String hostName = host == null ? null : nodes.text(host, "host");
    CheckKind.Tls secured = secured(mapping);
    int port = port(mapping, secured == null ? CheckKind.HTTP_PORT : CheckKind.HTTPS_PORT);
    return nodes.tried(
        host == null ? mapping.position() : host.position(),
        () -> new GrpcCheck(service, hostName, port, secured));
  }

  /** TLS is on where {@code tls} says so. */
  private CheckKind.@Nullable Tls secured(Mapping mapping) {
    YamlNode node = YamlValues.get(mapping, "tls");
    Boolean on = node == null ? Boolean.FALSE : nodes.bool(node, "tls");
    CheckKind.Tls settings = tls.tls(mapping);
    if (Boolean.TRUE.equals(on)) {
      return settings;
    }
    for (String key : TlsReader.KEYS) {
      YamlNode idle = YamlValues.get(mapping, key);
      if (idle != null && on != null) {
        nodes.reporter().error(idle.position(), key + " is for TLS; write 'tls: true' beside it");
      }
    }
    return null;
  }

  @Nullable MetricCheck metric(Mapping mapping) {
    YamlNode queryNode = YamlValues.get(mapping, "query");
    YamlNode healthyNode = YamlValues.get(mapping, "healthy");
    if (queryNode == null || healthyNode == null) {
      missing(mapping, "metric takes a query and what is healthy");
      return null;
    }
    String query = nodes.text(queryNode, "query");
    String healthy = nodes.text(healthyNode, "healthy");
    if (query == null || healthy == null) {
      return null;
    }
    BodyMatch.Samples samples =
        nodes.tried(healthyNode.position(), () -> BodyMatch.Samples.parse(healthy));
    CheckRequest request = nodes.tried(queryNode.position(), () -> request(mapping, query));
    Insufficient insufficient = insufficient(mapping);
    CheckKind.Tls secured = secured(mapping);
    int port = port(mapping, PROMETHEUS_PORT);
    String server = text(mapping, "server", "");
    String path = text(mapping, "path", "/api/v1/query");
    if (samples == null || request == null || server.isEmpty()) {
      return null;
    }
    return nodes.tried(
        mapping.position(),
        () ->
            new MetricCheck(
                new CheckKind.Http(
                    server, path, port, secured, ExpectedStatus.DEFAULT, samples, request),
                insufficient));
  }

  /** A form, for a query may be longer than a request line. */
  private CheckRequest request(Mapping mapping, String query) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/x-www-form-urlencoded");
    String authorization = credentials.authorization(mapping);
    if (!authorization.isEmpty()) {
      headers.put("Authorization", authorization);
    }
    return new CheckRequest("POST", headers, "query=" + URLEncoder.encode(query, UTF_8));
  }

  private Insufficient insufficient(Mapping mapping) {
    YamlNode node = YamlValues.get(mapping, "insufficient-data");
    String text = node == null ? null : nodes.text(node, "insufficient-data");
    for (Insufficient rule : Insufficient.values()) {
      if (rule.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
        return rule;
      }
    }
    if (node != null && text != null) {
      nodes
          .reporter()
          .error(
              node.position(),
              "insufficient-data is healthy, unhealthy or last-known, not '" + text + "'");
    }
    return Insufficient.LAST_KNOWN;
  }

  @Nullable FileCheck file(Mapping mapping) {
    YamlNode pathNode = YamlValues.get(mapping, "path");
    if (pathNode == null) {
      missing(mapping, "file takes the path of the file");
      return null;
    }
    String path = nodes.text(pathNode, "path");
    String key = text(mapping, "key", FileCheck.ID);
    YamlNode ageNode = YamlValues.get(mapping, "max-age");
    Long age =
        ageNode == null ? Long.valueOf(MAX_AGE.toMillis()) : nodes.milliseconds(ageNode, "max-age");
    Insufficient insufficient = insufficient(mapping);
    return path == null || age == null
        ? null
        : nodes.tried(
            pathNode.position(),
            () -> new FileCheck(path, key, Duration.ofMillis(age), insufficient));
  }

  @Nullable HeartbeatCheck heartbeat(Mapping mapping) {
    YamlNode node = YamlValues.get(mapping, "token");
    if (node == null) {
      missing(mapping, "heartbeat takes the token that its target calls with");
      return null;
    }
    String token = nodes.text(node, "token");
    return token == null ? null : nodes.tried(node.position(), () -> new HeartbeatCheck(token));
  }

  @Nullable ExecCheck exec(Mapping mapping) {
    YamlNode node = YamlValues.get(mapping, "command");
    if (node == null) {
      missing(mapping, "exec takes a command: a list of words");
      return null;
    }
    List<String> words = new ArrayList<>();
    for (YamlNode item : nodes.items(node, "command")) {
      String word = nodes.text(item, "command");
      if (word != null) {
        words.add(word);
      }
    }
    return words.isEmpty() ? null : nodes.tried(node.position(), () -> new ExecCheck(words));
  }

  private void missing(Mapping mapping, String what) {
    nodes.reporter().error(mapping.position(), what);
  }

  private String text(Mapping mapping, String key, String usual) {
    YamlNode node = YamlValues.get(mapping, key);
    String text = node == null ? usual : nodes.text(node, key);
    return text == null ? usual : text;
  }

  private int port(Mapping mapping, int usual) {
    YamlNode node = YamlValues.get(mapping, "port");
    Long port = node == null ? null : nodes.integer(node, "port", 1, 65_535);
    return port == null ? usual : port.intValue();
  }
}
