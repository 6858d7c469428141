package dev.meridian.transport;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Waits for {@link UnixSocket}s at a path that only its owner, and root, can connect to. */
public final class UnixListener implements AutoCloseable {
  private static final int BACKLOG = 16;
  private static final short POLLIN = 1;
  private static final int POLL_EVENTS = 4;

  private final Socket socket;
  private final Path path;
  private final LinuxCalls calls = new LinuxCalls();
  private final MemorySegment poll = Arena.ofAuto().allocate(Long.BYTES, Integer.BYTES);

  private UnixListener(Socket socket, Path path) {
    this.socket = socket;
    this.path = path;
  }

  /**
   * Listens at a path.
   *
   * @throws IOException if that cannot be, or somebody does already
   */
  public static UnixListener bind(Path path) throws IOException {
    Socket socket = Socket.newSocketDomain();
    try {
      PrivatePath.bind(
          path,
          made -> {
            socket.bind(new DomainSocketAddress(made.toString()));
            socket.listen(BACKLOG);
          });
      return new UnixListener(socket, path);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Listens at a socket that another process has bound to a path. Who connects is told from now on
   * that this process is at the other end: that is who has last called {@code listen} (unix(7)).
   */
  public static UnixListener adopt(PassedSocket passed, Path path) throws IOException {
    Socket socket = new Socket(passed.descriptor());
    socket.listen(BACKLOG);
    return new UnixListener(socket, path);
  }

  /** The socket, for another process. */
  public PassedSocket pass() {
    return new PassedSocket(PassedSocket.Kind.UPGRADE, socket.intValue());
  }

  /** Waits for somebody to come; null if nobody does in time. For one thread. */
  public @Nullable UnixSocket accept(Duration patience) throws IOException {
    poll.set(JAVA_INT, 0, socket.intValue());
    poll.set(JAVA_SHORT, POLL_EVENTS, POLLIN);
    calls.poll(poll.address(), 1, (int) patience.toMillis());
    int fd = socket.accept(new byte[PrivatePath.MAX_OCTETS]);
    return fd < 0 ? null : new UnixSocket(new Socket(fd));
  }

  /** Closes, and nobody will find the path any more. To be called when nobody accepts. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(path);
      leave();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Closes; the path is another process's. */
  public void leave() throws IOException {
    socket.close();
  }
}
