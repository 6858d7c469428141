package dev.meridian.transport;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place of a Unix socket that nobody but its owner can connect to, from the first moment on.
 */
public final class PrivatePath {
  private static final Logger LOG = LoggerFactory.getLogger(PrivatePath.class);
  private static final Duration PATIENCE = Duration.ofMillis(500);

  /** So many octets has the kernel for a path, with the one that ends it. */
  static final int MAX_OCTETS = 108;

  private PrivatePath() {}

  /** Binds a socket. */
  @FunctionalInterface
  public interface Binder {
    /** Binds it to a path. */
    void bind(Path path) throws IOException;
  }

  /**
   * Has a socket bound. It is made in a folder that only its owner may enter, given its mode, and
   * then moved to its place, so that there is no moment at which it is open to others. One that a
   * dead process left behind makes room.
   *
   * @throws IOException if it cannot be bound, or something else is at the path
   */
  public static void bind(Path path, Binder binder) throws IOException {
    Path place = path.toAbsolutePath();
    makeRoom(place);
    Files.createDirectories(place.getParent());
    Path folder = Files.createTempDirectory(place.getParent(), ".s");
    Path made = folder.resolve("s");
    try {
      check(made);
      binder.bind(made);
      Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
      Files.move(made, place, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(made);
      Files.deleteIfExists(folder);
    }
  }

  /** Takes it away, if the disk does that soon: it may hang, and then it stays. */
  public static void remove(Path path) {
    try {
      if (!Thread.ofPlatform().daemon().start(() -> delete(path)).join(PATIENCE)) {
        LOG.warn("{} stays where it is: the disk hangs", path);
      }
    } catch (OutOfMemoryError noThread) {
      delete(path);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.debug("{} cannot be deleted", path, e);
    }
  }

  /** Throws if the path is too long for a Unix socket. */
  static void check(Path path) throws IOException {
    if (path.toString().getBytes(StandardCharsets.UTF_8).length >= MAX_OCTETS) {
      throw new IOException(path + " is too long for a Unix socket");
    }
  }

  private static void makeRoom(Path place) throws IOException {
    if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.readAttributes(place, BasicFileAttributes.class).isOther()) {
      throw new IOException(place + " is there and is no socket");
    }
    try (SocketChannel other = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      other.connect(UnixDomainSocketAddress.of(place));
      throw new IOException(place + " is in use by another process");
    } catch (ConnectException e) {
      Files.delete(place); // nobody is there any more
    }
  }
}
