package dev.meridian.querylog;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file that is only ever added to, opened anew when it is told to, or somebody has moved or
 * deleted it: what rotates logs need not tell us. The owner writes it, the group may read it.
 */
final class LogFile implements AutoCloseable {
  private final Path path;
  private @Nullable FileChannel channel;
  private @Nullable Object key;

  LogFile(Path path) {
    this.path = path;
  }

  /**
   * Adds octets.
   *
   * @throws IOException if they cannot be written whole
   */
  void write(ByteBuffer octets) throws IOException {
    FileChannel open = open();
    while (octets.hasRemaining()) {
      open.write(octets);
    }
  }

  /** As {@link #write}, but opens nothing. */
  void writeIfOpen(ByteBuffer octets) throws IOException {
    if (channel != null) {
      write(octets);
    }
  }

  boolean isOpen() {
    return channel != null;
  }

  /** Opens the file if it is not, which makes it. */
  void openIfNeeded() throws IOException {
    open();
  }

  private FileChannel open() throws IOException {
    FileChannel open = channel;
    if (open == null) {
      open =
          path.equals(QueryLogSettings.STDOUT)
              ? stdout()
              : FileChannel.open(path, options(), mode());
      channel = open;
      key = path.equals(QueryLogSettings.STDOUT) ? null : keyNow();
    }
    return open;
  }

  @SuppressWarnings("resource") // standard output stays open
  private static FileChannel stdout() {
    return new FileOutputStream(FileDescriptor.out).getChannel();
  }

  private static Set<StandardOpenOption> options() {
    return Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static FileAttribute<?> mode() {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));
  }

  private @Nullable Object keyNow() throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException gone) {
      return null;
    }
  }

  /** Whether another file, or none, is now where it was opened. */
  boolean isMoved() throws IOException {
    return channel != null && key != null && !Objects.equals(key, keyNow());
  }

  /** Closes the file; the next write opens what is then in its place. */
  @Override
  public void close() {
    FileChannel open = channel;
    channel = null;
    if (open == null || path.equals(QueryLogSettings.STDOUT)) {
      return;
    }
    try {
      open.close();
    } catch (IOException e) {
      // what was written was written; there is nothing to be done about the rest
    }
  }
}
