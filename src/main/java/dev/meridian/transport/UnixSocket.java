package dev.meridian.transport;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A connection to another process of this machine that carries messages, each with a file
 * descriptor if need be. Both ends wait no longer than they say. For one thread, but for {@link
 * #hangUp}.
 *
 * <pre>
 * message: length, 4 octets | octets; the descriptor goes with the first octet of the length
 * </pre>
 */
public final class UnixSocket implements AutoCloseable {
  /** No message is longer, in octets. */
  public static final int MAX_OCTETS = 256 << 20;

  private static final int SO_PEERCRED = 17;
  private static final short POLLIN = 1;
  private static final short POLLOUT = 4;
  private static final int POLL_EVENTS = 4;

  private final Socket socket;
  private final DescriptorMessage memory = new DescriptorMessage();
  private final LinuxCalls calls = new LinuxCalls();
  private final MemorySegment poll = Arena.ofAuto().allocate(Long.BYTES, Integer.BYTES);
  private final int peerProcess;
  private final int peerUser;
  private int brought = DescriptorMessage.NONE;

  /**
   * A message.
   *
   * @param descriptor that came with it and is the receiver's to close; negative: none
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Message(byte[] octets, int descriptor) {}

  UnixSocket(Socket socket) throws IOException {
    this.socket = socket;
    ByteBuffer credentials = ByteBuffer.allocateDirect(3 * Integer.BYTES);
    socket.getRawOpt(SocketOptions.SOL_SOCKET, SO_PEERCRED, credentials);
    credentials.order(ByteOrder.nativeOrder());
    peerProcess = credentials.getInt(0);
    peerUser = credentials.getInt(Integer.BYTES);
  }

  /** Whether this machine has what that takes. */
  public static boolean isAvailable() {
    return DnsServer.bestUdpPath() == UdpPath.FOREIGN;
  }

  /**
   * Connects to whoever listens at a path.
   *
   * @throws IOException if nobody does
   */
  public static UnixSocket connect(Path path) throws IOException {
    PrivatePath.check(path);
    Socket socket = Socket.newSocketDomain();
    try {
      socket.connect(new DomainSocketAddress(path.toString()));
      return new UnixSocket(socket);
    } catch (FileNotFoundException e) {
      socket.close();
      throw new IOException("nothing is there", e);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** The number of the process at the other end, as the kernel has it. */
  public long peerProcess() {
    return peerProcess;
  }

  /** The number of the user at the other end, as the kernel has it. */
  public int peerUser() {
    return peerUser;
  }

  /** Sends a message; throws {@link SocketTimeoutException} if it is not taken in time. */
  public void send(byte[] octets, Duration patience) throws IOException {
    send(octets, DescriptorMessage.NONE, patience);
  }

  /** Sends a message, and a descriptor of ours with it, which stays open here. */
  public void send(byte[] octets, int descriptor, Duration patience) throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    ByteBuffer whole = ByteBuffer.allocate(Integer.BYTES + octets.length);
    byte[] message = whole.putInt(octets.length).put(octets).array();
    int sent = 0;
    while (sent < message.length) {
      int length = Math.min(message.length - sent, DescriptorMessage.CAPACITY);
      int with = sent == 0 ? descriptor : DescriptorMessage.NONE;
      int taken = memory.send(socket.intValue(), message, sent, length, with);
      if (taken > 0) {
        sent += taken;
      } else {
        await(POLLOUT, end, -taken);
      }
    }
  }

  /**
   * Waits for a message.
   *
   * @throws EOFException if the other end has closed, or ended
   * @throws SocketTimeoutException if no whole message comes in time
   */
  public Message receive(Duration patience) throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    int length = ByteBuffer.wrap(read(Integer.BYTES, end)).getInt();
    if (length < 0 || length > MAX_OCTETS) {
      throw new IOException("a message of " + length + " octets is none of ours");
    }
    byte[] octets = read(length, end);
    Message message = new Message(octets, brought);
    brought = DescriptorMessage.NONE;
    return message;
  }

  private byte[] read(int length, long end) throws IOException {
    byte[] octets = new byte[length];
    int read = 0;
    while (read < length) {
      int received = memory.receive(socket.intValue(), octets, read, length - read);
      if (received == 0) {
        throw new EOFException("the other process has gone");
      }
      if (received > 0) {
        read += received;
        keep(memory.descriptor());
      } else {
        await(POLLIN, end, -received);
      }
    }
    return octets;
  }

  private void keep(int descriptor) throws IOException {
    if (descriptor != DescriptorMessage.NONE) {
      drop();
      brought = descriptor;
    }
  }

  private void drop() throws IOException {
    if (brought != DescriptorMessage.NONE) {
      new Socket(brought).close();
      brought = DescriptorMessage.NONE;
    }
  }

  private void await(short events, long end, int errno) throws IOException {
    if (errno == LinuxCalls.EINTR) {
      return;
    }
    if (errno != LinuxCalls.EAGAIN) {
      throw new EOFException("the other process has gone (error " + errno + ")");
    }
    long left = (end - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      throw new SocketTimeoutException("the other process says nothing");
    }
    poll.set(JAVA_INT, 0, socket.intValue());
    poll.set(JAVA_SHORT, POLL_EVENTS, events);
    calls.poll(poll.address(), 1, (int) Math.min(left, Integer.MAX_VALUE));
  }

  /** Ends the connection for both, and whatever is waited for at it; any thread. */
  public void hangUp() {
    try {
      socket.shutdown();
    } catch (IOException e) {
      // it has ended already
    }
  }

  @Override
  public void close() {
    try {
      drop();
      socket.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
