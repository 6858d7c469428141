package dev.meridian.probe;

import dev.meridian.health.CheckKind;
import dev.meridian.health.Observation.Reason;
import dev.meridian.probe.Probe.Stage;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;

/**
 * Asks one question over UDP. Datagrams that are no answer to it are passed over, as a resolver
 * does (RFC 5452 §9.1), but not without end.
 */
final class DnsDialogue extends SimpleChannelInboundHandler<DatagramPacket> {
  private static final int MAX_STRAYS = 16;

  private final Probe probe;
  private final DnsExchange exchange;
  private int strays;

  DnsDialogue(Probe probe, CheckKind.Dns dns, int id) {
    this.probe = probe;
    this.exchange = new DnsExchange(dns, id);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    probe.enter(Stage.ANSWER);
    var _ = context.writeAndFlush(Unpooled.wrappedBuffer(exchange.query()));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
    probe.answered();
    byte[] message = ByteBufUtil.getBytes(datagram.content());
    if (exchange.isAnswer(message)) {
      probe.conclude(exchange.judge(message));
    } else if (++strays == MAX_STRAYS) {
      probe.conclude(
          new Finding(
              Reason.RESPONSE_MALFORMED, MAX_STRAYS + " datagrams came, none of them the answer"));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    probe.conclude(Failures.ofExchange(cause));
  }
}
