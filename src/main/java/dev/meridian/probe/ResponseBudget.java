package dev.meridian.probe;

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

  static final Finding HEADER_TOO_LARGE =
      new Finding(
          Reason.RESPONSE_TOO_LARGE, "response header is larger than " + HEADER_OCTETS + " octets");

  private final Probe probe;
  private final int total;
  private int octets;

  /**
   * The header, the part of the body that is looked at, and a generous share of framing.
   *
   * @param bodyOctets how much of the body is looked at
   */
  ResponseBudget(Probe probe, int bodyOctets) {
    this.probe = probe;
    this.total = HEADER_OCTETS + 4 * bodyOctets;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    probe.answered();
    octets += ((ByteBuf) message).readableBytes();
    context.fireChannelRead(message);
    // The decoder has seen it by now, so the stage tells whether the header is complete.
    if (probe.stage() != Stage.BODY && octets > HEADER_OCTETS) {
      probe.conclude(HEADER_TOO_LARGE);
    } else if (octets > total) {
      probe.conclude(
          new Finding(
              Reason.RESPONSE_TOO_LARGE,
              "response spends more than " + total + " octets on the part that is looked at"));
    }
  }
}
