package dev.meridian.probe;

import dev.meridian.health.CheckKind;
import dev.meridian.health.HealthCheck;
import java.net.InetAddress;

/** The words of an HTTP request, and who it is made out to. */
final class ProbeRequest {
  private ProbeRequest() {}

  /**
   * The whole request. It asks that nothing be compressed and that the connection be closed
   * afterwards, and says who is asking and for which check.
   *
   * @param version of this program, for the User-Agent
   */
  static String text(HealthCheck check, CheckKind.Http http, String version) {
    return "GET "
        + http.path()
        + " HTTP/1.1\r\nHost: "
        + hostHeader(check.probedAddress(), http)
        + "\r\nUser-Agent: Meridian-Health-Check/"
        + version
        + " (+"
        + comment(check.id())
        + ")\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n";
  }

  /** The configured host; without one, the address (Route 53). Never in brackets. */
  static String host(InetAddress address, CheckKind.Http http) {
    String host = http.host();
    return host == null ? address.getHostAddress() : host;
  }

  /** The port is named unless it is the scheme's own (RFC 9110 §7.2, Route 53). */
  private static String hostHeader(InetAddress address, CheckKind.Http http) {
    String host = host(address, http);
    String bracketed = host.indexOf(':') < 0 ? host : "[" + host + "]";
    int usual = http.tls() == null ? CheckKind.HTTP_PORT : CheckKind.HTTPS_PORT;
    return http.port() == usual ? bracketed : bracketed + ":" + http.port();
  }

  /** An id as part of a comment (RFC 9110 §5.6.5): nothing in it may end the comment or line. */
  private static String comment(String id) {
    return id.replaceAll("[^!-~]|[()\\\\]", "_");
  }
}
