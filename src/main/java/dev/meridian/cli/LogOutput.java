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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where the log of a server goes: a queue, and a thread that empties it. Whoever does not read the
 * log, or a disk that has no room for it, delays the log and nothing else; what does not fit in the
 * meantime is lost, and counted in a line when there is a reader, or room, again.
 *
 * <p>Thread-safe.
 */
final class LogOutput extends OutputStream {
  /** Octets that wait at most: some thousand lines. */
  static final int MAX_WAITING = 1 << 20;

  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  /** Until what could not be written is tried again. */
  private static final Duration RETRY = Duration.ofSeconds(1);

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

  /** Puts itself in the place of standard error until it is closed, or the process ends. */
  static LogOutput install() {
    LogOutput log = new LogOutput(new FileOutputStream(FileDescriptor.err));
    PrintStream before = System.err;
    log.atEnd = () -> System.setErr(before);
    Runtime.getRuntime().addShutdownHook(new Thread(log::writeRest, "meridian-log-end"));
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
    writeRest();
  }

  private void writeRest() {
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
      byte[] line = next();
      while (line != null && hasWritten(line)) {
        written(line.length);
        line = next();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Writes, again and again if need be: a disk that is full will have room, and a reader who has
   * gone costs a try a second. False: that was the end, and it could not be written.
   */
  private boolean hasWritten(byte[] line) throws InterruptedException {
    boolean last;
    do {
      last = isClosed();
      try {
        out.write(line);
        return true;
      } catch (IOException e) {
        awaitBetterTimes();
      }
    } while (!last);
    return false;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** Waits, but not beyond the end. */
  private synchronized void awaitBetterTimes() throws InterruptedException {
    long end = System.nanoTime() + RETRY.toNanos();
    for (long left = RETRY.toNanos(); !closed && left > 0; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
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
          "%d pieces of the log are lost: they could not be written in time%n"
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
