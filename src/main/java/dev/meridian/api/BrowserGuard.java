package dev.meridian.api;

import dev.meridian.net.Prefix;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Keeps web pages of strangers, open in a browser on this host, from using the API through that
 * browser. Three rules:
 *
 * <ul>
 *   <li>The Host header names this host's loopback, or a name that was configured. A name that an
 *       attacker rebinds to 127.0.0.1 is neither.
 *   <li>What changes something comes as JSON or with {@code X-Meridian-Request: 1}: a form cannot
 *       send either, and a script of another origin would need a CORS permission we never give.
 *   <li>An Origin header, if a browser sent one, is the very origin that the request went to.
 * </ul>
 */
final class BrowserGuard {
  private static final String REQUEST_MARK = "X-Meridian-Request";

  private BrowserGuard() {}

  /** The refusal, if the request breaks a rule. */
  static Optional<Reply> refusal(HttpRequest request, Access access) {
    HttpHeaders headers = request.headers();
    List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
    if (hosts.size() != 1 || !access.isOurs(hosts.getFirst())) {
      return Optional.of(
          Reply.problem(
              421,
              "Misdirected Request",
              "the Host header must name a loopback address, localhost, or a name of --http-host"));
    }
    return request.method().equals(HttpMethod.POST)
        ? crossSite(headers, access.scheme() + "://" + hosts.getFirst())
        : Optional.empty();
  }

  private static Optional<Reply> crossSite(HttpHeaders headers, String origin) {
    List<String> origins = headers.getAll(HttpHeaderNames.ORIGIN);
    boolean sameOrigin = origins.stream().allMatch(origin::equalsIgnoreCase);
    if (!sameOrigin) {
      return Optional.of(
          Reply.problem(403, "Forbidden", "the request comes from another web site"));
    }
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
    boolean json = mediaType(type).equals(Reply.JSON);
    boolean bearer = !Access.bearer(headers).isEmpty(); // as foreign to forms as the mark is
    if (!json && !bearer && !"1".equals(headers.get(REQUEST_MARK))) {
      return Optional.of(
          Reply.problem(
              415,
              "Unsupported Media Type",
              "send Content-Type: application/json or " + REQUEST_MARK + ": 1"));
    }
    return Optional.empty();
  }

  private static String mediaType(String contentType) {
    int semicolon = contentType.indexOf(';');
    String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
    return type.trim().toLowerCase(Locale.ROOT);
  }

  /** Whether a host without its port is an address. */
  static boolean isAddress(String name) {
    boolean bracketed = name.startsWith("[") && name.endsWith("]");
    String bare = bracketed ? name.substring(1, name.length() - 1) : name;
    return Prefix.parseAddress(bare) != null;
  }

  /** Any port will do: a forwarded one differs from ours. */
  static boolean isLoopback(String host) {
    String name = host.replaceFirst(":\\d{1,5}$", "");
    if (name.startsWith("[") && name.endsWith("]")) {
      byte[] octets = Prefix.parseAddress(name.substring(1, name.length() - 1));
      return octets != null && Prefix.of(octets, 128).equals(Prefix.parse("::1"));
    }
    byte[] octets = Prefix.parseAddress(name);
    return name.equalsIgnoreCase("localhost") || (octets != null && octets[0] == 127);
  }
}
