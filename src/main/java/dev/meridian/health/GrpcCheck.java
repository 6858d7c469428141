package dev.meridian.health;

import dev.meridian.health.CheckKind.Tls;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Passes when the target answers {@code grpc.health.v1.Health/Check} with SERVING, over HTTP/2
 * without an upgrade (RFC 9113 §3.3) or over TLS.
 *
 * @param service what is asked for; empty: the server as a whole; at most 255 octets
 * @param host for :authority, the TLS server name and the certificate's name; null: the target's
 *     address
 * @param port 1-65535
 * @param tls null for cleartext
 */
public record GrpcCheck(String service, @Nullable String host, int port, @Nullable Tls tls)
    implements CheckKind {
  /** Checks the values. */
  public GrpcCheck {
    host = host == null ? null : CheckKind.checkedHost(host);
    CheckKind.checkPort(port);
    if (service.getBytes(StandardCharsets.UTF_8).length > MAX_LENGTH) {
      throw new IllegalArgumentException("the service's name has more than 255 octets");
    }
  }

  @Override
  public String word() {
    return "grpc";
  }

  @Override
  public GrpcCheck withPort(int port) {
    return new GrpcCheck(service, host, port, tls);
  }
}
