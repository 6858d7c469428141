package dev.meridian.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sockets of another process that wait for somebody to listen at their addresses. */
final class Adoption {
  private final PassedSocket.Kind udp;
  private final List<PassedSocket> waiting;

  /**
   * Takes sockets in.
   *
   * @param udp how datagrams are read here
   */
  Adoption(List<PassedSocket> passed, PassedSocket.Kind udp) {
    this.udp = udp;
    this.waiting = new ArrayList<>(passed);
  }

  /**
   * The sockets of one address, which are the caller's from then on; none unless there are some of
   * UDP and of TCP. Port 0 takes the port that is there.
   */
  synchronized List<PassedSocket> take(InetSocketAddress wanted) {
    List<PassedSocket> found = new ArrayList<>();
    int port = wanted.getPort();
    for (PassedSocket each : waiting) {
      InetSocketAddress there = each.address();
      if (isSame(there.getAddress(), wanted.getAddress())
          && (port == 0 || port == there.getPort())) {
        port = there.getPort();
        found.add(each);
      }
    }
    if (!has(found, udp) || !has(found, PassedSocket.Kind.TCP)) {
      return List.of();
    }
    waiting.removeAll(found);
    return found;
  }

  private static boolean has(List<PassedSocket> sockets, PassedSocket.Kind kind) {
    return sockets.stream().anyMatch(socket -> socket.kind() == kind);
  }

  /** {@link InetAddress#equals} knows no scopes, by which link-local addresses differ. */
  private static boolean isSame(InetAddress one, InetAddress other) {
    return Arrays.equals(one.getAddress(), other.getAddress()) && scope(one) == scope(other);
  }

  private static int scope(InetAddress address) {
    return address instanceof Inet6Address ipv6 && address.isLinkLocalAddress()
        ? ipv6.getScopeId()
        : 0;
  }

  /** Closes what nobody wanted: it is another process's alone. */
  synchronized void closeRest() {
    waiting.forEach(PassedSocket::close);
    waiting.clear();
  }
}
