package dev.meridian.policyfile;

import dev.meridian.health.BodyMatch;
import dev.meridian.health.CheckKind;
import dev.meridian.health.CheckRequest;
import dev.meridian.health.ExpectedStatus;
import dev.meridian.health.IcmpCheck;
import dev.meridian.net.Prefix;
import dev.meridian.rr.RRType;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Entry;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlValues;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.Rcode;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what a health check does: the value of {@code http}, {@code dns} and so on. */
final class CheckKindReader {
  /** The keys that say what kind a check is. */
  static final List<String> KINDS =
      List.of(
          "http",
          "https",
          "tls",
          "tcp",
          "dns",
          "icmp",
          "grpc",
          "metric",
          "file",
          "heartbeat",
          "exec",
          "calculated");

  private static final List<String> HTTP_KEYS =
      Stream.concat(
              Stream.of(
                  "host", "path", "port", "method", "headers", "body", "status", "search", "json",
                  "address"),
              CredentialsReader.KEYS.stream())
          .toList();
  private static final List<String> HTTPS_KEYS =
      Stream.concat(HTTP_KEYS.stream(), TlsReader.KEYS.stream()).toList();
  private static final List<String> TLS_KEYS =
      Stream.concat(Stream.of("host", "port", "address"), TlsReader.KEYS.stream()).toList();
  private static final List<String> TCP_KEYS = List.of("port", "send", "expect", "address");
  private static final List<String> DNS_KEYS =
      List.of("name", "type", "port", "rcode", "answer", "address");
  private static final List<String> ICMP_KEYS = List.of("address");
  private static final List<String> CALCULATED_KEYS = List.of("checks", "healthy");
  private static final int MAX_PORT = 65_535;
  private static final int MAX_RCODE = 15;

  /**
   * The last label has a letter in front, so that no other spelling of an address passes for a
   * name.
   */
  private static final Pattern TARGET_NAME =
      Pattern.compile("([A-Za-z0-9_-]{1,63}\\.)*[A-Za-z][A-Za-z0-9-]{0,62}\\.?");

  /**
   * What was read.
   *
   * @param address probed in place of the endpoint's; null: the endpoint's own
   * @param name the same by name, resolved for each probe
   */
  record Read(CheckKind kind, @Nullable InetAddress address, @Nullable DomainName name) {}

  private final YamlValues nodes;
  private final TlsReader tls;
  private final CredentialsReader credentials;
  private final OtherKindReader others;
  private final List<YamlNode> references = new ArrayList<>();

  CheckKindReader(YamlValues nodes, Attachments files) {
    this.nodes = nodes;
    this.tls = new TlsReader(nodes, files);
    this.credentials = new CredentialsReader(nodes, files);
    this.others = new OtherKindReader(nodes, tls, credentials);
  }

  /** Every name of another check that calculated ones were seen to refer to. */
  List<YamlNode> references() {
    return references;
  }

  /** Reads one of {@link #KINDS}; null after an error. */
  @Nullable Read read(Entry entry) {
    String name = entry.key().text();
    Mapping mapping = nodes.mapping(entry.value(), name, keys(name));
    if (mapping == null) {
      return null;
    }
    int errors = nodes.reporter().errorCount();
    CheckKind kind = kind(name, mapping);
    Read read = aimed(kind, others.target(name, mapping));
    return nodes.reporter().errorCount() > errors ? null : read;
  }

  /** A target is an address, or a name that stands for some. */
  private @Nullable Read aimed(@Nullable CheckKind kind, @Nullable YamlNode target) {
    String text = target == null ? null : nodes.text(target, "address");
    if (kind == null || target == null || text == null) {
      return kind == null ? null : new Read(kind, null, null);
    }
    byte[] octets = Prefix.parseAddress(text);
    if (octets != null) {
      return new Read(kind, CheckTemplates.inetAddress(octets), null);
    }
    if (!TARGET_NAME.matcher(text).matches()) {
      nodes
          .reporter()
          .error(
              target.position(), "'" + text + "' is not an IPv4 or IPv6 address, nor a host name");
      return null;
    }
    DomainName name = nodes.tried(target.position(), () -> DomainName.parse(text, DomainName.ROOT));
    return name == null ? null : new Read(kind, null, name);
  }

  private static List<String> keys(String kind) {
    return switch (kind) {
      case "http" -> HTTP_KEYS;
      case "https" -> HTTPS_KEYS;
      case "tls" -> TLS_KEYS;
      case "tcp" -> TCP_KEYS;
      case "dns" -> DNS_KEYS;
      case "icmp" -> ICMP_KEYS;
      case "grpc" -> OtherKindReader.GRPC_KEYS;
      case "metric" -> OtherKindReader.METRIC_KEYS;
      case "file" -> OtherKindReader.FILE_KEYS;
      case "heartbeat" -> OtherKindReader.HEARTBEAT_KEYS;
      case "exec" -> OtherKindReader.EXEC_KEYS;
      default -> CALCULATED_KEYS;
    };
  }

  private @Nullable CheckKind kind(String name, Mapping mapping) {
    return switch (name) {
      case "http" -> http(mapping, null);
      case "https" -> http(mapping, tls.tls(mapping));
      case "tls" -> handshake(mapping);
      case "tcp" -> tcp(mapping);
      case "dns" -> dns(mapping);
      case "icmp" -> new IcmpCheck();
      case "grpc" -> others.grpc(mapping);
      case "metric" -> others.metric(mapping);
      case "file" -> others.file(mapping);
      case "heartbeat" -> others.heartbeat(mapping);
      case "exec" -> others.exec(mapping);
      default -> calculated(mapping);
    };
  }

  private @Nullable InetAddress address(YamlNode node) {
    String text = nodes.text(node, "address");
    byte[] octets = text == null ? null : Prefix.parseAddress(text);
    if (text != null && octets == null) {
      nodes.reporter().error(node.position(), "'" + text + "' is not an IPv4 or IPv6 address");
    }
    return octets == null ? null : CheckTemplates.inetAddress(octets);
  }

  private CheckKind.@Nullable Http http(Mapping mapping, CheckKind.@Nullable Tls secured) {
    YamlNode host = YamlValues.get(mapping, "host");
    String hostName = host == null ? null : nodes.text(host, "host");
    CheckKind.Http kind =
        nodes.tried(
            host == null ? mapping.position() : host.position(),
            () ->
                secured == null
                    ? CheckKind.http(hostName)
                    : CheckKind.https(hostName).withTls(secured));
    for (Entry entry : mapping.entries()) {
      kind = kind == null ? null : httpValue(kind, entry.key().text(), entry.value());
    }
    return kind == null ? null : credentials.addTo(kind, mapping);
  }

  private CheckKind.@Nullable Http httpValue(CheckKind.Http kind, String key, YamlNode value) {
    return switch (key) {
      case "path" -> {
        String path = nodes.text(value, key);
        yield path == null ? null : nodes.tried(value.position(), () -> kind.withPath(path));
      }
      case "port" -> {
        Long port = nodes.integer(value, key, 1, MAX_PORT);
        yield port == null ? null : kind.withPort(port.intValue());
      }
      case "status" -> {
        ExpectedStatus status = status(value);
        yield status == null ? null : kind.withExpected(status);
      }
      case "search", "json" -> {
        BodyMatch match = match(kind, key, value);
        yield match == null ? null : nodes.tried(value.position(), () -> kind.withMatch(match));
      }
      case "method", "headers", "body" -> {
        CheckRequest request = request(kind.request(), key, value);
        yield request == null
            ? null
            : nodes.tried(value.position(), () -> kind.withRequest(request));
      }
      default -> kind;
    };
  }

  private @Nullable BodyMatch match(CheckKind.Http kind, String key, YamlNode value) {
    if (kind.match() != null) {
      nodes.reporter().error(value.position(), "a check takes one of search and json, not both");
      return null;
    }
    if (key.equals("search")) {
      return search(value, key);
    }
    Map<String, String> fields = texts(value, key);
    return fields == null ? null : nodes.tried(value.position(), () -> new BodyMatch.Json(fields));
  }

  private BodyMatch.@Nullable Search search(YamlNode value, String key) {
    String text = nodes.text(value, key);
    return text == null ? null : nodes.tried(value.position(), () -> new BodyMatch.Search(text));
  }

  private @Nullable CheckRequest request(CheckRequest request, String key, YamlNode value) {
    if (key.equals("headers")) {
      Map<String, String> headers = texts(value, key);
      return headers == null
          ? null
          : nodes.tried(value.position(), () -> request.withHeaders(headers));
    }
    String text = nodes.text(value, key);
    return text == null
        ? null
        : nodes.tried(
            value.position(),
            () -> key.equals("method") ? request.withMethod(text) : request.withBody(text));
  }

  /** A map of texts, in the order written; null after an error. */
  private @Nullable Map<String, String> texts(YamlNode node, String what) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Entry entry : nodes.entries(node, what)) {
      String text = nodes.text(entry.value(), entry.key().text());
      if (text == null) {
        return null;
      }
      texts.put(entry.key().text(), text);
    }
    return texts.isEmpty() ? null : texts;
  }

  private @Nullable ExpectedStatus status(YamlNode node) {
    List<ExpectedStatus.Range> ranges = new ArrayList<>();
    for (YamlNode item : nodes.oneOrMore(node, "status")) {
      String text = nodes.text(item, "status");
      ExpectedStatus.Range range =
          text == null ? null : nodes.tried(item.position(), () -> ExpectedStatus.parse(text));
      if (range == null) {
        return null;
      }
      ranges.add(range);
    }
    return ranges.isEmpty() ? null : new ExpectedStatus(ranges);
  }

  private CheckKind.@Nullable Handshake handshake(Mapping mapping) {
    YamlNode host = YamlValues.get(mapping, "host");
    String hostName = host == null ? null : nodes.text(host, "host");
    int port = port(mapping, CheckKind.HTTPS_PORT);
    CheckKind.Tls settings = tls.tls(mapping);
    return nodes.tried(
        host == null ? mapping.position() : host.position(),
        () -> new CheckKind.Handshake(hostName, port, settings));
  }

  /** The port written; the usual one if there is none, or none that is right. */
  private int port(Mapping mapping, int usual) {
    YamlNode node = YamlValues.get(mapping, "port");
    Long port = node == null ? null : nodes.integer(node, "port", 1, MAX_PORT);
    return port == null ? usual : port.intValue();
  }

  private CheckKind.@Nullable Tcp tcp(Mapping mapping) {
    if (YamlValues.get(mapping, "port") == null) {
      nodes.reporter().error(mapping.position(), "tcp takes a port");
      return null;
    }
    int port = port(mapping, 1);
    YamlNode sendNode = YamlValues.get(mapping, "send");
    YamlNode expectNode = YamlValues.get(mapping, "expect");
    String send = sendNode == null ? "" : nodes.text(sendNode, "send");
    BodyMatch.Search expect = expectNode == null ? null : search(expectNode, "expect");
    if (sendNode != null && expectNode == null) {
      nodes.reporter().error(sendNode.position(), "send takes an expect beside it");
    }
    return send == null
        ? null
        : nodes.tried(
            sendNode == null ? mapping.position() : sendNode.position(),
            () -> new CheckKind.Tcp(port, send, expect));
  }

  private CheckKind.@Nullable Dns dns(Mapping mapping) {
    YamlNode nameNode = YamlValues.get(mapping, "name");
    if (nameNode == null) {
      nodes.reporter().error(mapping.position(), "dns takes the name to ask for");
      return null;
    }
    String text = nodes.text(nameNode, "name");
    DomainName name =
        text == null
            ? null
            : nodes.tried(nameNode.position(), () -> DomainName.parse(text, DomainName.ROOT));
    int type = type(YamlValues.get(mapping, "type"));
    int rcode = rcode(YamlValues.get(mapping, "rcode"));
    Set<InetAddress> answers = answers(YamlValues.get(mapping, "answer"));
    int port = port(mapping, CheckKind.Dns.PORT);
    return name == null
        ? null
        : nodes.tried(
            mapping.position(), () -> new CheckKind.Dns(name, type, port, rcode, answers));
  }

  private int type(@Nullable YamlNode node) {
    String text = node == null ? "A" : nodes.text(node, "type");
    Integer type = text == null ? null : RRType.parse(text).orElse(null);
    if (node != null && text != null && (type == null || RRType.isMeta(type))) {
      nodes.reporter().error(node.position(), "'" + text + "' is not a record type");
    }
    return type == null ? RRType.A : type;
  }

  private int rcode(@Nullable YamlNode node) {
    String text = node == null ? "NOERROR" : nodes.text(node, "rcode");
    for (int rcode = 0; rcode <= MAX_RCODE; rcode++) {
      if (Rcode.toText(rcode).equals(text) || Integer.toString(rcode).equals(text)) {
        return rcode;
      }
    }
    if (node != null && text != null) {
      nodes
          .reporter()
          .error(node.position(), "'" + text + "' is not a response code; NXDOMAIN is one");
    }
    return 0;
  }

  private Set<InetAddress> answers(@Nullable YamlNode node) {
    Set<InetAddress> answers = new HashSet<>();
    for (YamlNode item : node == null ? List.<YamlNode>of() : nodes.oneOrMore(node, "answer")) {
      InetAddress answer = address(item);
      if (answer != null) {
        answers.add(answer);
      }
    }
    return answers;
  }

  private CheckKind.@Nullable Calculated calculated(Mapping mapping) {
    YamlNode checks = YamlValues.get(mapping, "checks");
    YamlNode healthy = YamlValues.get(mapping, "healthy");
    if (checks == null || healthy == null) {
      nodes
          .reporter()
          .error(mapping.position(), "calculated takes checks and how many must be healthy");
      return null;
    }
    List<String> names = new ArrayList<>();
    boolean none = checks instanceof YamlNode.Sequence list && list.items().isEmpty();
    for (YamlNode item : none ? List.<YamlNode>of() : nodes.items(checks, "checks")) {
      String name = nodes.text(item, "checks");
      if (name != null) {
        names.add(name);
        references.add(item);
      }
    }
    Integer threshold = threshold(healthy, names.size());
    return threshold == null || (names.isEmpty() && !none)
        ? null
        : nodes.tried(checks.position(), () -> new CheckKind.Calculated(names, threshold));
  }

  private @Nullable Integer threshold(YamlNode node, int count) {
    String text = nodes.text(node, "healthy");
    if (text == null) {
      return null;
    }
    if (text.equals("all") || text.equals("any")) {
      return text.equals("all") ? count : 1;
    }
    if (text.matches("\\d{1,3}") && Integer.parseInt(text) <= CheckKind.Calculated.MAX_CHECKS) {
      return Integer.valueOf(text);
    }
    nodes
        .reporter()
        .error(
            node.position(), "healthy is all, any or a number from 0 to 256, not '" + text + "'");
    return null;
  }
}
