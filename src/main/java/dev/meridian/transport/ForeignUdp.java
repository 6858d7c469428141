package dev.meridian.transport;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Opens UDP sockets of {@link UdpPath#FOREIGN}. Used by one thread at a time: one batch of memory
 * per event loop serves all sockets of that loop.
 */
final class ForeignUdp implements SocketOpener {
  private final TransportSettings settings;
  private final LinuxCalls calls = new LinuxCalls();
  private final Map<LoopState, DatagramBatch> batches = new HashMap<>();

  ForeignUdp(TransportSettings settings) {
    this.settings = settings;
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
      ForeignUdpSocket handle = handle(socket, loop);
      handle.register();
      return handle;
    } catch (IOException | RuntimeException e) {
      closeQuietly(socket, e);
      throw new ListenException(address, protocol(), e);
    }
  }

  private ForeignUdpSocket handle(Socket socket, LoopState loop) {
    return new ForeignUdpSocket(
        socket, loop, batches.computeIfAbsent(loop, key -> new DatagramBatch(settings.udpBatch())));
  }

  private void configure(Socket socket, boolean ipv4, boolean sibling) throws IOException {
    socket.setReusePort(sibling);
    socket.setReceiveBufferSize(settings.udpBufferOctets());
    socket.setSendBufferSize(settings.udpBufferOctets());
    if (ipv4) {
      socket.setIntOpt(
          SocketOptions.IPPROTO_IP, SocketOptions.IP_MTU_DISCOVER, SocketOptions.PMTUDISC_OMIT);
    } else {
      socket.setIntOpt(
          SocketOptions.IPPROTO_IPV6, SocketOptions.IPV6_MTU_DISCOVER, SocketOptions.PMTUDISC_OMIT);
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
