package dev.meridian.probe;

import dev.meridian.health.BodyMatch;
import dev.meridian.health.CheckKind;
import dev.meridian.health.Observation.Reason;
import dev.meridian.probe.Probe.Stage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;

/** Sends a text, if there is one, and waits for another. */
final class TcpDialogue extends SimpleChannelInboundHandler<ByteBuf> {
  private final Probe probe;
  private final String send;
  private final SearchWindow window;

  TcpDialogue(Probe probe, CheckKind.Tcp tcp, BodyMatch.Search expect) {
    this.probe = probe;
    this.send = tcp.send();
    this.window = new SearchWindow(expect.text());
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    probe.enter(Stage.ANSWER);
    if (!send.isEmpty()) {
      var _ = context.writeAndFlush(ByteBufUtil.writeUtf8(context.alloc(), send));
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf piece) {
    probe.answered();
    window.add(piece);
    if (window.isFound(false)) {
      probe.conclude(new Finding(Reason.OK, "the expected text was received"));
    } else if (window.isFull()) {
      probe.conclude(missing(""));
    }
  }

  private Finding missing(String end) {
    return new Finding(
        Reason.RESPONSE_UNEXPECTED,
        "the expected text is not in the first " + window.length() + " octets received" + end);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    probe.conclude(missing(", after which the target closed the connection"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    probe.conclude(Failures.ofExchange(cause));
  }
}
