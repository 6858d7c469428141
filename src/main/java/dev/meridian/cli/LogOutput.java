package dev.meridian.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Where the log of a server goes: a queue, and a thread that empties it. Whoever does not read the
 * log delays the log and nothing else; what does not fit in the meantime is lost, and counted in a
 * line when the reader is back.
 *
 * <p>Thread-safe.
 */
final class LogOutput extends OutputStream {
  /** Octets that wait at most: some thousand lines. */
  static final int MAX_WAITING = 1 << 20;

  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final OutputStream out;
  private final Queue<byte[]> lines = new ArrayDeque<>();
  private final Thread thread = new Thread(this::run, "meridian-log");
  private int waiting;
  private long lost;
  private boolean closed;
  private Runnable atEnd = () -> {};

  /** Writes to {@code out} from now on, on a thread that does not keep the process alive. */
  LogOutput(OutputStream out) {
    this.out = out;
    thread.setDaemon(true);
    thread.start();
  }

  /** Puts itself in the place of standard error until it is closed. */
  static LogOutput install() {
    LogOutput log = new LogOutput(new FileOutputStream(FileDescriptor.err));
    PrintStream before = System.err;
    log.atEnd = () -> System.setErr(before);
    System.setErr(new PrintStream(log, false, StandardCharsets.UTF_8));
    return log;
  }

  @Override
  public void write(int octet) {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] octets, int from, int length) {
    if (closed || waiting + length > MAX_WAITING) {
      lost++;
      return;
    }
    waiting += length;
    lines.add(Arrays.copyOfRange(octets, from, from + length));
    notifyAll();
  }

  /** Waits a second at most for what is still to be written. */
  @Override
  public void close() {
    atEnd.run();
    try {
      close(LAST_WORDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends when all is written, or when the time is over. */
  void close(Duration patience) throws InterruptedException {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    thread.join(patience);
  }

  private void run() {
    try {
      for (byte[] line = next(); line != null; line = next()) {
        out.write(line);
        written(line.length);
      }
    } catch (IOException e) {
      // nobody will read any more; what is still said fills the queue and is lost
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized byte @Nullable [] next() throws InterruptedException {
    while (lines.isEmpty() && lost == 0 && !closed) {
      wait();
    }
    if (lines.isEmpty() && lost > 0) {
      long count = lost;
      lost = 0;
      byte[] line =
          "%d pieces of the log are lost: nobody read it%n"
              .formatted(count)
              .getBytes(StandardCharsets.UTF_8);
      waiting += line.length;
      return line;
    }
    return lines.poll();
  }

  private synchronized void written(int octets) {
    waiting -= octets;
  }
}
