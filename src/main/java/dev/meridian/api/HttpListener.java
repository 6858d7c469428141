package dev.meridian.api;

import dev.meridian.text.Reasons;
import dev.meridian.transport.ListenException;
import dev.meridian.transport.PassedSocket;
import dev.meridian.transport.PassedSocket.Kind;
import dev.meridian.transport.PrivatePath;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One listening socket of the HTTP surface: of an IP address, or a Unix socket that nobody but its
 * owner can connect to. By epoll where there is epoll, for only then can another process have it.
 */
final class HttpListener {
  private static final boolean EPOLL = Epoll.isAvailable();

  private final Channel channel;

  /** Null: it has an IP address. */
  private final @Nullable Path path;

  /** Whether another process has it too. */
  private volatile boolean shared;

  private HttpListener(Channel channel, @Nullable Path path) {
    this.channel = channel;
    this.path = path;
  }

  /** What the loop of its channels is to run on. */
  static IoHandlerFactory ioFactory() {
    return EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
  }

  /**
   * Opens one.
   *
   * @param passed sockets that another process has bound; the one that is used is taken out
   * @throws ListenException if an address cannot be listened on
   * @throws IOException if the socket cannot be opened, with the system's reason
   */
  static HttpListener open(
      ServerBootstrap bootstrap, SocketAddress address, List<PassedSocket> passed)
      throws IOException {
    Path path = address instanceof UnixDomainSocketAddress unix ? unix.getPath() : null;
    PassedSocket there = find(address, passed);
    if (there != null) {
      passed.remove(there);
      HttpListener taken = new HttpListener(register(bootstrap, there), path);
      taken.shared = true;
      return taken;
    }
    if (path != null) {
      Channel[] bound = new Channel[1];
      PrivatePath.bind(path, made -> bound[0] = bind(bootstrap, made));
      return new HttpListener(bound[0], path);
    }
    try {
      return new HttpListener(bind(bootstrap, EpollServerSocketChannel::new, address), null);
    } catch (IOException e) {
      throw new ListenException((InetSocketAddress) address, "HTTP", cause(e));
    }
  }

  /** What Netty said, which has the number of the error. */
  private static Throwable cause(IOException failed) {
    return failed.getCause() == null ? failed : failed.getCause();
  }

  private static @Nullable PassedSocket find(SocketAddress wanted, List<PassedSocket> passed) {
    for (PassedSocket each : passed) {
      boolean fits =
          wanted instanceof InetSocketAddress ip
              ? each.kind() == Kind.HTTP && fits(ip, each.address())
              : each.kind() == Kind.HTTP_SOCKET; // there is one
      if (fits) {
        return each;
      }
    }
    return null;
  }

  private static boolean fits(InetSocketAddress wanted, InetSocketAddress there) {
    return wanted.getAddress().equals(there.getAddress())
        && (wanted.getPort() == 0 || wanted.getPort() == there.getPort());
  }

  private static Channel register(ServerBootstrap bootstrap, PassedSocket there)
      throws IOException {
    int descriptor = there.descriptor();
    bootstrap.channelFactory(
        there.kind() == Kind.HTTP
            ? () -> new EpollServerSocketChannel(descriptor)
            : () -> new EpollServerDomainSocketChannel(descriptor, true)); // it listens
    return done(bootstrap.register());
  }

  private static Channel bind(ServerBootstrap bootstrap, Path path) throws IOException {
    return EPOLL
        ? bind(
            bootstrap,
            EpollServerDomainSocketChannel::new,
            new DomainSocketAddress(path.toString()))
        : done(
            bootstrap
                .channel(NioServerDomainSocketChannel.class)
                .bind(UnixDomainSocketAddress.of(path)));
  }

  private static Channel bind(
      ServerBootstrap bootstrap, Supplier<ServerChannel> epoll, SocketAddress address)
      throws IOException {
    if (EPOLL) {
      bootstrap.channelFactory(epoll::get);
    } else {
      bootstrap.channel(NioServerSocketChannel.class);
    }
    return done(bootstrap.bind(address));
  }

  /** The channel once it is bound; throws with the system's reason. */
  private static Channel done(ChannelFuture binding) throws IOException {
    ChannelFuture done = binding.awaitUninterruptibly();
    if (!done.isSuccess()) {
      throw new IOException(Reasons.of(done.cause()), done.cause());
    }
    return done.channel();
  }

  SocketAddress address() {
    return channel.localAddress();
  }

  /** The socket, for another process. */
  PassedSocket pass() {
    if (!(channel instanceof UnixChannel unix)) {
      throw new UnsupportedOperationException("without epoll the API's socket cannot be passed on");
    }
    shared = true;
    return new PassedSocket(path == null ? Kind.HTTP : Kind.HTTP_SOCKET, unix.fd().intValue());
  }

  /** No other process has it. */
  void keep() {
    shared = false;
  }

  /** Accepts nobody; see the same of DNS over TCP for why it takes this. */
  void pause() {
    channel.config().setAutoRead(false);
    channel.deregister().awaitUninterruptibly();
  }

  void resume() {
    if (!channel.isRegistered()) {
      channel.eventLoop().register(channel).awaitUninterruptibly();
    }
    channel.config().setAutoRead(true);
  }

  /** Closes it; what is at its path goes too, unless another process has it. */
  void close() {
    channel.close().awaitUninterruptibly();
    if (path != null && !shared) {
      PrivatePath.remove(path);
    }
  }
}
