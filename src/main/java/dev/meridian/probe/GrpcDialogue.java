package dev.meridian.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.meridian.health.GrpcCheck;
import dev.meridian.health.Observation.Reason;
import dev.meridian.probe.Probe.Stage;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One unary call over HTTP/2 (RFC 9113), as little of it as that takes: a preface, one request, and
 * of what comes back the DATA of the one stream. Headers are passed over unread, so nothing has to
 * be decompressed: a call that fails has no DATA, and that is enough to know.
 */
final class GrpcDialogue implements Dialogue {
  private static final int FRAME_HEADER = 9;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int ACK = 1;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int PADDED = 8;
  private static final int STREAM = 1;

  /** A HealthCheckResponse needs two octets; what follows them belongs to a later version. */
  private static final int MAX_MESSAGE = 64;

  /** Of frames of all kinds together. */
  private static final int MAX_OCTETS = 16_384;

  /** A call takes about ten; some of them have to be answered. */
  private static final int MAX_FRAMES = 64;

  private static final int SERVING = 1;
  private static final List<String> STATUS =
      List.of("UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN");

  private final Probe probe;
  private final GrpcCheck grpc;
  private final String authority;
  private final byte[] header = new byte[FRAME_HEADER];
  private final byte[] payload = new byte[MAX_MESSAGE];
  private final byte[] message = new byte[MAX_MESSAGE];
  private @Nullable Line line;
  private boolean greeted;
  private int headerLength;
  private int payloadLength;
  private int messageLength;
  private int octets;
  private int frames;

  /**
   * @param authority whom the request is made out to
   */
  GrpcDialogue(Probe probe, GrpcCheck grpc, String authority) {
    this.probe = probe;
    this.grpc = grpc;
    this.authority = authority;
  }

  @Override
  public List<String> protocols() {
    return List.of("h2");
  }

  @Override
  public void begin(Line line) {
    probe.enter(Stage.ANSWER);
    this.line = line;
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
    frame(out, SETTINGS, 0, 0, new byte[] {0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0});
    frame(out, HEADERS, END_HEADERS, STREAM, headers());
    frame(out, DATA, END_STREAM, STREAM, request());
    line.send(out.toByteArray());
  }

  /** Literals without indexing and without Huffman (RFC 7541 §6.2.2), which need no table. */
  private byte[] headers() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    literal(out, ":method", "POST");
    literal(out, ":scheme", grpc.tls() == null ? "http" : "https");
    literal(out, ":path", "/grpc.health.v1.Health/Check");
    literal(out, ":authority", authority);
    literal(out, "content-type", "application/grpc");
    literal(
        out, "user-agent", ProbeRequest.userAgent(probe.check(), probe.environment().version()));
    literal(out, "te", "trailers");
    return out.toByteArray();
  }

  private static void literal(ByteArrayOutputStream out, String name, String value) {
    out.write(0);
    text(out, name);
    text(out, value);
  }

  /** RFC 7541 §5.1 and §5.2, with a prefix of seven bits. */
  private static void text(ByteArrayOutputStream out, String text) {
    byte[] octets = text.getBytes(US_ASCII);
    int length = octets.length;
    if (length < 0x7F) {
      out.write(length);
    } else {
      out.write(0x7F);
      for (length -= 0x7F; length >= 0x80; length >>= 7) {
        out.write((length & 0x7F) | 0x80);
      }
      out.write(length);
    }
    out.writeBytes(octets);
  }

  /** A HealthCheckRequest: the service as field 1, behind flag and length of the message. */
  private byte[] request() {
    byte[] service = grpc.service().getBytes(UTF_8);
    ByteArrayOutputStream field = new ByteArrayOutputStream();
    if (service.length > 0) {
      field.write(0x0A);
      if (service.length >= 0x80) {
        field.write((service.length & 0x7F) | 0x80);
        field.write(service.length >> 7);
      } else {
        field.write(service.length);
      }
      field.writeBytes(service);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 0, 0, (byte) (field.size() >> 8), (byte) field.size()});
    out.writeBytes(field.toByteArray());
    return out.toByteArray();
  }

  private static void frame(
      ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
    int length = payload.length;
    out.writeBytes(
        new byte[] {
          (byte) (length >> 16), (byte) (length >> 8), (byte) length, (byte) type, (byte) flags
        });
    out.writeBytes(new byte[] {0, 0, 0, (byte) stream});
    out.writeBytes(payload);
  }

  @Override
  public void hear(ByteBuf piece) {
    octets += piece.readableBytes();
    while (!probe.isOver() && frames <= MAX_FRAMES && readFrame(piece)) {
      frames++;
      judgeFrame();
      headerLength = 0;
      payloadLength = 0;
    }
    if (octets > MAX_OCTETS || frames > MAX_FRAMES) {
      probe.conclude(
          new Finding(
              Reason.RESPONSE_TOO_LARGE,
              "no answer within " + MAX_OCTETS + " octets and " + MAX_FRAMES + " frames"));
    }
  }

  /** Takes one frame; of a long payload only the beginning. False if it is not there yet. */
  private boolean readFrame(ByteBuf piece) {
    int count = Math.min(FRAME_HEADER - headerLength, piece.readableBytes());
    piece.readBytes(header, headerLength, count);
    headerLength += count;
    if (headerLength < FRAME_HEADER) {
      return false;
    }
    if (!greeted && header[3] != SETTINGS) { // RFC 9113 §3.4
      probe.conclude(
          new Finding(Reason.RESPONSE_MALFORMED, "the target does not speak HTTP/2 here"));
      return false;
    }
    int rest = Math.min(length() - payloadLength, piece.readableBytes());
    int kept = Math.min(rest, Math.max(0, MAX_MESSAGE - payloadLength));
    piece.getBytes(piece.readerIndex(), payload, Math.min(payloadLength, MAX_MESSAGE), kept);
    piece.skipBytes(rest);
    payloadLength += rest;
    return payloadLength == length();
  }

  private int length() {
    return ((header[0] & 0xFF) << 16) | ((header[1] & 0xFF) << 8) | (header[2] & 0xFF);
  }

  private boolean has(int flag) {
    return (header[4] & flag) != 0;
  }

  private void judgeFrame() {
    greeted = true;
    switch (header[3]) {
      case SETTINGS -> acknowledge(SETTINGS, new byte[0]);
      case PING -> acknowledge(PING, Arrays.copyOf(payload, 8));
      case DATA -> data();
      case HEADERS -> {
        if (has(END_STREAM)) {
          refused("the call failed; the health service, or the service asked for, may be unknown");
        }
      }
      case RST_STREAM -> refused("the call was reset with error " + (payload[3] & 0xFF));
      case GOAWAY -> refused("the target goes away with error " + (payload[7] & 0xFF));
      default -> {}
    }
  }

  private void acknowledge(int type, byte[] content) {
    if (!has(ACK) && line != null) {
      ByteArrayOutputStream out = new ByteArrayOutputStream(32);
      frame(out, type, ACK, 0, content);
      line.send(out.toByteArray());
    }
  }

  private void data() {
    int from = has(PADDED) ? 1 : 0;
    int padding = has(PADDED) ? payload[0] & 0xFF : 0;
    int count = Math.min(payloadLength, MAX_MESSAGE) - from - padding;
    int kept = Math.clamp(count, 0, MAX_MESSAGE - messageLength);
    System.arraycopy(payload, from, message, messageLength, kept);
    messageLength += kept;
    if (messageLength >= 5 && messageLength >= 5 + (message[4] & 0xFF)) {
      answer();
    } else if (has(END_STREAM)) {
      refused("the answer is no HealthCheckResponse");
    }
  }

  /** The status is field 1, an enumeration; absent it is UNKNOWN. */
  private void answer() {
    int length = message[4] & 0xFF;
    int status = length >= 2 && message[5] == 0x08 ? message[6] : 0;
    boolean foreign = message[0] != 0 || message[1] != 0 || message[2] != 0 || message[3] != 0;
    if (foreign || status < 0 || status >= STATUS.size()) {
      refused("the answer is no HealthCheckResponse");
    } else if (status == SERVING) {
      probe.conclude(new Finding(Reason.OK, "SERVING"));
    } else {
      refused(STATUS.get(status));
    }
  }

  private void refused(String why) {
    probe.conclude(new Finding(Reason.RESPONSE_UNEXPECTED, why));
  }

  @Override
  public void ended() {
    probe.conclude(
        new Finding(Reason.CONNECTION_CLOSED, "connection closed before the call was answered"));
  }
}
