package dev.meridian.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.UnixChannelOption;
import java.net.InetSocketAddress;

/** Opens listening TCP sockets. */
final class TcpOpener implements SocketOpener {
  /** Connections that may wait to be accepted; the kernel caps it at net.core.somaxconn. */
  private static final int BACKLOG = 4096;

  /**
   * What one turn takes from a connection before others have theirs: some fifty questions. The rest
   * waits in the kernel, whose readiness list goes round. A task that came back for more would not
   * do: event loops run all tasks, and those that they add, before they look at sockets again.
   */
  private static final int READ_OCTETS = 2 * 1024;

  /**
   * What a client may send ahead, about; Linux makes twice of it to hold its own book-keeping too.
   * Left to itself it grows to megabytes, and all of it is read in one turn when the client ends
   * its side.
   */
  static final int RECEIVE_BUFFER_OCTETS = 32 * 1024;

  /**
   * Writes in one go, in effect until the kernel takes no more: Netty 4.2.18 forgets a socket whose
   * client has ended its side if it stops before, and loses what it has not written. Nobody waits
   * long: the answers to what a connection has read, at most one receive buffer, are the limit.
   */
  private static final int WRITES = 1 << 16;

  private final TcpSettings settings;
  private final EventLoops loops;
  private final boolean early;

  TcpOpener(TcpSettings settings, EventLoops loops) {
    this(settings, loops, false);
  }

  private TcpOpener(TcpSettings settings, EventLoops loops, boolean early) {
    this.settings = settings;
    this.loops = loops;
    this.early = early;
  }

  @Override
  public SocketOpener early() {
    return new TcpOpener(settings, loops, loops.epoll());
  }

  @Override
  public String protocol() {
    return "TCP";
  }

  @Override
  public PassedSocket.Kind kind() {
    return PassedSocket.Kind.TCP;
  }

  @Override
  public BoundSocket adopt(LoopState loop, PassedSocket passed) {
    ServerBootstrap bootstrap =
        bootstrap(loop).channelFactory(() -> new EpollServerSocketChannel(passed.descriptor()));
    return NettySocket.bound(bootstrap.register(), passed.address(), protocol());
  }

  @Override
  public BoundSocket open(LoopState loop, InetSocketAddress address, boolean sibling) {
    ServerBootstrap bootstrap =
        bootstrap(loop)
            .channelFactory(
                loops.epoll() ? EpollServerSocketChannel::new : NioServerSocketChannel::new);
    if (loops.epoll()) {
      bootstrap
          .option(UnixChannelOption.SO_REUSEPORT, sibling)
          .option(EpollChannelOption.IP_FREEBIND, early);
    }
    return NettySocket.bound(bootstrap.bind(address), address, protocol());
  }

  private ServerBootstrap bootstrap(LoopState loop) {
    // Where the kernel spreads connections over listeners they stay on the listener's loop.
    EventLoopGroup children = loops.epoll() ? loop.eventLoop() : loops.group();
    return new ServerBootstrap()
        .group(loop.eventLoop(), children)
        .handler(new AcceptFailures(loop))
        .childHandler(new Connections())
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER_OCTETS) // connections inherit it
        .option(ChannelOption.AUTO_READ, false)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childOption(ChannelOption.WRITE_SPIN_COUNT, WRITES)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
        .childOption(
            ChannelOption.RECVBUF_ALLOCATOR,
            new FixedRecvByteBufAllocator(READ_OCTETS).maxMessagesPerRead(1));
  }

  private WriteBufferWaterMark waterMark() {
    return new WriteBufferWaterMark(settings.writeBufferOctets() / 2, settings.writeBufferOctets());
  }

  private final class Connections extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      channel.pipeline().addLast(new TcpConnection(channel, loops.connectionsOf(channel)));
    }
  }
}
