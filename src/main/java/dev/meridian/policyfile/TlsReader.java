package dev.meridian.policyfile;

import dev.meridian.health.CheckKind;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Entry;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlValues;
import dev.meridian.text.Reasons;
import java.io.IOException;
import java.io.InputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads how a health check does TLS. */
final class TlsReader {
  /** The keys that it looks at. */
  static final List<String> KEYS = List.of("verify", "sni", "ca-file", "expiry-days");

  private static final int MAX_DAYS = 3650;

  private final YamlValues nodes;
  private final Attachments files;

  TlsReader(YamlValues nodes, Attachments files) {
    this.nodes = nodes;
    this.files = files;
  }

  /** What a mapping says about TLS; mistakes are reported and passed over. */
  CheckKind.Tls tls(Mapping mapping) {
    CheckKind.Tls tls = CheckKind.Tls.DEFAULT;
    for (Entry entry : mapping.entries()) {
      CheckKind.Tls next = tlsValue(tls, entry.key().text(), entry.value());
      tls = next == null ? tls : next;
    }
    return tls;
  }

  private CheckKind.@Nullable Tls tlsValue(CheckKind.Tls tls, String key, YamlNode value) {
    return switch (key) {
      case "verify", "sni" -> {
        Boolean on = nodes.bool(value, key);
        yield on == null ? null : key.equals("verify") ? tls.withVerify(on) : tls.withSni(on);
      }
      case "expiry-days" -> {
        Long days = nodes.integer(value, key, 0, MAX_DAYS);
        yield days == null ? null : tls.withExpiryDays(days.intValue());
      }
      case "ca-file" -> {
        List<X509Certificate> authorities = authorities(value);
        yield authorities.isEmpty() ? null : tls.withAuthorities(authorities);
      }
      default -> tls;
    };
  }

  private List<X509Certificate> authorities(YamlNode node) {
    String path = nodes.text(node, "ca-file");
    if (path == null) {
      return List.of();
    }
    List<X509Certificate> found = new ArrayList<>();
    try (InputStream in = files.open(path)) {
      CertificateFactory.getInstance("X.509")
          .generateCertificates(in)
          .forEach(each -> found.add((X509Certificate) each));
    } catch (IOException e) {
      nodes.reporter().error(node.position(), path + ": " + Reasons.of(e));
      return List.of();
    } catch (CertificateException e) {
      found.clear();
    }
    if (found.isEmpty()) {
      nodes.reporter().error(node.position(), path + " has no certificates; PEM is expected");
    }
    return found;
  }
}
