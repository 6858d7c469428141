package dev.meridian.probe;

import dev.meridian.health.CheckKind;
import dev.meridian.health.Observation.Reason;
import dev.meridian.probe.Probe.Stage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * Asks one question over UDP. Datagrams that are no answer to it are passed over, as a resolver
 * does (RFC 5452 §9.1), but not without end.
 */
final class DnsDialogue implements Dialogue {
  private static final int MAX_STRAYS = 16;

  private final Probe probe;
  private final DnsExchange exchange;
  private int strays;

  DnsDialogue(Probe probe, CheckKind.Dns dns, int id) {
    this.probe = probe;
    this.exchange = new DnsExchange(dns, id);
  }

  @Override
  public void begin(Line line) {
    probe.enter(Stage.ANSWER);
    line.send(exchange.query());
  }

  @Override
  public void hear(ByteBuf datagram) {
    byte[] message = ByteBufUtil.getBytes(datagram);
    if (exchange.isAnswer(message)) {
      probe.conclude(exchange.judge(message));
    } else if (++strays == MAX_STRAYS) {
      probe.conclude(
          new Finding(
              Reason.RESPONSE_MALFORMED, MAX_STRAYS + " datagrams came, none of them the answer"));
    }
  }

  @Override
  public void ended() {
    // A datagram socket has no end.
  }
}
