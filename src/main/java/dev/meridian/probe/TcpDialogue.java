package dev.meridian.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.meridian.health.BodyMatch;
import dev.meridian.health.CheckKind;
import dev.meridian.health.Observation.Reason;
import dev.meridian.probe.Probe.Stage;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Connects and, if asked for, sends a text and waits for another. */
final class TcpDialogue implements Dialogue {
  private final Probe probe;
  private final String send;
  private final @Nullable SearchWindow window;

  TcpDialogue(Probe probe, CheckKind.Tcp tcp) {
    this.probe = probe;
    this.send = tcp.send();
    BodyMatch.Search expect = tcp.expect();
    this.window = expect == null ? null : new SearchWindow(expect.text());
  }

  @Override
  public void begin(Line line) {
    if (window == null) {
      probe.conclude(new Finding(Reason.OK, "TCP connection established"));
      return;
    }
    probe.enter(Stage.ANSWER);
    if (!send.isEmpty()) {
      line.send(send.getBytes(UTF_8));
    }
  }

  @Override
  public void hear(ByteBuf piece) {
    if (window == null) {
      return;
    }
    window.add(piece);
    if (window.isFound(false)) {
      probe.conclude(new Finding(Reason.OK, "the expected text was received"));
    } else if (window.isFull()) {
      probe.conclude(missing(window, ""));
    }
  }

  private static Finding missing(SearchWindow window, String end) {
    return new Finding(
        Reason.RESPONSE_UNEXPECTED,
        "the expected text is not in the first " + window.length() + " octets received" + end);
  }

  @Override
  public void ended() {
    if (window != null) {
      probe.conclude(missing(window, ", after which the target closed the connection"));
    }
  }
}
