package dev.meridian.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The event loops of a server with their state. */
final class EventLoops {
  private static final long SHUTDOWN_SECONDS = 5;

  private final boolean epoll;
  private final MultiThreadIoEventLoopGroup group;
  private final List<LoopState> loops = new ArrayList<>();
  private final ConnectionLimits limits;
  private final List<TcpConnections> connections = new ArrayList<>();
  private final Map<EventLoop, TcpConnections> connectionsByLoop = new HashMap<>();

  /**
   * Makes the loops, whose threads start when they are first used.
   *
   * @param traffic what the loops will answer
   */
  EventLoops(TransportSettings settings, boolean epoll, Traffic traffic, LoopFactory factory) {
    this.epoll = epoll;
    List<QueryLoop> parts = new ArrayList<>();
    for (int i = 0; i < settings.loops(); i++) {
      parts.add(factory.create(i, traffic));
    }
    group =
        new MultiThreadIoEventLoopGroup(
            settings.loops(),
            new DefaultThreadFactory("meridian-dns"),
            epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    limits = new ConnectionLimits(settings.tcp(), settings.loops());
    for (EventExecutor executor : group) {
      LoopState loop = new LoopState(loops.size(), (IoEventLoop) executor, parts.get(loops.size()));
      loops.add(loop);
      TcpConnections mine =
          new TcpConnections(loop, settings.tcp(), limits, connections, System::nanoTime);
      connections.add(mine);
      connectionsByLoop.put(loop.eventLoop(), mine);
    }
  }

  /** Whether the loops run on epoll rather than NIO. */
  boolean epoll() {
    return epoll;
  }

  EventLoopGroup group() {
    return group;
  }

  List<LoopState> all() {
    return loops;
  }

  /** The loops that sockets are opened for: without SO_REUSEPORT an address has one socket only. */
  List<LoopState> listening() {
    return epoll ? loops : loops.subList(0, 1);
  }

  /** The connections of the loop that {@code channel} is registered with. */
  TcpConnections connectionsOf(Channel channel) {
    return Objects.requireNonNull(connectionsByLoop.get(channel.eventLoop()));
  }

  /** Completes when every loop has done a task. Any thread. */
  CompletableFuture<Void> turn() {
    return CompletableFuture.allOf(
        loops.stream()
            .map(loop -> CompletableFuture.runAsync(() -> {}, loop.eventLoop()))
            .toArray(CompletableFuture[]::new));
  }

  /** From now on TCP clients are told to close their connections. Any thread. */
  void drain() {
    limits.drain();
  }

  /** TCP clients may stay again. Any thread. */
  void stay() {
    limits.stay();
  }

  /** Closes all connections and ends the threads; again, does nothing. */
  void shutDown() {
    if (group.isShuttingDown()) {
      return;
    }
    for (TcpConnections each : connections) {
      each.loop().eventLoop().submit(each::closeAll).awaitUninterruptibly();
    }
    group.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
