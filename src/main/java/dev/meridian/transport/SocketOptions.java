package dev.meridian.transport;

import io.netty.channel.ChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Options of Linux sockets that Netty has no name for. */
final class SocketOptions {
  static final int IPPROTO_IP = 0;
  static final int IPPROTO_IPV6 = 41;
  static final int IP_MTU_DISCOVER = 10;
  static final int IPV6_MTU_DISCOVER = 23;

  /** Lets a socket, of IPv6 too, be bound to an address that the machine does not have (yet). */
  static final int IP_FREEBIND = 15;

  /**
   * Ignores path MTUs that ICMP reports: a forged one would have answers fragmented, and the
   * fragments forged in turn. Answers are kept small instead.
   */
  private static final int PMTUDISC_OMIT = 5;

  /** The same, and forbids routers to fragment (DF). */
  private static final int PMTUDISC_PROBE = 3;

  static final int SOL_SOCKET = 1;
  static final int SO_RCVTIMEO = 20;
  static final int SO_MEMINFO = 55;

  static final ChannelOption<Integer> IPV4_PATH_MTU =
      new IntegerUnixChannelOption("IP_MTU_DISCOVER", IPPROTO_IP, IP_MTU_DISCOVER);
  static final ChannelOption<Integer> IPV6_PATH_MTU =
      new IntegerUnixChannelOption("IPV6_MTU_DISCOVER", IPPROTO_IPV6, IPV6_MTU_DISCOVER);

  private static final int MEMINFO_VARIABLES = 9;
  private static final int MEMINFO_DROPS = 8;

  static final ChannelOption<ByteBuffer> MEMINFO =
      new RawUnixChannelOption(
          "SO_MEMINFO", SOL_SOCKET, SO_MEMINFO, MEMINFO_VARIABLES * Integer.BYTES);

  private SocketOptions() {}

  /** How IPv4 answers are kept whole. The kernel also spares the numbering of what is whole. */
  static int ipv4PathMtu(boolean dontFragment) {
    return dontFragment ? PMTUDISC_PROBE : PMTUDISC_OMIT;
  }

  /** How IPv6 answers are kept whole: no router fragments those. */
  static int ipv6PathMtu() {
    return PMTUDISC_OMIT;
  }

  /** A time as SO_RCVTIMEO wants it: {@code struct timeval}. */
  static ByteBuffer timeval(int millis) {
    ByteBuffer time = ByteBuffer.allocateDirect(2 * Long.BYTES).order(ByteOrder.nativeOrder());
    return time.putLong(millis / 1000).putLong(millis % 1000 * 1000L).flip();
  }

  /** A buffer for the value of SO_MEMINFO. */
  static ByteBuffer meminfo() {
    return ByteBuffer.allocateDirect(MEMINFO_VARIABLES * Integer.BYTES);
  }

  /** The datagrams dropped, out of a value of SO_MEMINFO. */
  static long drops(ByteBuffer meminfo) {
    int drops = meminfo.order(ByteOrder.nativeOrder()).getInt(MEMINFO_DROPS * Integer.BYTES);
    return Integer.toUnsignedLong(drops);
  }

  /** Linux counts its own book-keeping in and reports twice what a socket was given. */
  static int given(int reported) {
    return reported / 2;
  }
}
