package dev.meridian.api;

import dev.meridian.transport.Background;
import dev.meridian.transport.ListenException;
import dev.meridian.transport.Passable;
import dev.meridian.transport.PassedSocket;
import dev.meridian.transport.QuietLoops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The HTTP/1.1 listener on a thread of its own that gives way to those that answer queries, so that
 * no client of it can hold up an answer. Bounded in everything: connections, request line, headers,
 * body, time.
 */
public final class HttpServer implements Passable, AutoCloseable {
  /** Of an address; of a Unix socket, which only its owner reaches, {@link #MAX_OF_OWNER}. */
  static final int MAX_CONNECTIONS = 256;

  private static final int MAX_OF_OWNER = 64;
  private static final int MAX_REQUEST_LINE = 4096;
  private static final int MAX_HEADERS = 8192;
  private static final int MAX_BODY = 65536;

  private final EventLoopGroup loop;
  private final ChannelGroup connections;
  private final List<HttpListener> listeners = new ArrayList<>();
  private final Runnable last;

  private HttpServer(EventLoopGroup loop, ChannelGroup connections, Runnable last) {
    this.loop = loop;
    this.connections = connections;
    this.last = last;
  }

  /**
   * Opens a listener on a loopback address, for whoever reaches it.
   *
   * @param address port 0 lets the system choose
   * @throws ListenException if the address cannot be listened on
   */
  static HttpServer open(InetSocketAddress address, Map<String, Route> routes) throws IOException {
    List<Listen> listens = List.of(new Listen(address, Access.LOCAL));
    return open(listens, new Surface(routes, null, null), List.of(), () -> {});
  }

  /**
   * Opens listeners, all or none.
   *
   * @param passed sockets that another process has bound: used where they fit, else closed
   * @param last run when everything is closed
   * @throws ListenException if an address cannot be listened on
   * @throws IOException if the Unix socket cannot be opened, with the system's reason
   */
  static HttpServer open(
      List<Listen> listens, Surface surface, List<PassedSocket> passed, Runnable last)
      throws IOException {
    EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1, Background.loops("meridian-http"), HttpListener.ioFactory());
    ChannelGroup connections = new DefaultChannelGroup(loop.next());
    HttpServer server = new HttpServer(loop, connections, last);
    List<PassedSocket> waiting = new ArrayList<>(passed);
    try {
      for (Listen listen : listens) {
        check(listen);
        ServerBootstrap bootstrap =
            new ServerBootstrap()
                .group(loop)
                .childHandler(new Connections(connections, surface, listen));
        server.listeners.add(HttpListener.open(bootstrap, listen.address(), waiting));
      }
      QuietLoops.keepAsleep(loop);
      waiting.forEach(PassedSocket::close);
      return server;
    } catch (IOException | ListenException e) {
      server.listeners.forEach(HttpListener::close);
      loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw e;
    }
  }

  private static void check(Listen listen) throws IOException {
    if (listen.address() instanceof InetSocketAddress address
        && !address.getAddress().isLoopbackAddress()
        && (listen.access().tls() == null || listen.access().tokens() == null)) {
      throw new IOException("HTTP off loopback needs TLS and tokens: " + address);
    }
  }

  /** Where it listens, with the port that the system chose. */
  public InetSocketAddress address() {
    return listeners.stream()
        .map(HttpListener::address)
        .filter(InetSocketAddress.class::isInstance)
        .map(InetSocketAddress.class::cast)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("HTTP listens on no address"));
  }

  @Override
  public List<PassedSocket> pass() {
    return listeners.stream().map(HttpListener::pass).toList();
  }

  @Override
  public void keep() {
    listeners.forEach(HttpListener::keep);
  }

  /** Connections that are open end: a client that comes again comes to whoever takes it in. */
  @Override
  public void pause() {
    listeners.forEach(HttpListener::pause);
    connections.close().awaitUninterruptibly();
  }

  @Override
  public void resume() {
    listeners.forEach(HttpListener::resume);
  }

  /** Closes the listener and every connection, and waits for its thread to end. */
  @Override
  public void close() {
    listeners.forEach(HttpListener::close);
    connections.close().awaitUninterruptibly();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    last.run();
  }

  /** Sets up each connection that gets a place. */
  private static final class Connections extends ChannelInitializer<Channel> {
    private final ChannelGroup connections;
    private final Surface surface;
    private final Access access;
    private final Places places;

    Connections(ChannelGroup connections, Surface surface, Listen listen) {
      this.connections = connections;
      this.surface = surface;
      this.access = listen.access();
      boolean anybody = listen.address() instanceof InetSocketAddress;
      this.places = new Places(anybody ? MAX_CONNECTIONS : MAX_OF_OWNER);
    }

    @Override
    protected void initChannel(Channel channel) {
      if (!places.admit(channel)) {
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
          .addLast(new ApiHandler(surface, access, places));
      TlsFiles tls = access.tls();
      if (tls != null) {
        tls.protect(channel);
      }
    }
  }
}
