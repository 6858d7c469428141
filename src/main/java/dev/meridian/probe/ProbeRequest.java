package dev.meridian.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.meridian.health.CheckKind;
import dev.meridian.health.CheckRequest;
import dev.meridian.health.HealthCheck;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** The words of an HTTP request, and who it is made out to. */
final class ProbeRequest {
  private ProbeRequest() {}

  /** {@link #text} as it is sent. */
  static byte[] octets(HealthCheck check, CheckKind.Http http, String version) {
    return text(check, http, version).getBytes(UTF_8);
  }

  /**
   * The whole request. Unless the check's own headers say otherwise, it asks that nothing be
   * compressed and that the connection be closed afterwards, and says who is asking and for which
   * check.
   *
   * @param version of this program, for the User-Agent
   */
  static String text(HealthCheck check, CheckKind.Http http, String version) {
    CheckRequest request = http.request();
    StringBuilder text = new StringBuilder(256);
    text.append(request.method()).append(' ').append(http.path()).append(" HTTP/1.1\r\n");
    header(text, "Host", hostHeader(check.probedAddress(), http));
    usual(text, request, "User-Agent", userAgent(check, version));
    usual(text, request, "Accept", "*/*");
    usual(text, request, "Accept-Encoding", "identity");
    header(text, "Connection", "close");
    request.headers().forEach((name, value) -> header(text, name, value));
    int length = ByteBufUtil.utf8Bytes(request.body());
    if (length > 0 || request.method().startsWith("P")) { // RFC 9110 §8.6
      header(text, "Content-Length", Integer.toString(length));
    }
    return text.append("\r\n").append(request.body()).toString();
  }

  private static void header(StringBuilder text, String name, String value) {
    text.append(name).append(": ").append(value).append("\r\n");
  }

  /** A header that the check may have put another in place of. */
  private static void usual(StringBuilder text, CheckRequest request, String name, String value) {
    if (!request.hasHeader(name)) {
      header(text, name, value);
    }
  }

  /** Who asks, and for which check. */
  static String userAgent(HealthCheck check, String version) {
    return "Meridian-Health-Check/" + version + " (+" + comment(check.id()) + ")";
  }

  /** The configured host; without one, the address (Route 53). Never in brackets. */
  static String host(InetAddress address, @Nullable String host) {
    return host == null ? address.getHostAddress() : host;
  }

  /** The port is named unless it is the scheme's own (RFC 9110 §7.2, Route 53). */
  static String hostHeader(InetAddress address, CheckKind kind) {
    String host = host(address, kind.host());
    String bracketed = host.indexOf(':') < 0 ? host : "[" + host + "]";
    int usual = kind.tls() == null ? CheckKind.HTTP_PORT : CheckKind.HTTPS_PORT;
    return kind.port() == usual ? bracketed : bracketed + ":" + kind.port();
  }

  /** An id as part of a comment (RFC 9110 §5.6.5): nothing in it may end the comment or line. */
  private static String comment(String id) {
    StringBuilder safe = new StringBuilder(id);
    for (int i = 0; i < safe.length(); i++) {
      char c = safe.charAt(i);
      if (c <= ' ' || c > '~' || c == '(' || c == ')' || c == '\\') {
        safe.setCharAt(i, '_');
      }
    }
    return safe.toString();
  }
}
