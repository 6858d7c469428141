package dev.meridian.health;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What servers, and the same server after an upgrade, call a definition by: 64 bits that are the
 * same wherever the definition is, whatever build reads it. The first octets of the SHA-256 of
 *
 * <pre>
 * meridian-check-1
 * KEY=LENGTH:VALUE       a line for each field that has to be said; LENGTH in octets, UTF-8
 * </pre>
 *
 * in the order of the methods here. What has the value that goes without saying is left out, so
 * that a build that knows one field more agrees with one that does not, as long as nobody uses it.
 * Those values are part of this form, and stay as they are if defaults should ever change. What
 * only routing goes by, such as {@code slow-start}, is no part of it: it changes nothing about what
 * is seen.
 */
final class DefinitionHash {
  private static final String FORM = "meridian-check-1\n";

  private final StringBuilder text = new StringBuilder(FORM);

  private DefinitionHash() {}

  /** The hash of a definition; pure. */
  static long of(HealthCheck check) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text(check).getBytes(UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** What is hashed. */
  static String text(HealthCheck check) {
    DefinitionHash hash = new DefinitionHash();
    hash.field("id", check.id(), "");
    hash.field("address", address(check.address()), "");
    hash.field("name", check.name(), null);
    hash.settings(check.settings());
    hash.field("kind", check.kind().word(), "");
    hash.kind(check.kind());
    return hash.text.toString();
  }

  private void field(String key, @Nullable Object value, @Nullable Object usual) {
    if (value == null || value.equals(usual)) {
      return;
    }
    String shown = value instanceof Duration span ? span.toMillis() + "ms" : value.toString();
    text.append(key).append('=').append(shown.getBytes(UTF_8).length);
    text.append(':').append(shown).append('\n');
  }

  private void list(String key, List<?> values) {
    field(key, values.size(), 0);
    values.forEach(value -> field(key, value, null));
  }

  private static String address(@Nullable InetAddress address) {
    return address == null ? "" : HexFormat.of().formatHex(address.getAddress());
  }

  private void settings(HealthCheck.Settings settings) {
    field("interval", settings.interval(), Duration.ofSeconds(10));
    field("timeout", settings.timeout(), Duration.ofSeconds(4));
    field("failure-threshold", settings.failureThreshold(), 3);
    field("success-threshold", settings.successThreshold(), 3);
    Hysteresis.Ratio ratio = settings.failureRatio();
    field("failure-ratio", ratio == null ? null : ratio.failures() + "/" + ratio.of(), null);
    field("inverted", settings.inverted(), false);
    field("disabled", settings.disabled(), false);
  }

  private void kind(CheckKind kind) {
    switch (kind) {
      case CheckKind.Tcp tcp -> {
        field("port", tcp.port(), null);
        field("send", tcp.send(), "");
        match(tcp.expect());
      }
      case CheckKind.Handshake handshake -> {
        field("host", handshake.host(), null);
        field("port", handshake.port(), null);
        tls(handshake.tls());
      }
      case CheckKind.Dns dns -> dns(dns);
      case CheckKind.Calculated calculated -> {
        list("check", calculated.checks());
        field("healthy", calculated.healthy(), null);
      }
      case CheckKind.Http http -> http(http);
      case ExecCheck exec -> list("word", exec.command());
      case FileCheck file -> file(file);
      case GrpcCheck grpc -> {
        field("service", grpc.service(), "");
        field("host", grpc.host(), null);
        field("port", grpc.port(), null);
        tls(grpc.tls());
      }
      case IcmpCheck _ -> {} // the address is all there is
      case HeartbeatCheck heartbeat -> field("token", heartbeat.token(), null);
      case MetricCheck metric -> {
        http(metric.request());
        insufficient(metric.insufficient());
      }
    }
  }

  private void dns(CheckKind.Dns dns) {
    field("query-name", dns.name(), null);
    field("type", dns.type(), null);
    field("port", dns.port(), null);
    field("rcode", dns.rcode(), 0);
    list("answer", dns.answers().stream().map(DefinitionHash::address).sorted().toList());
  }

  private void file(FileCheck file) {
    field("path", file.path(), null);
    field("key", file.key(), null);
    field("max-age", file.maxAge(), null);
    insufficient(file.insufficient());
  }

  private void insufficient(MetricCheck.Insufficient rule) {
    field("insufficient-data", rule, null);
  }

  private void http(CheckKind.Http http) {
    field("host", http.host(), null);
    field("path", http.path(), "/");
    field("port", http.port(), null);
    tls(http.tls());
    field("status", http.expected().toString(), "200-399");
    match(http.match());
    CheckRequest request = http.request();
    field("method", request.method(), "GET");
    list(
        "header",
        request.headers().entrySet().stream()
            .map(header -> header.getKey() + ": " + header.getValue())
            .toList());
    field("body", request.body(), "");
  }

  private void match(@Nullable BodyMatch match) {
    switch (match) {
      case BodyMatch.Search search -> field("search", search.text(), null);
      case BodyMatch.Samples samples -> field("samples", samples, null);
      case BodyMatch.Json json ->
          list(
              "json",
              json.fields().entrySet().stream()
                  .map(each -> each.getKey().length() + ":" + each.getKey() + each.getValue())
                  .sorted()
                  .toList());
      case null -> {}
    }
  }

  private void tls(CheckKind.@Nullable Tls tls) {
    if (tls == null) {
      return;
    }
    field("tls", true, false);
    field("verify", tls.verify(), true);
    field("sni", tls.sni(), true);
    field("expiry-days", tls.expiryDays(), 0);
    List<X509Certificate> authorities = tls.authorities();
    if (authorities != null) {
      field(
          "authorities",
          authorities.stream()
              .map(DefinitionHash::digest)
              .sorted()
              .collect(Collectors.joining(" ")),
          null);
    }
  }

  private static String digest(X509Certificate certificate) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(certificate.getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("a certificate that was read can be written", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
