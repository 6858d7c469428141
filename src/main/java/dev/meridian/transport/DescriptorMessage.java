package dev.meridian.transport;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Native memory for one message over a Unix socket that may bring a file descriptor with it, laid
 * out as {@code sendmsg} and {@code recvmsg} want it (unix(7), cmsg(3)). For one thread.
 *
 * <pre>
 * struct msghdr 56, padded to 64 | iovec 16 | control: cmsghdr 16, descriptor 4, padding 4 | octets
 * </pre>
 */
final class DescriptorMessage {
  static final int NONE = -1;
  static final int CAPACITY = 1 << 16;

  private static final int IOVECS = 16;
  private static final int IOVEC_COUNT = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_LENGTH = 40;

  private static final int IOVEC = 64;
  private static final int IOVEC_OCTETS = IOVEC + 8;

  private static final int CMSG = 80;
  private static final int CMSG_LEVEL = CMSG + 8;
  private static final int CMSG_TYPE = CMSG + 12;
  private static final int CMSG_DESCRIPTOR = CMSG + 16;
  private static final int CMSG_OCTETS = 20;
  private static final int CMSG_SPACE = 24;

  private static final int OCTETS = CMSG + CMSG_SPACE;

  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;

  private final LinuxCalls calls = new LinuxCalls();
  private final MemorySegment memory = Arena.ofAuto().allocate(OCTETS + CAPACITY, Long.BYTES);

  DescriptorMessage() {
    memory.set(JAVA_LONG, IOVECS, memory.address() + IOVEC);
    memory.set(JAVA_LONG, IOVEC_COUNT, 1);
    memory.set(JAVA_LONG, IOVEC, memory.address() + OCTETS);
  }

  /**
   * Sends octets, {@link #CAPACITY} at most, without waiting.
   *
   * @param descriptor goes with the first of them; {@link #NONE}: none goes
   * @return octets taken, or a negative error number
   */
  int send(int fd, byte[] from, int offset, int length, int descriptor) {
    MemorySegment.copy(from, offset, memory, JAVA_BYTE, OCTETS, length);
    memory.set(JAVA_LONG, IOVEC_OCTETS, length);
    boolean with = descriptor != NONE;
    control(with ? CMSG_SPACE : 0);
    if (with) {
      memory.set(JAVA_LONG, CMSG, CMSG_OCTETS);
      memory.set(JAVA_INT, CMSG_LEVEL, SOL_SOCKET);
      memory.set(JAVA_INT, CMSG_TYPE, SCM_RIGHTS);
      memory.set(JAVA_INT, CMSG_DESCRIPTOR, descriptor);
    }
    return (int) calls.sendMessage(fd, memory.address());
  }

  /**
   * Receives what is there, without waiting.
   *
   * @return octets, 0 at the end; or a negative error number
   */
  int receive(int fd, byte[] to, int offset, int length) {
    memory.set(JAVA_LONG, IOVEC_OCTETS, Math.min(length, CAPACITY));
    control(CMSG_SPACE);
    int received = (int) calls.receiveMessage(fd, memory.address());
    if (received > 0) {
      MemorySegment.copy(memory, JAVA_BYTE, OCTETS, to, offset, received);
    }
    return received;
  }

  /** The descriptor that came with what was received last, now this process's own; or none. */
  int descriptor() {
    boolean came =
        memory.get(JAVA_LONG, CONTROL_LENGTH) >= CMSG_OCTETS
            && memory.get(JAVA_INT, CMSG_LEVEL) == SOL_SOCKET
            && memory.get(JAVA_INT, CMSG_TYPE) == SCM_RIGHTS;
    return came ? memory.get(JAVA_INT, CMSG_DESCRIPTOR) : NONE;
  }

  private void control(int octets) {
    memory.set(JAVA_LONG, CONTROL, octets == 0 ? 0 : memory.address() + CMSG);
    memory.set(JAVA_LONG, CONTROL_LENGTH, octets);
  }
}
