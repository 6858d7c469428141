package dev.meridian.transport;

import dev.meridian.net.ClientAddress;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.nio.ByteOrder;

/** Addresses of clients as the query path wants them. */
final class Addresses {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Addresses() {}

  /** Sets the whole of {@code from} as the client's address. */
  static void copy(InetAddress from, ClientAddress to) {
    byte[] octets = from.getAddress();
    if (octets.length == Integer.BYTES) {
      to.setIpv4((int) INT.get(octets, 0), Integer.SIZE);
    } else {
      to.setIpv6((long) LONG.get(octets, 0), (long) LONG.get(octets, Long.BYTES), 2 * Long.SIZE);
    }
  }

  /** Sets the whole of {@code from}, which has its full length, as the client's address. */
  static void copy(ClientAddress from, ClientAddress to) {
    if (from.isIpv4()) {
      to.setIpv4(from.ipv4(), Integer.SIZE);
    } else {
      to.setIpv6(from.high(), from.low(), 2 * Long.SIZE);
    }
  }
}
