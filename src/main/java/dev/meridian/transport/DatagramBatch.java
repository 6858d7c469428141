package dev.meridian.transport;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.meridian.net.ClientAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Native memory for a batch of datagrams, laid out as {@code recvmmsg} and {@code sendmmsg} want
 * it. Made once per thread and shared by its sockets; nothing is allocated afterwards.
 *
 * <p>Slot <i>i</i> holds a datagram and the address it came from. A reply is built in the slot of
 * its query and goes to the address that is there already. Replies are numbered densely on their
 * own, because some queries have none:
 *
 * <pre>
 * received headers  64 octets per slot   struct mmsghdr -> iovec, address, buffer of the same slot
 * reply headers     64 octets per reply  struct mmsghdr -> iovec of the reply, address of the slot
 * received iovecs   16 octets per slot
 * reply iovecs      16 octets per reply
 * addresses         32 octets per slot   struct sockaddr_in or sockaddr_in6
 * buffers         4096 octets per slot
 * </pre>
 */
final class DatagramBatch {
  private static final int HEADER = 64;
  private static final int HEADER_NAME = 0;
  private static final int HEADER_NAME_LENGTH = 8;
  private static final int HEADER_IOVECS = 16;
  private static final int HEADER_IOVEC_COUNT = 24;
  private static final int HEADER_FLAGS = 48;
  private static final int HEADER_LENGTH = 56;

  private static final int IOVEC = 16;
  private static final int IOVEC_BASE = 0;
  private static final int IOVEC_LENGTH = 8;

  private static final int ADDRESS = 32;
  private static final int ADDRESS_IPV4 = 4;
  private static final int ADDRESS_IPV6 = 8;

  private static final int BUFFER = TransportSettings.MAX_DATAGRAM_OCTETS;
  private static final int PAGE = 4096;

  private static final ValueLayout.OfInt NETWORK_INT = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong NETWORK_LONG = JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);

  private final int slots;
  private final LinuxCalls calls = new LinuxCalls();
  private final MemorySegment memory;
  private final long replyHeaders;
  private final long receivedIovecs;
  private final long replyIovecs;
  private final long addresses;
  private final long buffers;

  DatagramBatch(int slots) {
    this.slots = slots;
    replyHeaders = (long) slots * HEADER;
    receivedIovecs = replyHeaders + (long) slots * HEADER;
    replyIovecs = receivedIovecs + (long) slots * IOVEC;
    addresses = replyIovecs + (long) slots * IOVEC;
    buffers = roundUp(addresses + (long) slots * ADDRESS);
    memory = Arena.ofAuto().allocate(buffers + (long) slots * BUFFER, PAGE);
    for (int slot = 0; slot < slots; slot++) {
      prepare(slot);
    }
  }

  /**
   * Reads what has arrived, without waiting.
   *
   * @return slots filled, or a negative error number
   */
  int receive(int fd) {
    return calls.receive(fd, memory.address(), slots, LinuxCalls.MSG_DONTWAIT);
  }

  /**
   * Waits for one datagram as long as the socket's option has it, and reads what is there then.
   *
   * @return slots filled, or a negative error number
   */
  int await(int fd) {
    return calls.receive(fd, memory.address(), slots, LinuxCalls.MSG_WAITFORONE);
  }

  /**
   * Sends {@code count} replies from number {@code first} on, without waiting.
   *
   * @return how many the kernel took, or the negative error number of the first
   */
  int send(int fd, int first, int count) {
    return calls.send(fd, memory.address() + replyHeaders + (long) first * HEADER, count);
  }

  /** Octets received in a slot. */
  int length(int slot) {
    return memory.get(JAVA_INT, header(slot) + HEADER_LENGTH);
  }

  /** Whether the datagram was longer than the slot, so that its end is lost. */
  boolean truncated(int slot) {
    return (memory.get(JAVA_INT, header(slot) + HEADER_FLAGS) & LinuxCalls.MSG_TRUNC) != 0;
  }

  /** The port that the datagram claims to come from. */
  int sourcePort(int slot) {
    return memory.get(NETWORK_INT, address(slot)) & 0xFFFF; // behind the family
  }

  /** Copies the datagram and its source out of a slot. */
  void read(int slot, byte[] message, int length, ClientAddress source) {
    MemorySegment.copy(memory, JAVA_BYTE, buffer(slot), message, 0, length);
    long address = address(slot);
    if (memory.get(JAVA_SHORT, address) == LinuxCalls.AF_INET) {
      source.setIpv4(memory.get(NETWORK_INT, address + ADDRESS_IPV4), Integer.SIZE);
    } else {
      long high = memory.get(NETWORK_LONG, address + ADDRESS_IPV6);
      long low = memory.get(NETWORK_LONG, address + ADDRESS_IPV6 + Long.BYTES);
      source.setIpv6(high, low, 2 * Long.SIZE);
    }
  }

  /** Makes reply number {@code reply} out of {@code message}, to the source of a slot. */
  void reply(int reply, int slot, byte[] message, int length) {
    MemorySegment.copy(message, 0, memory, JAVA_BYTE, buffer(slot), length);
    long header = replyHeaders + (long) reply * HEADER;
    memory.set(JAVA_LONG, header + HEADER_NAME, memory.address() + address(slot));
    memory.set(
        JAVA_INT,
        header + HEADER_NAME_LENGTH,
        memory.get(JAVA_INT, header(slot) + HEADER_NAME_LENGTH));
    long iovec = replyIovecs + (long) reply * IOVEC;
    memory.set(JAVA_LONG, iovec + IOVEC_BASE, memory.address() + buffer(slot));
    memory.set(JAVA_LONG, iovec + IOVEC_LENGTH, length);
  }

  /** Makes slots ready for the next read: the kernel has put the length of each address there. */
  void reset(int used) {
    for (int slot = 0; slot < used; slot++) {
      memory.set(JAVA_INT, header(slot) + HEADER_NAME_LENGTH, ADDRESS);
    }
  }

  private void prepare(int slot) {
    long iovec = receivedIovecs + (long) slot * IOVEC;
    memory.set(JAVA_LONG, iovec + IOVEC_BASE, memory.address() + buffer(slot));
    memory.set(JAVA_LONG, iovec + IOVEC_LENGTH, BUFFER);
    memory.set(JAVA_LONG, header(slot) + HEADER_NAME, memory.address() + address(slot));
    memory.set(JAVA_INT, header(slot) + HEADER_NAME_LENGTH, ADDRESS);
    memory.set(JAVA_LONG, header(slot) + HEADER_IOVECS, memory.address() + iovec);
    memory.set(JAVA_LONG, header(slot) + HEADER_IOVEC_COUNT, 1);
    long reply = replyHeaders + (long) slot * HEADER;
    long replyIovec = replyIovecs + (long) slot * IOVEC;
    memory.set(JAVA_LONG, reply + HEADER_IOVECS, memory.address() + replyIovec);
    memory.set(JAVA_LONG, reply + HEADER_IOVEC_COUNT, 1);
  }

  private static long header(int slot) {
    return (long) slot * HEADER;
  }

  private long address(int slot) {
    return addresses + (long) slot * ADDRESS;
  }

  private long buffer(int slot) {
    return buffers + (long) slot * BUFFER;
  }

  private static long roundUp(long octets) {
    return (octets + PAGE - 1) / PAGE * PAGE;
  }
}
