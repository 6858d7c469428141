package dev.meridian.transport;

import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The sockets of one address: UDP and TCP on one port, one of each per loop that listens. All are
 * open before any is read, so whoever gets an answer over UDP can ask again over TCP.
 */
final class Listener {
  /** A free UDP port may be taken in TCP; so many are tried when any port will do. */
  private static final int PORT_ATTEMPTS = 32;

  private final List<BoundSocket> udpSockets = new ArrayList<>();
  private final List<BoundSocket> tcpSockets = new ArrayList<>();

  private Listener() {}

  /**
   * Opens all sockets of {@code address} or none; they wait for {@link #serve()}.
   *
   * @throws ListenException if one of them cannot be opened
   */
  static Listener open(
      InetSocketAddress address, List<LoopState> loops, SocketOpener udp, SocketOpener tcp) {
    int attempts = address.getPort() == 0 ? PORT_ATTEMPTS : 1;
    for (int attempt = 1; ; attempt++) {
      Listener listener = new Listener();
      try {
        openAll(udp, loops, address, listener.udpSockets);
        openAll(tcp, loops, listener.address(), listener.tcpSockets);
        return listener;
      } catch (ListenException e) {
        listener.close();
        if (attempt == attempts || e.reason() != ListenException.Reason.IN_USE) {
          throw e;
        }
      }
    }
  }

  /**
   * Takes sockets over that another process has bound, and opens one more for each loop that would
   * have none.
   *
   * @throws ListenException if one of these cannot be opened
   */
  static Listener adopt(
      List<PassedSocket> passed, List<LoopState> loops, SocketOpener udp, SocketOpener tcp) {
    Listener listener = new Listener();
    try {
      adoptAll(udp, loops, passed, listener.udpSockets);
      adoptAll(tcp, loops, passed, listener.tcpSockets);
      return listener;
    } catch (ListenException e) {
      listener.leave();
      throw e;
    }
  }

  private static void adoptAll(
      SocketOpener opener,
      List<LoopState> loops,
      List<PassedSocket> passed,
      List<BoundSocket> sockets) {
    for (PassedSocket each : passed) {
      if (each.kind() == opener.kind()) {
        sockets.add(opener.adopt(loops.get(sockets.size() % loops.size()), each));
      }
    }
    BoundSocket first = sockets.getFirst();
    if (sockets.size() < loops.size()) {
      sockets.forEach(BoundSocket::share);
    }
    while (sockets.size() < loops.size()) {
      sockets.add(opener.open(loops.get(sockets.size()), first.address(), true));
    }
  }

  private static void openAll(
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
  }

  /** The address with the port that the kernel gave. */
  InetSocketAddress address() {
    return udpSockets.getFirst().address();
  }

  /** Has all sockets read; again, does nothing. */
  void serve() {
    tcpSockets.forEach(BoundSocket::serve);
    udpSockets.forEach(BoundSocket::serve);
  }

  /** Has no socket read until they are served again. */
  void pause() {
    tcpSockets.forEach(BoundSocket::pause);
    udpSockets.forEach(BoundSocket::pause);
  }

  /** Pauses, and closes the sockets without a word to another process that has them too. */
  void leave() {
    pause();
    close();
  }

  /**
   * All sockets, for another process.
   *
   * @param udpKind how datagrams are read
   */
  List<PassedSocket> pass(PassedSocket.Kind udpKind) {
    return Stream.concat(
            udpSockets.stream().map(socket -> new PassedSocket(udpKind, socket.descriptor())),
            tcpSockets.stream()
                .map(socket -> new PassedSocket(PassedSocket.Kind.TCP, socket.descriptor())))
        .toList();
  }

  /** The smallest receive buffer of the UDP sockets, in octets. */
  int udpReceiveBufferOctets() {
    return udpSockets.stream().mapToInt(BoundSocket::receiveBufferOctets).min().orElse(0);
  }

  /** Datagrams that the kernel dropped on their way into the UDP sockets. */
  long udpKernelDrops() {
    return udpSockets.stream().mapToLong(BoundSocket::kernelDrops).sum();
  }

  /** Closes all sockets and waits until they are. */
  void close() {
    List<Future<?>> closing = new ArrayList<>();
    tcpSockets.forEach(socket -> closing.add(socket.drainAndClose()));
    udpSockets.forEach(socket -> closing.add(socket.drainAndClose()));
    closing.forEach(Future::awaitUninterruptibly);
  }
}
