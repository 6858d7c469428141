package dev.meridian.querylog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** Entries as lines of a file, some thousand in one write. */
final class Lines implements Sink {
  private static final int FULL = 1 << 16;

  private final LogFile file;
  private final LineFormat format;
  private final StringBuilder waiting = new StringBuilder(2 * FULL);
  private int lines;
  private final AtomicLong lost = new AtomicLong();

  Lines(LogFile file, LineFormat format) throws IOException {
    this.file = file;
    this.format = format;
    file.openIfNeeded(); // a path that cannot be written is found out at the start
  }

  @Override
  public void add(Entry entry) throws IOException {
    if (format.append(waiting, entry)) {
      waiting.append('\n');
      lines++;
    }
    if (waiting.length() >= FULL) {
      flush();
    }
  }

  @Override
  public void flush() throws IOException {
    if (lines == 0) {
      return;
    }
    int taken = lines;
    ByteBuffer octets = StandardCharsets.UTF_8.encode(waiting.toString());
    waiting.setLength(0);
    lines = 0;
    try {
      file.write(octets);
    } catch (IOException e) {
      lost.addAndGet(taken); // a full disk costs lines, never memory
      file.close();
      throw e;
    }
  }

  @Override
  public void look() throws IOException {
    if (file.isMoved()) {
      reopen();
    }
    file.openIfNeeded(); // whoever moved it waits for the new one
  }

  @Override
  public void reopen() {
    file.close();
  }

  @Override
  public long lost() {
    return lost.get();
  }

  @Override
  public void close() {
    file.close();
  }
}
