package dev.meridian.probe;

import dev.meridian.health.BodyMatch;
import dev.meridian.health.CheckKind;
import dev.meridian.health.Observation.Reason;
import dev.meridian.probe.Probe.Stage;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Says one request and listens to as much of the response as it takes to judge it: the header, and
 * of the body no more than is searched. Ends the probe as soon as that is known.
 */
final class HttpDialogue implements Dialogue {
  /** All headers of a response together, interim ones too; Route 53's limit. */
  static final int HEADER_OCTETS = 16_384;

  private static final Finding HEADER_TOO_LARGE =
      new Finding(
          Reason.RESPONSE_TOO_LARGE, "response header is larger than " + HEADER_OCTETS + " octets");

  private static final Finding CLOSED_EARLY =
      new Finding(Reason.CONNECTION_CLOSED, "connection closed before a complete response header");

  /** RFC 9110 §15.2 sets no limit; what a client can use is one or two. */
  private static final int MAX_INTERIM = 16;

  private static final Finding TOO_MANY_INTERIM =
      new Finding(
          Reason.RESPONSE_TOO_LARGE, "more than " + MAX_INTERIM + " interim responses came first");

  private final Probe probe;
  private final CheckKind.Http http;
  private final byte[] request;
  private final @Nullable BodyWindow window;
  private final HttpReader reader;

  /** The header, the part of the body that is looked at, and a generous share of framing. */
  private final int budget;

  private int octets;
  private int interim;
  private boolean judging;

  /**
   * One exchange.
   *
   * @param request the octets to send
   */
  HttpDialogue(Probe probe, CheckKind.Http http, byte[] request) {
    this.probe = probe;
    this.http = http;
    this.request = request;
    BodyMatch match = http.match();
    this.window = match == null ? null : BodyWindow.of(match);
    this.budget = HEADER_OCTETS + (match == null ? 0 : 4 * match.octets());
    this.reader = new HttpReader(http.request().method().equals("HEAD"));
  }

  @Override
  public void begin(Line line) {
    probe.enter(Stage.HEADER);
    line.send(request);
  }

  @Override
  public void hear(ByteBuf piece) {
    octets += piece.readableBytes();
    HttpReader.Event event = reader.next(piece);
    while (!probe.isOver() && event != HttpReader.Event.MORE) {
      judge(event, piece);
      if (event == HttpReader.Event.END) {
        return;
      }
      event = reader.next(piece);
    }
    bound();
  }

  private void judge(HttpReader.Event event, ByteBuf piece) {
    switch (event) {
      case HEAD -> judgeHead();
      case BODY -> judgeBody(piece);
      case END -> judgeEnd(" octets of the body");
      case MALFORMED ->
          probe.conclude(new Finding(Reason.RESPONSE_MALFORMED, "not HTTP: " + reader.problem()));
      case MORE -> {}
    }
  }

  /**
   * Whatever it is framed as: interim responses without end and chunks of one octet with long
   * extensions pass every limit on one element.
   */
  private void bound() {
    if (!judging && reader.headerOctets() > HEADER_OCTETS) {
      probe.conclude(HEADER_TOO_LARGE);
    } else if (octets > budget) {
      probe.conclude(
          new Finding(
              Reason.RESPONSE_TOO_LARGE,
              "response spends more than " + budget + " octets on the part that is looked at"));
    }
  }

  private void judgeHead() {
    if (reader.headerOctets() > HEADER_OCTETS) {
      probe.conclude(HEADER_TOO_LARGE);
    } else if (reader.isInterim()) {
      interim++;
      if (interim > MAX_INTERIM) {
        probe.conclude(TOO_MANY_INTERIM);
      }
    } else if (!http.expected().contains(reader.status())) {
      probe.conclude(new Finding(Reason.HTTP_STATUS, text()));
    } else if (window == null) {
      probe.conclude(new Finding(Reason.OK, text()));
    } else {
      judging = true;
      probe.enter(Stage.BODY);
    }
  }

  private void judgeBody(ByteBuf piece) {
    int count = reader.available();
    if (window != null) {
      window.add(piece, count);
      if (window.isFound(false)) {
        probe.conclude(new Finding(Reason.OK, text()));
      } else if (window.isFull()) {
        probe.conclude(window.missing(" octets of the body"));
      }
    }
    piece.skipBytes(count);
  }

  private void judgeEnd(String where) {
    if (window != null && window.isFound(true)) {
      probe.conclude(new Finding(Reason.OK, text()));
    } else if (window != null) {
      probe.conclude(window.missing(where));
    }
  }

  /** Route 53's words. */
  private String text() {
    return "HTTP Status Code " + reader.status() + ", " + reader.reason();
  }

  @Override
  public void ended() {
    if (!judging) {
      probe.conclude(CLOSED_EARLY);
    } else {
      judgeEnd(
          reader.mayEnd()
              ? " octets of the body"
              : " octets, after which the target closed the connection");
    }
  }
}
