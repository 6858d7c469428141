package dev.meridian.transport;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.List;

/** Opens UDP sockets of {@link UdpPath#FOREIGN}. Used by one thread at a time. */
final class ForeignUdp implements SocketOpener {
  private final TransportSettings settings;
  private final LinuxCalls calls = new LinuxCalls();
  private final List<UdpThread> threads;
  private final boolean early;

  /**
   * Opens nothing yet.
   *
   * @param threads that serve the sockets, one per loop, by its index
   */
  ForeignUdp(TransportSettings settings, List<UdpThread> threads) {
    this(settings, threads, false);
  }

  private ForeignUdp(TransportSettings settings, List<UdpThread> threads, boolean early) {
    this.settings = settings;
    this.threads = threads;
    this.early = early;
  }

  @Override
  public SocketOpener early() {
    return new ForeignUdp(settings, threads, true);
  }

  /** Whether this machine has the calls with the layouts that we know. */
  static boolean isAvailable() {
    String arch = System.getProperty("os.arch", "");
    return System.getProperty("os.name", "").equals("Linux")
        && (arch.equals("amd64") || arch.equals("aarch64"))
        && canBeLinked();
  }

  private static boolean canBeLinked() {
    try {
      LinuxCalls.link();
      return true;
    } catch (LinkageError refused) {
      // No such call in the C library, or the JVM was told to allow none.
      return false;
    }
  }

  @Override
  public String protocol() {
    return "UDP";
  }

  @Override
  public PassedSocket.Kind kind() {
    return PassedSocket.Kind.UDP;
  }

  @Override
  public BoundSocket adopt(LoopState loop, PassedSocket passed) {
    return new ForeignUdpSocket(new Socket(passed.descriptor()), threads.get(loop.index()));
  }

  @Override
  public BoundSocket open(LoopState loop, InetSocketAddress address, boolean sibling) {
    boolean ipv4 = address.getAddress() instanceof Inet4Address;
    int fd = calls.datagramSocket(ipv4 ? LinuxCalls.AF_INET : LinuxCalls.AF_INET6);
    if (fd < 0) {
      throw new ListenException(address, "the kernel gives no socket (error " + -fd + ")");
    }
    Socket socket = new Socket(fd);
    try {
      configure(socket, ipv4, sibling);
      socket.bind(address);
      return new ForeignUdpSocket(socket, threads.get(loop.index()));
    } catch (IOException | RuntimeException e) {
      closeQuietly(socket, e);
      throw new ListenException(address, protocol(), e);
    }
  }

  private void configure(Socket socket, boolean ipv4, boolean sibling) throws IOException {
    socket.setReusePort(sibling);
    if (early) {
      socket.setIntOpt(SocketOptions.IPPROTO_IP, SocketOptions.IP_FREEBIND, 1);
    }
    socket.setReceiveBufferSize(settings.udpBufferOctets());
    socket.setSendBufferSize(settings.udpBufferOctets());
    socket.setRawOpt(
        SocketOptions.SOL_SOCKET,
        SocketOptions.SO_RCVTIMEO,
        SocketOptions.timeval(UdpThread.WAIT_MILLIS));
    if (ipv4) {
      socket.setIntOpt(
          SocketOptions.IPPROTO_IP,
          SocketOptions.IP_MTU_DISCOVER,
          SocketOptions.ipv4PathMtu(settings.dontFragment()));
    } else {
      socket.setIntOpt(
          SocketOptions.IPPROTO_IPV6, SocketOptions.IPV6_MTU_DISCOVER, SocketOptions.ipv6PathMtu());
    }
  }

  private static void closeQuietly(Socket socket, Exception reason) {
    try {
      socket.close();
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }
}
