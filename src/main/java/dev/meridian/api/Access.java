package dev.meridian.api;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in by one listener.
 *
 * @param tokens without any, whoever reaches the listener is an operator: loopback, or a socket
 *     that only its owner may open
 * @param tls whether connections are encrypted
 * @param remote whether other machines reach the listener
 * @param hosts names that it is reached by, besides addresses; in lower case
 */
record Access(@Nullable Tokens tokens, @Nullable TlsFiles tls, boolean remote, List<String> hosts) {
  /** Loopback without tokens. */
  static final Access LOCAL = new Access(null, null, false, List.of());

  private static final String SCHEME = "bearer ";

  /** Copies the list. */
  Access {
    hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
  }

  /** Who makes a request; empty if a token is asked for and this is none. */
  Optional<Principal> principal(HttpRequest request, Channel channel) {
    String from = from(channel);
    if (tokens == null) {
      return Optional.of(new Principal("", Role.OPERATOR, from));
    }
    String token = bearer(request.headers());
    return token.isEmpty() ? Optional.empty() : tokens.find(token, from);
  }

  /** The bearer token of a request (RFC 6750); empty if there is none. */
  static String bearer(HttpHeaders headers) {
    String given = headers.get(HttpHeaderNames.AUTHORIZATION, "");
    return given.toLowerCase(Locale.ROOT).startsWith(SCHEME)
        ? given.substring(SCHEME.length()).trim()
        : "";
  }

  static String from(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress address
        ? address.getAddress().getHostAddress()
        : "local socket";
  }

  String scheme() {
    return tls == null ? "http" : "https";
  }

  /**
   * Whether a Host header may be ours. An address cannot be rebound, so any will do where other
   * machines may come; a name has to be one that was configured.
   */
  boolean isOurs(String host) {
    if (BrowserGuard.isLoopback(host)) {
      return true;
    }
    String name = host.replaceFirst(":\\d{1,5}$", "");
    return hosts.contains(name.toLowerCase(Locale.ROOT))
        || (remote && BrowserGuard.isAddress(name));
  }
}
