package dev.meridian.probe;

import dev.meridian.health.Observation.Reason;
import io.netty.buffer.ByteBuf;

/** Says nothing: the TLS handshake before it is all that is probed. */
final class HandshakeDialogue implements Dialogue {
  private final Probe probe;

  HandshakeDialogue(Probe probe) {
    this.probe = probe;
  }

  @Override
  public void begin(Line line) {
    probe.conclude(
        new Finding(
            Reason.OK,
            "TLS handshake completed, certificate expires in "
                + probe.certificateDays()
                + " days"));
  }

  @Override
  public void hear(ByteBuf piece) {
    // The probe is over.
  }

  @Override
  public void ended() {
    // The probe is over.
  }
}
