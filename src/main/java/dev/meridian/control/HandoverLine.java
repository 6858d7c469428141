package dev.meridian.control;

import dev.meridian.transport.PassedSocket;
import dev.meridian.transport.UnixSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A connection on which {@link HandoverMessage}s go. For one thread, but for {@link #hangUp}. */
final class HandoverLine implements AutoCloseable {
  /** What is sent is taken at once by whoever lives. */
  private static final Duration SEND = Duration.ofSeconds(10);

  private final UnixSocket socket;

  HandoverLine(UnixSocket socket) {
    this.socket = socket;
  }

  /** Where a server with this state folder listens for them. */
  static Path path(Path stateFolder) {
    return stateFolder.resolve("upgrade.socket");
  }

  /** The process at the other end. */
  long process() {
    return socket.peerProcess();
  }

  /** The user at the other end. */
  int user() {
    return socket.peerUser();
  }

  void send(HandoverMessage message) throws IOException {
    socket.send(message.octets(), SEND);
  }

  void send(PassedSocket passed) throws IOException {
    byte[] octets = new HandoverMessage.Passed(passed.kind()).octets();
    socket.send(octets, passed.descriptor(), SEND);
  }

  /** What came, with the socket that a {@link HandoverMessage.Passed} brought. */
  @SuppressWarnings("UnusedVariable")
  record Received(HandoverMessage message, int descriptor) {
    PassedSocket socket() throws IOException {
      if (message instanceof HandoverMessage.Passed passed && descriptor >= 0) {
        return new PassedSocket(passed.kind(), descriptor);
      }
      throw new IOException("a socket was expected, and " + message.getClass() + " came");
    }
  }

  Received receive(Duration patience) throws IOException {
    UnixSocket.Message came = socket.receive(patience);
    return new Received(HandoverMessage.read(came.octets()), came.descriptor());
  }

  /**
   * Waits for one kind of message.
   *
   * @throws IOException if another comes, or none in time
   */
  <T extends HandoverMessage> T receive(Class<T> kind, Duration patience) throws IOException {
    HandoverMessage message = receive(patience).message();
    return switch (message) {
      case HandoverMessage.Refused refused -> throw new IOException(refused.reason());
      case HandoverMessage.Failed failed -> throw new IOException(failed.reason());
      default -> {
        if (!kind.isInstance(message)) {
          throw new IOException("it said " + message.getClass().getSimpleName());
        }
        yield kind.cast(message);
      }
    };
  }

  /** Ends the line for both ends; any thread. */
  void hangUp() {
    socket.hangUp();
  }

  @Override
  public void close() {
    socket.close();
  }
}
