package dev.meridian.transport;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.netty.channel.epoll.Native;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Waits for {@link UnixSocket}s at a path that only its owner, and root, can connect to. */
public final class UnixListener implements AutoCloseable {
  private static final int BACKLOG = 16;
  private static final short POLLIN = 1;
  private static final int POLL_EVENTS = 4;
  private static final int FOR_EVER = -1;

  private final Socket socket;
  private final Path path;
  private final LinuxCalls calls = new LinuxCalls();

  /** Ends the wait: to shut the socket down would end it for another process that has it too. */
  private final FileDescriptor end = Native.newEventFd();

  /** Two {@code struct pollfd}: the socket, the end. */
  private final MemorySegment poll = Arena.ofAuto().allocate(2L * Long.BYTES, Integer.BYTES);

  private UnixListener(Socket socket, Path path) {
    this.socket = socket;
    this.path = path;
    watch(0, socket.intValue());
    watch(Long.BYTES, end.intValue());
  }

  private void watch(long entry, int descriptor) {
    poll.set(JAVA_INT, entry, descriptor);
    poll.set(JAVA_SHORT, entry + POLL_EVENTS, POLLIN);
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

  /**
   * Waits for somebody to come; null if nobody has, but {@link #endWait} or a signal. For one
   * thread.
   */
  public @Nullable UnixSocket accept() throws IOException {
    calls.poll(poll.address(), 2, FOR_EVER);
    int fd = socket.accept(new byte[PrivatePath.MAX_OCTETS]);
    return fd < 0 ? null : new UnixSocket(new Socket(fd));
  }

  /** Ends the wait of whoever accepts, and every later one; any thread. */
  public void endWait() {
    Native.eventFdWrite(end.intValue(), 1);
  }

  /** Closes, and nobody will find the path any more. To be called when nobody accepts. */
  @Override
  public void close() {
    try {
      leave();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    PrivatePath.remove(path);
  }

  /** Closes; the path is another process's. */
  public void leave() throws IOException {
    socket.close();
    end.close();
  }
}
