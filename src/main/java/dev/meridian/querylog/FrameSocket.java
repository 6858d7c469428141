package dev.meridian.querylog;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A bidirectional stream to whoever listens on a Unix socket: READY and ACCEPT, START, frames, STOP
 * and FINISH. A reader that is slow, or goes away, costs frames; it is tried again every second.
 * Never waits.
 */
final class FrameSocket extends FrameStream {
  private final Path path;
  private final ByteBuffer answer = ByteBuffer.allocate(512);
  private @Nullable SocketChannel socket;
  private boolean accepted;

  FrameSocket(Path path) {
    this.path = path;
  }

  @Override
  boolean isOpen() {
    return accepted;
  }

  @Override
  void look() throws IOException {
    if (socket == null) {
      connect();
    }
  }

  private void connect() throws IOException {
    SocketChannel next;
    try {
      next = SocketChannel.open(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      throw new IOException("nobody listens on the dnstap socket " + path + ": " + e, e);
    }
    socket = next;
    next.configureBlocking(false);
    waiting.clear().put(control(READY));
    answer.clear();
    flush();
  }

  @Override
  void flush() throws IOException {
    SocketChannel open = socket;
    if (open == null) {
      return;
    }
    try {
      write(open);
      if (!accepted) {
        readAccept(open);
      }
    } catch (IOException e) {
      drop();
      throw e;
    }
  }

  private void write(SocketChannel open) throws IOException {
    waiting.flip();
    try {
      while (waiting.hasRemaining() && open.write(waiting) > 0) {
        // as much as the kernel takes
      }
    } finally {
      waiting.compact();
    }
  }

  /** The one control frame that is waited for; frames before it are lost. */
  private void readAccept(SocketChannel open) throws IOException {
    if (open.read(answer) < 0) {
      throw new IOException("the reader of " + path + " does not take dnstap");
    }
    int header = 2 * Integer.BYTES;
    if (answer.position() < header || answer.position() < header + answer.getInt(Integer.BYTES)) {
      return;
    }
    if (answer.getInt(0) != 0 || answer.getInt(header) != ACCEPT) {
      throw new IOException("the reader of " + path + " does not speak Frame Streams");
    }
    accepted = true;
    waiting.put(control(START));
    write(open);
  }

  private void drop() {
    SocketChannel open = socket;
    socket = null;
    accepted = false;
    waiting.clear();
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // it is gone either way
      }
    }
  }

  @Override
  void reopen() {
    // a socket is not rotated
  }

  @Override
  public void close() {
    SocketChannel open = socket;
    if (open != null && accepted && waiting.remaining() >= control(STOP).remaining()) {
      waiting.put(control(STOP));
      try {
        write(open);
      } catch (IOException e) {
        lose(1);
      }
    }
    drop();
  }
}
