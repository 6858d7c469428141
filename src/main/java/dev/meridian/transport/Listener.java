package dev.meridian.transport;

import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** The sockets of one address: UDP and TCP on one port, one of each per loop that listens. */
final class Listener {
  /** A free UDP port may be taken in TCP; so many are tried when any port will do. */
  private static final int PORT_ATTEMPTS = 32;

  private final List<BoundSocket> sockets;

  private Listener(List<BoundSocket> sockets) {
    this.sockets = sockets;
  }

  /**
   * Opens all sockets of {@code address} or none.
   *
   * @throws ListenException if one of them cannot be opened
   */
  static Listener open(
      InetSocketAddress address, List<LoopState> loops, SocketOpener udp, SocketOpener tcp) {
    int attempts = address.getPort() == 0 ? PORT_ATTEMPTS : 1;
    for (int attempt = 1; ; attempt++) {
      List<BoundSocket> sockets = new ArrayList<>();
      try {
        InetSocketAddress bound = openAll(udp, loops, address, sockets);
        openAll(tcp, loops, bound, sockets);
        return new Listener(sockets);
      } catch (ListenException e) {
        new Listener(sockets).close();
        if (attempt == attempts || e.reason() != ListenException.Reason.IN_USE) {
          throw e;
        }
      }
    }
  }

  private static InetSocketAddress openAll(
      SocketOpener opener,
      List<LoopState> loops,
      InetSocketAddress address,
      List<BoundSocket> sockets) {
    BoundSocket first = opener.open(loops.getFirst(), address, false);
    sockets.add(first);
    if (loops.size() > 1) {
      first.share();
    }
    for (LoopState loop : loops.subList(1, loops.size())) {
      sockets.add(opener.open(loop, first.address(), true));
    }
    return first.address();
  }

  /** The address with the port that the kernel gave. */
  InetSocketAddress address() {
    return sockets.getFirst().address();
  }

  /** Closes all sockets and waits until they are. */
  void close() {
    List<Future<?>> closing = new ArrayList<>();
    for (BoundSocket socket : sockets.reversed()) {
      closing.add(socket.drainAndClose());
    }
    closing.forEach(Future::awaitUninterruptibly);
  }
}
