package dev.meridian.state;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.meridian.text.Reasons;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps two servers from sharing a state folder, where each would overwrite what the other knows.
 * The lock is the operating system's, so that it ends with the process, however sudden.
 */
public final class StateLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StateLock.class);
  private static final int MAX_NOTE = 32;

  /** A disk that takes longer hangs, as far as a person can tell. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Path folder;
  private @Nullable FileChannel channel;

  private StateLock(Path folder, @Nullable FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Takes the folder, which need not exist. One that cannot be written cannot be taken, and need
   * not be: nothing will be kept in it.
   *
   * @throws StateInUseException if another server has it
   */
  public static StateLock take(Path folder) {
    Thread telling = Thread.ofPlatform().daemon().start(() -> tellOfWaiting(folder));
    try {
      return new StateLock(folder, lock(folder));
    } finally {
      telling.interrupt();
    }
  }

  /** Nothing else would say what a start waits for. */
  private static void tellOfWaiting(Path folder) {
    try {
      Thread.sleep(PATIENCE);
      LOG.warn("Waiting for the disk of {}, which hangs; --state can name another folder", folder);
    } catch (InterruptedException e) {
      LOG.trace("The disk of {} does not hang", folder);
    }
  }

  /** Takes it again after {@link #close}. */
  public synchronized void retake() {
    if (channel == null) {
      channel = lock(folder);
    }
  }

  /** Null if there is nothing to be locked. */
  private static @Nullable FileChannel lock(Path folder) {
    FileChannel channel = null;
    try {
      Files.createDirectories(folder);
      warnOfStrangers(folder);
      channel = FileChannel.open(folder.resolve("lock"), CREATE, READ, WRITE);
      if (tryLock(channel) == null) {
        throw new StateInUseException(folder, note(channel));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(US_ASCII)), 0);
      return channel;
    } catch (IOException e) {
      LOG.warn("Nothing can be kept in {}: {}", folder, Reasons.of(e));
      return channel;
    } catch (StateInUseException e) {
      close(channel);
      throw e;
    }
  }

  /** What is kept is believed at the next start. Volumes of containers are anybody's by default. */
  private static void warnOfStrangers(Path folder) throws IOException {
    if (Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_WRITE)) {
      LOG.warn("Anybody on this machine can write the state folder {}; chmod o-w it", folder);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another server in this very process
    }
  }

  private static String note(FileChannel channel) throws IOException {
    ByteBuffer note = ByteBuffer.allocate(MAX_NOTE);
    channel.read(note, 0);
    String text = new String(note.array(), 0, note.position(), US_ASCII).strip();
    return text.matches("[0-9]+") ? "process " + text : "another process";
  }

  /** Gives it back. */
  @Override
  public synchronized void close() {
    close(channel);
    channel = null;
  }

  private static void close(@Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        LOG.debug("The lock of the state folder could not be given back", e);
      }
    }
  }
}
