package dev.meridian.transport;

import io.netty.channel.epoll.Epoll;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Listens for DNS over UDP and TCP and has every message answered on the event loop that it came
 * to. Started once, closed once; all methods may be called from any thread.
 */
public final class DnsServer implements AutoCloseable {
  private final UdpPath udpPath;
  private final EventLoops loops;
  private final List<Listener> listeners = new ArrayList<>();

  private DnsServer(UdpPath udpPath, EventLoops loops) {
    this.udpPath = udpPath;
    this.loops = loops;
  }

  /**
   * Opens every address, UDP and TCP, and serves it. Port 0 takes any port that is free in both.
   *
   * @throws ListenException if an address cannot be opened; nothing stays open then
   */
  public static DnsServer start(
      List<InetSocketAddress> listen, TransportSettings settings, LoopFactory factory) {
    UdpPath path = choose(settings.udpPath());
    EventLoops loops = new EventLoops(settings, path != UdpPath.NIO, factory);
    DnsServer server = new DnsServer(path, loops);
    try {
      server.listen(listen, settings);
      return server;
    } catch (Throwable failure) {
      server.close();
      throw failure;
    }
  }

  private void listen(List<InetSocketAddress> addresses, TransportSettings settings) {
    SocketOpener udp =
        udpPath == UdpPath.FOREIGN
            ? new ForeignUdp(settings)
            : new NettyUdp(settings, loops.epoll());
    SocketOpener tcp = new TcpOpener(settings.tcp(), loops);
    for (InetSocketAddress address : addresses) {
      List<LoopState> serving = loops.epoll() ? loops.all() : loops.all().subList(0, 1);
      listeners.add(Listener.open(address, serving, udp, tcp));
    }
  }

  private static UdpPath choose(UdpPath asked) {
    if (asked != UdpPath.AUTO) {
      return asked;
    }
    if (!Epoll.isAvailable()) {
      return UdpPath.NIO;
    }
    return LinuxCalls.fitThisMachine() ? UdpPath.FOREIGN : UdpPath.NETTY;
  }

  /** The addresses that are served, with the ports that the kernel gave. */
  public List<InetSocketAddress> boundAddresses() {
    return listeners.stream().map(Listener::address).toList();
  }

  /** How datagrams are read and written; never {@link UdpPath#AUTO}. */
  public UdpPath udpPath() {
    return udpPath;
  }

  /** The counters, one set per event loop. */
  public List<TransportStats> stats() {
    return loops.all().stream().map(LoopState::stats).toList();
  }

  /** Answers what has arrived, closes every socket and ends the event loops; at most 5 s. */
  @Override
  public void close() {
    listeners.forEach(Listener::close);
    loops.shutDown();
  }
}
