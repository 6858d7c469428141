package dev.meridian.probe;

import dev.meridian.health.CheckKind;
import dev.meridian.health.Observation.Reason;
import dev.meridian.probe.Probe.Stage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Bounds what a target can make a probe read, whatever it is framed as: interim responses without
 * end and chunks of one octet with long extensions pass every limit on one element.
 */
final class ResponseBudget extends ChannelInboundHandlerAdapter {
  /** All headers of a response together, interim ones too; Route 53's limit. */
  static final int HEADER_OCTETS = 16_384;

  /** The header, the searched part of the body, and a generous share of framing. */
  private static final int TOTAL_OCTETS = HEADER_OCTETS + 4 * CheckKind.Http.SEARCHED_OCTETS;

  static final Finding HEADER_TOO_LARGE =
      new Finding(
          Reason.RESPONSE_TOO_LARGE, "response header is larger than " + HEADER_OCTETS + " octets");

  private static final Finding FRAMING_TOO_LARGE =
      new Finding(
          Reason.RESPONSE_TOO_LARGE,
          "response spends more than " + TOTAL_OCTETS + " octets on the searched part of its body");

  private final Probe probe;
  private int octets;

  ResponseBudget(Probe probe) {
    this.probe = probe;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    octets += ((ByteBuf) message).readableBytes();
    context.fireChannelRead(message);
    // The decoder has seen it by now, so the stage tells whether the header is complete.
    if (probe.stage() != Stage.BODY && octets > HEADER_OCTETS) {
      probe.conclude(HEADER_TOO_LARGE);
    } else if (octets > TOTAL_OCTETS) {
      probe.conclude(FRAMING_TOO_LARGE);
    }
  }
}
