package dev.meridian.probe;

import dev.meridian.health.CheckKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;

/** A TCP connection under TLS, which Netty does. */
final class TlsLine extends SimpleChannelInboundHandler<ByteBuf> implements Line {
  private final Probe probe;
  private final Dialogue dialogue;
  private final Channel channel;

  private TlsLine(Probe probe, Dialogue dialogue, Channel channel) {
    this.probe = probe;
    this.dialogue = dialogue;
    this.channel = channel;
  }

  /**
   * Begins to connect.
   *
   * @param host the server name; {@link CheckKind.Tls} says what is made of it
   */
  static TlsLine open(
      Probe probe, Dialogue dialogue, CheckKind.Tls tls, String host, InetSocketAddress target)
      throws GeneralSecurityException {
    ProbeEnvironment environment = probe.environment();
    Channel channel = new NioSocketChannel();
    TlsLine line = new TlsLine(probe, dialogue, channel);
    try {
      // On the loop's own thread this is done at once; it only throws what went wrong.
      EventLoop loop = environment.loop();
      loop.register(channel).syncUninterruptibly();
      channel.config().setConnectTimeoutMillis(0);
      channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(ReadBuffer.OCTETS));
      SslHandler handler = environment.tls().handler(tls, host, dialogue.protocols());
      channel
          .pipeline()
          .addLast(
              new TlsGate(probe::conclude, handler.handshakeFuture()::isSuccess),
              handler,
              new TlsWatcher(probe, tls, environment.clock().instant(), line::secured),
              line);
      channel
          .connect(target, environment.sources().toward(target.getAddress()))
          .addListener((ChannelFuture connect) -> line.connected(connect));
      return line;
    } catch (GeneralSecurityException | RuntimeException e) {
      line.close();
      throw e;
    }
  }

  private void connected(ChannelFuture connect) {
    if (connect.isSuccess()) {
      probe.connected();
    } else {
      probe.conclude(Failures.ofConnect(connect.cause()));
    }
  }

  private void secured() {
    dialogue.begin(this);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf piece) {
    if (!probe.isOver() && piece.isReadable()) {
      probe.answered();
      dialogue.hear(piece);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (!probe.isOver()) {
      dialogue.ended();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!probe.isOver()) {
      probe.conclude(dialogue.broken(cause));
    }
  }

  @Override
  public void send(byte[] octets) {
    var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(octets));
  }

  @Override
  public void close() {
    var _ = channel.close();
  }
}
