package dev.meridian.transport;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;

/**
 * Takes the failures of one listening TCP socket, most of all the want of file descriptors. The
 * kernel keeps the connection that could not be accepted, so a failure would come again at once and
 * for ever: the socket rests a while instead, and what waits is accepted after that.
 */
final class AcceptFailures extends ChannelInboundHandlerAdapter {
  /** Ten attempts a second cost nothing, and nobody who waits notices. */
  private static final long REST_MILLIS = 100;

  private final LoopState loop;

  AcceptFailures(LoopState loop) {
    this.loop = loop;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    loop.stats().increment(TransportCounter.TCP_ACCEPT_FAILED);
    loop.report("accepting a TCP connection failed", cause);
    ChannelConfig config = ctx.channel().config();
    if (config.isAutoRead()) {
      config.setAutoRead(false);
      ctx.executor().schedule(() -> resume(ctx), REST_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private static void resume(ChannelHandlerContext ctx) {
    if (ctx.channel().isOpen()) {
      ctx.channel().config().setAutoRead(true);
    }
  }
}
