package dev.meridian.perf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Listens on a port of 127.0.0.0/8 for each behaviour, prints {@code NAME PORT} lines, and ends
 * with its standard input. A process of its own, so that its work is not counted as the checker's.
 */
public final class HealthTargets {
  /** What a target does; the first two are what most of the world is like. */
  @SuppressWarnings("ImmutableEnumChecker") // the buffer is only ever duplicated
  enum Behaviour {
    GOOD("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nready", 1, true),
    SILENT("", 0, false),
    SLOW("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nready", 1, true),
    DRIPPED_HEADER("X", -50, false),
    DRIPPED_BODY("x", -50, false),
    ENDLESS_HEADER("X-Filler: something of some length\r\n", Integer.MAX_VALUE, false),
    ENDLESS_STATUS_LINE("HTTP/1.1 200 O", Integer.MAX_VALUE, false),
    ENDLESS_BODY("x", Integer.MAX_VALUE, false),
    GZIP_BOMB("\u001f\u008b\b\0\0\0\0\0\0\u0003\u00ed\u00c1\u0001\r\0\0\0", 100_000, true),
    CLOSES_AT_ONCE("", 0, true),
    RESETS("", 0, true),
    INTERIM_FLOOD("HTTP/1.1 100 Continue\r\n\r\n", Integer.MAX_VALUE, false),
    TLS_SILENT("", 0, false),
    TLS_HUGE_RECORDS("\u0016\u0003\u0003@\u0000", Integer.MAX_VALUE, false),
    TLS_HUGE_HANDSHAKE(
        "\u0016\u0003\u0003\u0000\u0006\u0002\0\0\u0002\u0003\u0003", Integer.MAX_VALUE, false),
    TLS_DRIPPED_RECORD("\0", -50, false),
    ONE_BY_ONE("x", -1, false),
    GARBAGE("\u0000\u0001\u0002 hello \u00ff\n", 1000, true),
    CHUNK_ABUSE("1;" + "x".repeat(1000) + "\r\nx\r\n", Integer.MAX_VALUE, false),
    HALF_CLOSED("", 0, false),
    REDIRECT("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", 1, false);

    private final ByteBuf piece;
    private final int count;
    private final boolean closes;

    /**
     * Sends a piece so many times once something came, or every so many milliseconds if negative.
     */
    Behaviour(String piece, int count, boolean closes) {
      this.count = count;
      this.closes = closes;
      int repeat = count == Integer.MAX_VALUE ? 1 + 8192 / piece.length() : 1;
      this.piece =
          Unpooled.unreleasableBuffer(
              Unpooled.wrappedBuffer(piece.repeat(repeat).getBytes(ISO_8859_1)));
    }

    private String head() {
      return switch (this) {
        case DRIPPED_HEADER, ENDLESS_HEADER, ONE_BY_ONE -> "HTTP/1.1 200 OK\r\nX: ";
        case TLS_DRIPPED_RECORD -> "\u0016\u0003\u0003@\0\u0002\0\0v" + "\0".repeat(16_000);
        case DRIPPED_BODY, ENDLESS_BODY -> "HTTP/1.1 200 OK\r\n\r\n";
        case GZIP_BOMB -> "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n";
        case CHUNK_ABUSE -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        default -> "";
      };
    }
  }

  private HealthTargets() {}

  /** Serves until standard input ends. */
  public static void main(String[] args) throws Exception {
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    StringBuilder ports = new StringBuilder();
    for (Behaviour behaviour : Behaviour.values()) {
      Channel listener =
          new ServerBootstrap()
              .group(group)
              .channel(NioServerSocketChannel.class)
              .option(ChannelOption.SO_BACKLOG, 4096)
              .childHandler(new Accepted(behaviour))
              .bind("0.0.0.0", 0)
              .sync()
              .channel();
      int port = ((java.net.InetSocketAddress) listener.localAddress()).getPort();
      ports.append(behaviour).append(' ').append(port).append('\n');
    }
    System.out.print(ports);
    System.out.println();
    while (System.in.read() >= 0) {
      // until the parent is gone
    }
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private static final class Accepted extends ChannelInitializer<SocketChannel> {
    private final Behaviour behaviour;

    Accepted(Behaviour behaviour) {
      this.behaviour = behaviour;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      if (behaviour == Behaviour.RESETS) {
        channel.config().setSoLinger(0);
      }
      channel.pipeline().addLast(new Conversation(behaviour));
    }
  }

  private static final class Conversation extends ChannelInboundHandlerAdapter {
    private final Behaviour behaviour;
    private boolean begun;
    private int sent;

    Conversation(Behaviour behaviour) {
      this.behaviour = behaviour;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ReferenceCountUtil.release(message);
      if (begun) {
        return;
      }
      begun = true;
      context.write(Unpooled.copiedBuffer(behaviour.head(), ISO_8859_1));
      if (behaviour.count < 0) {
        var _ =
            context
                .executor()
                .scheduleAtFixedRate(
                    () -> drip(context), 0, -behaviour.count, TimeUnit.MILLISECONDS);
      } else if (behaviour == Behaviour.SLOW) {
        var _ = context.executor().schedule(() -> push(context), 500, TimeUnit.MILLISECONDS);
      } else if (behaviour == Behaviour.HALF_CLOSED) {
        var _ = ((SocketChannel) context.channel()).shutdownOutput();
      } else {
        push(context);
      }
    }

    private void drip(ChannelHandlerContext context) {
      if (context.channel().isActive()) {
        context.writeAndFlush(behaviour.piece.duplicate());
      }
    }

    private void push(ChannelHandlerContext context) {
      while (sent < behaviour.count && context.channel().isWritable()) {
        context.write(behaviour.piece.duplicate());
        sent++;
      }
      if (sent == behaviour.count && behaviour.closes) {
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      } else {
        context.flush();
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      if (begun && context.channel().isWritable()) {
        push(context);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
