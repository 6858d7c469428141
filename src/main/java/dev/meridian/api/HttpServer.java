package dev.meridian.api;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/1.1 listener on a thread of its own, so that no client of it can hold up an answer.
 * Bounded in everything: connections, request line, headers, body, time.
 */
public final class HttpServer implements AutoCloseable {
  static final int MAX_CONNECTIONS = 256;
  private static final int MAX_REQUEST_LINE = 4096;
  private static final int MAX_HEADERS = 8192;
  private static final int MAX_BODY = 65536;

  private final EventLoopGroup loop;
  private final ChannelGroup connections;
  private final Channel listener;
  private final Runnable last;

  private HttpServer(
      EventLoopGroup loop, ChannelGroup connections, Channel listener, Runnable last) {
    this.loop = loop;
    this.connections = connections;
    this.listener = listener;
    this.last = last;
  }

  /**
   * Opens the listener.
   *
   * @param address a loopback address; port 0 lets the system choose
   * @throws IOException if it cannot be opened, with the system's reason
   */
  static HttpServer open(InetSocketAddress address, Map<String, Route> routes) throws IOException {
    return open(address, routes, null, () -> {});
  }

  /**
   * The same with a hub for those who subscribe.
   *
   * @param last run when everything is closed
   */
  static HttpServer open(
      InetSocketAddress address,
      Map<String, Route> routes,
      @Nullable EventHub events,
      Runnable last)
      throws IOException {
    if (!address.getAddress().isLoopbackAddress()) {
      throw new IOException("the HTTP surface is for loopback addresses only: " + address);
    }
    EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("meridian-http", true), NioIoHandler.newFactory());
    ChannelGroup connections = new DefaultChannelGroup(loop.next());
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(new Connections(connections, routes, events))
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw new IOException(String.valueOf(bound.cause().getMessage()), bound.cause());
    }
    return new HttpServer(loop, connections, bound.channel(), last);
  }

  /** Where it listens, with the port that the system chose. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** Closes the listener and every connection, and waits for its thread to end. */
  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    connections.close().awaitUninterruptibly();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    last.run();
  }

  /** Sets up each connection, and turns away those beyond {@link #MAX_CONNECTIONS}. */
  private static final class Connections extends ChannelInitializer<SocketChannel> {
    private final ChannelGroup connections;
    private final Map<String, Route> routes;
    private final @Nullable EventHub events;

    Connections(
        ChannelGroup connections, Map<String, Route> routes, @Nullable EventHub events) {
      this.connections = connections;
      this.routes = routes;
      this.events = events;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      if (connections.size() >= MAX_CONNECTIONS) {
        channel.close();
        return;
      }
      connections.add(channel);
      HttpDecoderConfig limits =
          new HttpDecoderConfig()
              .setMaxInitialLineLength(MAX_REQUEST_LINE)
              .setMaxHeaderSize(MAX_HEADERS);
      channel
          .pipeline()
          .addLast(new HttpServerCodec(limits))
          .addLast(new LengthGate())
          .addLast(new HttpObjectAggregator(MAX_BODY, true))
          .addLast(new ApiHandler(routes, events));
    }
  }
}
