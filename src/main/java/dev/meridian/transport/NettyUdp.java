package dev.meridian.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.UnixChannelOption;
import java.net.Inet4Address;
import java.net.InetSocketAddress;

/** Opens UDP sockets of {@link UdpPath#NETTY} and {@link UdpPath#NIO}. */
final class NettyUdp implements SocketOpener {
  private final TransportSettings settings;
  private final boolean epoll;
  private final boolean early;

  NettyUdp(TransportSettings settings, boolean epoll) {
    this(settings, epoll, false);
  }

  private NettyUdp(TransportSettings settings, boolean epoll, boolean early) {
    this.settings = settings;
    this.epoll = epoll;
    this.early = early;
  }

  @Override
  public SocketOpener early() {
    return new NettyUdp(settings, epoll, epoll);
  }

  @Override
  public String protocol() {
    return "UDP";
  }

  @Override
  public PassedSocket.Kind kind() {
    return PassedSocket.Kind.UDP_EVENTS;
  }

  @Override
  public BoundSocket adopt(LoopState loop, PassedSocket passed) {
    Bootstrap bootstrap = batch(bootstrap(loop));
    bootstrap.channelFactory(() -> new EpollDatagramChannel(passed.descriptor()));
    return NettySocket.bound(bootstrap.register(), passed.address(), protocol());
  }

  private Bootstrap bootstrap(LoopState loop) {
    return new Bootstrap()
        .group(loop.eventLoop())
        .handler(new NettyUdpHandler(loop))
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.SO_RCVBUF, settings.udpBufferOctets())
        .option(ChannelOption.SO_SNDBUF, settings.udpBufferOctets());
  }

  @Override
  public BoundSocket open(LoopState loop, InetSocketAddress address, boolean sibling) {
    SocketProtocolFamily family =
        address.getAddress() instanceof Inet4Address
            ? SocketProtocolFamily.INET
            : SocketProtocolFamily.INET6;
    Bootstrap bootstrap = bootstrap(loop).channelFactory(() -> channel(family));
    if (epoll) {
      batch(bootstrap)
          .option(UnixChannelOption.SO_REUSEPORT, sibling)
          .option(EpollChannelOption.IP_FREEBIND, early);
      keepWhole(bootstrap, family);
    } else {
      bootstrap.option(
          ChannelOption.RECVBUF_ALLOCATOR,
          new FixedRecvByteBufAllocator(TransportSettings.MAX_DATAGRAM_OCTETS + 1));
    }
    return NettySocket.bound(bootstrap.bind(address), address, protocol());
  }

  private void keepWhole(Bootstrap bootstrap, SocketProtocolFamily family) {
    if (family == SocketProtocolFamily.INET) {
      bootstrap.option(
          SocketOptions.IPV4_PATH_MTU, SocketOptions.ipv4PathMtu(settings.dontFragment()));
    } else {
      bootstrap.option(SocketOptions.IPV6_PATH_MTU, SocketOptions.ipv6PathMtu());
    }
  }

  private DatagramChannel channel(SocketProtocolFamily family) {
    return epoll ? new EpollDatagramChannel(family) : new NioDatagramChannel(family);
  }

  /** One buffer per {@code recvmmsg}, cut into one piece per datagram. */
  private Bootstrap batch(Bootstrap bootstrap) {
    int datagram = TransportSettings.MAX_DATAGRAM_OCTETS + 1;
    return bootstrap
        .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, datagram)
        .option(
            ChannelOption.RECVBUF_ALLOCATOR,
            new FixedRecvByteBufAllocator(settings.udpBatch() * datagram)
                .maxMessagesPerRead(settings.udpBatch()));
  }
}
