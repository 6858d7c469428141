package dev.meridian.transport;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/** Opens UDP sockets of {@link UdpPath#FOREIGN}. Used by one thread at a time. */
final class ForeignUdp implements SocketOpener {
  private final TransportSettings settings;
  private final LinuxCalls calls = new LinuxCalls();
  private final Map<LoopState, DatagramBatch> batches = new HashMap<>();

  ForeignUdp(TransportSettings settings) {
    this.settings = settings;
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
      configure(socket, sibling);
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

  private void configure(Socket socket, boolean sibling) throws IOException {
    socket.setReusePort(sibling);
    socket.setReceiveBufferSize(settings.udpBufferOctets());
    socket.setSendBufferSize(settings.udpBufferOctets());
  }

  private static void closeQuietly(Socket socket, Exception reason) {
    try {
      socket.close();
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }
}
