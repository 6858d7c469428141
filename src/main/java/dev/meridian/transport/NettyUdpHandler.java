package dev.meridian.transport;

import dev.meridian.answer.QueryContext;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Answers the datagrams of one channel: writes while a batch is read, one flush at its end. */
final class NettyUdpHandler extends ChannelInboundHandlerAdapter {
  private final LoopState loop;
  private final QueryContext context;
  private final TransportStats stats;
  private @Nullable SourceGuard sources;

  NettyUdpHandler(LoopState loop) {
    this.loop = loop;
    this.context = loop.context();
    this.stats = loop.stats();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    DatagramPacket query = (DatagramPacket) message;
    try {
      stats.increment(TransportCounter.UDP_RECEIVED);
      int octets = answer(ctx, query);
      if (octets > 0) {
        reply(ctx, query.sender(), octets);
      }
    } finally {
      query.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    stats.increment(TransportCounter.UDP_RECEIVE_ERRORS);
    loop.report("serving a UDP socket failed", cause);
  }

  /** Octets of the reply in the context; 0: none. */
  private int answer(ChannelHandlerContext ctx, DatagramPacket query) {
    ByteBuf content = query.content();
    int length = content.readableBytes();
    if (length > TransportSettings.MAX_DATAGRAM_OCTETS) {
      stats.increment(TransportCounter.UDP_TOO_LONG);
      return 0;
    }
    Addresses.copy(query.sender().getAddress(), context.source());
    if (sources(ctx).refuses(context.source(), query.sender().getPort())) {
      stats.increment(TransportCounter.UDP_SOURCE_REFUSED);
      return 0;
    }
    content.getBytes(content.readerIndex(), context.request(), 0, length);
    context.tellTime(System.nanoTime());
    int octets = loop.answer(length, false);
    if (octets == 0) {
      stats.increment(TransportCounter.UDP_UNANSWERED);
    } else if (octets > TransportSettings.MAX_DATAGRAM_OCTETS) {
      stats.increment(TransportCounter.UDP_TOO_LONG);
      return 0;
    }
    return octets;
  }

  /** The channel knows its address once it is bound, which it is when something comes. */
  private SourceGuard sources(ChannelHandlerContext ctx) {
    SourceGuard known = sources;
    if (known == null) {
      known = new SourceGuard((InetSocketAddress) ctx.channel().localAddress());
      sources = known;
    }
    return known;
  }

  private void reply(ChannelHandlerContext ctx, InetSocketAddress to, int octets) {
    ByteBuf content = ctx.alloc().directBuffer(octets).writeBytes(context.response(), 0, octets);
    ctx.write(new DatagramPacket(content, to)).addListener(this::written);
  }

  private void written(io.netty.util.concurrent.Future<? super Void> write) {
    stats.increment(
        write.isSuccess() ? TransportCounter.UDP_SENT : TransportCounter.UDP_SEND_REFUSED);
  }
}
