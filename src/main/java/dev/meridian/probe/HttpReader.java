package dev.meridian.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Locale;

/**
 * Takes an HTTP/1 response apart as it comes in (RFC 9112): status and body, and of the header only
 * what frames the body. Holds one line at most, and of a long one only its beginning. What bounds
 * the whole is the caller's to say.
 *
 * <pre>
 * STATUS -> HEADER* -> LENGTH | UNTIL_CLOSE | SIZE -> CHUNK -> GAP -> SIZE ... TRAILER* -> END
 * </pre>
 */
final class HttpReader {
  /** What comes next. */
  enum Event {
    /** Nothing until more octets are there. */
    MORE,
    /** A status line with all of its header. */
    HEAD,
    /** {@link #available} octets of the body, which stand at the buffer's reader index. */
    BODY,
    /** The body is complete. */
    END,
    /** This is no HTTP; {@link #problem} says why. */
    MALFORMED
  }

  private enum State {
    STATUS,
    HEADER,
    LENGTH,
    UNTIL_CLOSE,
    SIZE,
    CHUNK,
    GAP,
    TRAILER,
    END
  }

  /** What is kept of a line; no field that frames a body needs more. */
  private static final int KEPT = 256;

  private static final byte[] BEGINNING = {'H', 'T', 'T', 'P', '/', '1', '.'};
  private static final int STATUS_AT = 9;
  private static final int REASON_AT = 13;
  private static final long MAX_LENGTH = Long.MAX_VALUE / 16;

  private final boolean bodiless;
  private final byte[] line = new byte[KEPT];
  private State state = State.STATUS;
  private int lineLength;
  private int status;
  private String reason = "";
  private long length = -1;
  private boolean chunked;
  private boolean coded;
  private long rest;
  private int available;
  private int headerOctets;
  private String problem = "";

  /**
   * A reader of one response and the interim ones before it.
   *
   * @param bodiless whether the request was HEAD
   */
  HttpReader(boolean bodiless) {
    this.bodiless = bodiless;
  }

  /** The status code of the last head. */
  int status() {
    return status;
  }

  /** Its reason phrase, as far as it is kept. */
  String reason() {
    return reason;
  }

  /** How much of the body there is to take; to be skipped before the next call. */
  int available() {
    return available;
  }

  /** How many octets of status lines and headers have come so far. */
  int headerOctets() {
    return headerOctets;
  }

  /** Why it is no HTTP. */
  String problem() {
    return problem;
  }

  /** Reads on. After MALFORMED or END there is nothing more to read. */
  Event next(ByteBuf piece) {
    while (true) {
      switch (state) {
        case LENGTH, CHUNK -> {
          if (rest == 0) {
            state = state == State.CHUNK ? State.GAP : State.END;
          } else {
            return body((int) Math.min(rest, piece.readableBytes()));
          }
        }
        case UNTIL_CLOSE -> {
          return body(piece.readableBytes());
        }
        case END -> {
          return Event.END;
        }
        default -> {
          if (!readLine(piece)) {
            return isForeign() ? malformed("it does not begin with HTTP/1.") : Event.MORE;
          }
          Event event = endLine();
          if (event != Event.MORE) {
            return event;
          }
        }
      }
    }
  }

  /** Whether the response may end here because the target closed the connection. */
  boolean mayEnd() {
    return state == State.UNTIL_CLOSE || state == State.END;
  }

  private Event body(int count) {
    available = count;
    rest -= state == State.UNTIL_CLOSE ? 0 : count;
    return count == 0 ? Event.MORE : Event.BODY;
  }

  /** Takes octets up to the end of the line; false if that has not come yet. */
  private boolean readLine(ByteBuf piece) {
    int before = piece.bytesBefore((byte) '\n');
    int count = before < 0 ? piece.readableBytes() : before;
    int kept = Math.min(count, KEPT - Math.min(lineLength, KEPT));
    if (kept > 0) {
      piece.getBytes(piece.readerIndex(), line, lineLength, kept);
    }
    lineLength += count;
    int taken = before < 0 ? count : count + 1;
    piece.skipBytes(taken);
    if (state == State.STATUS || state == State.HEADER) {
      headerOctets += taken;
    }
    return before >= 0;
  }

  /** What stands at the beginning is decided by its first octets, not by the end of a line. */
  private boolean isForeign() {
    if (state != State.STATUS || lineLength == 0 || line[0] == '\r') {
      return false;
    }
    int count = Math.min(lineLength, BEGINNING.length);
    return !Arrays.equals(line, 0, count, BEGINNING, 0, count);
  }

  private Event endLine() {
    int end = Math.min(lineLength, KEPT);
    if (lineLength <= KEPT && end > 0 && line[end - 1] == '\r') {
      end--;
    }
    boolean whole = lineLength <= KEPT;
    lineLength = 0;
    return switch (state) {
      case STATUS -> statusLine(end);
      case HEADER -> end == 0 ? head() : field(end, whole);
      case SIZE -> size(end);
      case GAP -> gap(end);
      default -> trailer(end);
    };
  }

  /** RFC 9112 §4; an empty line before it is passed over, as §2.2 has it for requests. */
  private Event statusLine(int end) {
    if (end == 0) {
      return Event.MORE;
    }
    boolean fine =
        end >= REASON_AT - 1
            && Arrays.equals(line, 0, BEGINNING.length, BEGINNING, 0, BEGINNING.length)
            && isDigit(line[BEGINNING.length])
            && line[STATUS_AT - 1] == ' '
            && isDigit(line[STATUS_AT])
            && isDigit(line[STATUS_AT + 1])
            && isDigit(line[STATUS_AT + 2])
            && (end == REASON_AT - 1 || line[REASON_AT - 1] == ' ');
    if (!fine) {
      return malformed("'" + new String(line, 0, end, ISO_8859_1) + "' is no status line");
    }
    status =
        100 * (line[STATUS_AT] - '0')
            + 10 * (line[STATUS_AT + 1] - '0')
            + line[STATUS_AT + 2]
            - '0';
    int from = Math.min(end, REASON_AT);
    reason = isOk(from, end) ? "OK" : new String(line, from, end - from, ISO_8859_1);
    length = -1;
    chunked = false;
    coded = false;
    state = State.HEADER;
    return Event.MORE;
  }

  private boolean isOk(int from, int end) {
    return end - from == 2 && line[from] == 'O' && line[from + 1] == 'K';
  }

  private static boolean isDigit(byte octet) {
    return octet >= '0' && octet <= '9';
  }

  /** RFC 9112 §5; of a folded line (§5.2), what is behind the fold frames nothing. */
  private Event field(int end, boolean whole) {
    if (line[0] == ' ' || line[0] == '\t') {
      return Event.MORE;
    }
    int colon = 0;
    while (colon < end && line[colon] != ':') {
      colon++;
    }
    if (colon == 0 || (colon == end && whole)) {
      return malformed("'" + new String(line, 0, end, ISO_8859_1) + "' is no header");
    }
    if (isName(colon, "content-length")) {
      return contentLength(value(colon, end));
    }
    if (isName(colon, "transfer-encoding")) {
      coded = true;
      chunked = value(colon, end).toLowerCase(Locale.ROOT).endsWith("chunked");
    }
    return Event.MORE;
  }

  private boolean isName(int colon, String name) {
    if (colon != name.length()) {
      return false;
    }
    for (int i = 0; i < colon; i++) {
      if ((line[i] | 0x20) != name.charAt(i) && line[i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private String value(int colon, int end) {
    return new String(line, colon + 1, end - colon - 1, ISO_8859_1).strip();
  }

  /** RFC 9112 §6.3: two lengths that differ, or one that is no number, frame nothing. */
  private Event contentLength(String value) {
    if (value.isEmpty()
        || value.length() > 18
        || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return malformed("'" + value + "' is no length");
    }
    long given = Long.parseLong(value);
    if (length >= 0 && length != given) {
      return malformed("it has two lengths");
    }
    length = given;
    return Event.MORE;
  }

  /** RFC 9112 §6.3: how long the body is. */
  private Event head() {
    if (isInterim()) {
      state = State.STATUS;
    } else if (bodiless || status == 204 || status == 304 || status < 200) {
      state = State.END;
    } else if (chunked) {
      state = State.SIZE;
    } else if (length < 0 || coded) {
      state = State.UNTIL_CLOSE;
    } else {
      state = State.LENGTH;
      rest = length;
    }
    return Event.HEAD;
  }

  /** 100 and 103 announce another response; 101 would be the end of HTTP (RFC 9110 §15.2). */
  boolean isInterim() {
    return status < 200 && status != 101;
  }

  /** RFC 9112 §7.1: hexadecimal, and extensions that mean nothing to us. */
  private Event size(int end) {
    long size = 0;
    int at = 0;
    while (at < end && Character.digit(line[at], 16) >= 0 && size < MAX_LENGTH) {
      size = size * 16 + Character.digit(line[at], 16);
      at++;
    }
    boolean bare = at == end || line[at] == ';' || line[at] == ' ' || line[at] == '\t';
    if (at == 0 || !bare) {
      return malformed("'" + new String(line, 0, end, ISO_8859_1) + "' is no chunk size");
    }
    rest = size;
    state = size == 0 ? State.TRAILER : State.CHUNK;
    return Event.MORE;
  }

  private Event gap(int end) {
    state = State.SIZE;
    return end == 0 ? Event.MORE : malformed("a chunk is longer than its size");
  }

  private Event trailer(int end) {
    if (end == 0) {
      state = State.END;
    }
    return Event.MORE;
  }

  private Event malformed(String why) {
    problem = why;
    return Event.MALFORMED;
  }
}
