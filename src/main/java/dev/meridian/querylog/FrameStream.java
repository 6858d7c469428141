package dev.meridian.querylog;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Frame Streams (farsightsec.github.io/fstrm), which dnstap is carried in: frames with their length
 * before them; a length of zero begins a control frame. Numbers are in network order.
 */
abstract sealed class FrameStream implements AutoCloseable permits FrameFile, FrameSocket {
  static final int ACCEPT = 1;
  static final int START = 2;
  static final int STOP = 3;
  static final int READY = 4;
  static final int FINISH = 5;

  private static final int CONTENT_TYPE = 1;
  private static final byte[] DNSTAP = "protobuf:dnstap.Dnstap".getBytes(US_ASCII);

  /** Half a megabyte waits at most. */
  private static final int ROOM = 1 << 19;

  /** What waits to be written, from 0 to its position. */
  final ByteBuffer waiting = ByteBuffer.allocate(ROOM);

  private final AtomicLong lost = new AtomicLong();

  /** Takes a frame; one for which there is no room is lost. */
  final void add(byte[] frame, int length) throws IOException {
    if (waiting.remaining() < Integer.BYTES + length) {
      flush();
    }
    if (!isOpen() || waiting.remaining() < Integer.BYTES + length) {
      lose(1);
      return;
    }
    waiting.putInt(length).put(frame, 0, length);
  }

  final void lose(long frames) {
    lost.addAndGet(frames);
  }

  /** How many frames could not be written. */
  final long lost() {
    return lost.get();
  }

  /** A control frame, of dnstap or, for STOP and FINISH, of nothing. */
  static ByteBuffer control(int type) {
    boolean content = type == START || type == READY || type == ACCEPT;
    int length = Integer.BYTES + (content ? 2 * Integer.BYTES + DNSTAP.length : 0);
    ByteBuffer frame = ByteBuffer.allocate(2 * Integer.BYTES + length);
    frame.putInt(0).putInt(length).putInt(type);
    if (content) {
      frame.putInt(CONTENT_TYPE).putInt(DNSTAP.length).put(DNSTAP);
    }
    return frame.flip();
  }

  /** Whether frames are taken at the moment. */
  abstract boolean isOpen();

  /** Writes what waits, as far as that goes without waiting for a reader. */
  abstract void flush() throws IOException;

  /** Opens what is not open; about once a second. */
  abstract void look() throws IOException;

  /** Ends the stream and begins another. */
  abstract void reopen();

  /** Ends the stream. */
  @Override
  public abstract void close();
}
