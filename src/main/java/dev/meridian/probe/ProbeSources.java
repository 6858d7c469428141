package dev.meridian.probe;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of this machine that probes leave from, so that targets can let them in. The port
 * is the system's choice (net.ipv4.ip_local_port_range).
 *
 * @param ipv4 null: as the system routes
 * @param ipv6 likewise
 */
public record ProbeSources(@Nullable InetAddress ipv4, @Nullable InetAddress ipv6) {
  /** As the system routes. */
  public static final ProbeSources ANY = new ProbeSources(null, null);

  /** What the socket of a probe of this target is bound to; null: nothing. */
  @Nullable InetSocketAddress toward(InetAddress target) {
    InetAddress source = of(target instanceof Inet4Address);
    return source == null ? null : new InetSocketAddress(source, 0);
  }

  /** The source of a family; null: any. */
  @Nullable InetAddress of(boolean isIpv4) {
    return isIpv4 ? ipv4 : ipv6;
  }
}
