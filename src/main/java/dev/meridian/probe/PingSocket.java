package dev.meridian.probe;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A Linux ping socket (icmp(7)): it sends echo requests and hears the answers to them, without any
 * privilege, if {@code net.ipv4.ping_group_range} includes a group of this process. The JDK has
 * none, so five calls of the C library are made directly. The kernel fills in identifier and
 * checksum.
 *
 * <p>One thread may send while another receives; who closes it sees to it that none does.
 */
final class PingSocket implements AutoCloseable {
  /** This process may not open one. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  private static final int SOCK_DGRAM_CLOEXEC_NONBLOCK = 2 | 0x80000 | 0x800;
  private static final ValueLayout.OfShort NETWORK_SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong NETWORK_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final short POLLIN = 1;
  private static final int ADDRESS_OCTETS = 28;

  /**
   * Type, code, checksum, identifier, sequence number; behind it the nonce, and as much as ping.
   */
  private static final int HEADER = 8;

  private static final int SEQUENCE_AT = 6;
  private static final int MESSAGE = HEADER + 56;

  private static final int EPERM = 1;
  private static final int EACCES = 13;
  private static final int EPROTONOSUPPORT = 93;
  private static final int EAFNOSUPPORT = 97;
  private static final int EADDRNOTAVAIL = 99;
  private static final int EHOSTUNREACH = 113;

  /** What differs between the two families. */
  enum Family {
    /** RFC 792. */
    IPV4(2, 1, 16, 4, 4, 8, 0),
    /** RFC 4443 §4.1 and §4.2. */
    IPV6(10, 58, ADDRESS_OCTETS, 8, 16, 128, 129);

    private final int number;
    private final int protocol;
    private final int structureLength;
    private final int addressAt;
    private final int addressLength;
    private final byte request;
    private final byte reply;

    Family(
        int number,
        int protocol,
        int structureLength,
        int addressAt,
        int addressLength,
        int request,
        int reply) {
      this.number = number;
      this.protocol = protocol;
      this.structureLength = structureLength;
      this.addressAt = addressAt;
      this.addressLength = addressLength;
      this.request = (byte) request;
      this.reply = (byte) reply;
    }

    static Family of(InetAddress address) {
      return address.getAddress().length == IPV4.addressLength ? IPV4 : IPV6;
    }
  }

  /** An answer to an echo request. */
  record Reply(InetAddress from, long nonce) {}

  private final Family family;
  private final int descriptor;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment out = arena.allocate(MESSAGE, 8);
  private final MemorySegment outAddress = arena.allocate(ADDRESS_OCTETS, 8);
  private final MemorySegment outError = arena.allocate(Calls.ERRNO.byteSize(), 8);
  private final MemorySegment in = arena.allocate(256, 8);
  private final MemorySegment inAddress = arena.allocate(ADDRESS_OCTETS, 8);
  private final MemorySegment inAddressLength = arena.allocate(JAVA_INT);
  private final MemorySegment inError = arena.allocate(Calls.ERRNO.byteSize(), 8);
  private final MemorySegment poll = arena.allocate(8, 4);

  private short sequence;

  private PingSocket(Family family, int descriptor) {
    this.family = family;
    this.descriptor = descriptor;
    poll.set(JAVA_INT, 0, descriptor);
    poll.set(JAVA_SHORT, 4, POLLIN);
  }

  /**
   * Opens one; takes some milliseconds the first time.
   *
   * @throws Refused if this process may not, with what to do about it
   */
  static PingSocket open(Family family) throws IOException {
    if (!System.getProperty("os.name").equals("Linux")) {
      throw new Refused("ping sockets are made on Linux only");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment error = arena.allocate(Calls.ERRNO.byteSize(), 8);
      int descriptor =
          (int)
              Calls.SOCKET.invokeExact(
                  error, family.number, SOCK_DGRAM_CLOEXEC_NONBLOCK, family.protocol);
      if (descriptor >= 0) {
        return new PingSocket(family, descriptor);
      }
      throw ofOpening(family, Calls.errno(error));
    } catch (IOException e) {
      throw e;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static IOException ofOpening(Family family, int errno) {
    String version = family == Family.IPV4 ? "IPv4" : "IPv6";
    return switch (errno) {
      case EACCES, EPERM ->
          new Refused(
              "the kernel lets no group of this process ping;"
                  + " sysctl net.ipv4.ping_group_range='0 2147483647' lets all of them");
      case EPROTONOSUPPORT, EAFNOSUPPORT -> new Refused("the kernel has no pings over " + version);
      default -> failed("socket", errno);
    };
  }

  private static IOException failed(String call, int errno) {
    return errno == EHOSTUNREACH
        ? new NoRouteToHostException("No route to host")
        : new IOException(String.format(Locale.ROOT, "%s: error %d", call, errno));
  }

  /** Has what is asked from now on leave from an address of this machine. */
  void bind(InetAddress source) throws IOException {
    writeAddress(source);
    int bound;
    try {
      bound =
          (int) Calls.BIND.invokeExact(outError, descriptor, outAddress, family.structureLength);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
    int errno = bound < 0 ? Calls.errno(outError) : 0;
    if (errno == EADDRNOTAVAIL) {
      throw new Refused("no interface of this machine has " + source.getHostAddress());
    }
    if (bound < 0) {
      throw failed("bind", errno);
    }
  }

  private void writeAddress(InetAddress address) {
    outAddress.fill((byte) 0);
    outAddress.set(JAVA_SHORT, 0, (short) family.number);
    MemorySegment.copy(
        address.getAddress(), 0, outAddress, JAVA_BYTE, family.addressAt, family.addressLength);
  }

  /**
   * Asks for an echo, without waiting.
   *
   * @param nonce what the answer has to repeat
   */
  void ask(InetAddress target, long nonce) throws IOException {
    writeAddress(target);
    out.set(JAVA_BYTE, 0, family.request);
    out.set(NETWORK_SHORT, SEQUENCE_AT, ++sequence);
    out.set(NETWORK_LONG, HEADER, nonce);
    long sent;
    try {
      sent =
          (long)
              Calls.SENDTO.invokeExact(
                  outError, descriptor, out, (long) MESSAGE, 0, outAddress, family.structureLength);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
    if (sent < 0) {
      throw failed("sendto", Calls.errno(outError));
    }
  }

  /** Waits for an answer; null if none has come in that time, or something else. */
  @Nullable Reply hear(int millis) throws IOException {
    long count = 0;
    try {
      int ready = (int) Calls.POLL.invokeExact(poll, 1L, millis);
      if (ready > 0) {
        inAddressLength.set(JAVA_INT, 0, ADDRESS_OCTETS);
        count =
            (long)
                Calls.RECVFROM.invokeExact(
                    inError, descriptor, in, in.byteSize(), 0, inAddress, inAddressLength);
      }
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
    boolean answer = count >= HEADER + Long.BYTES && in.get(JAVA_BYTE, 0) == family.reply;
    return answer ? new Reply(from(), in.get(NETWORK_LONG, HEADER)) : null;
  }

  private InetAddress from() throws UnknownHostException {
    byte[] from = new byte[family.addressLength];
    MemorySegment.copy(inAddress, JAVA_BYTE, family.addressAt, from, 0, from.length);
    return InetAddress.getByAddress(from);
  }

  @Override
  public void close() {
    try {
      int _ = (int) Calls.CLOSE.invokeExact(descriptor);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
    arena.close();
  }

  /** The C library's functions, linked when the first socket is wanted. */
  @SuppressWarnings("restricted") // the types are those of the C library on Linux
  private static final class Calls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option KEEPS_ERRNO = Linker.Option.captureCallState("errno");
    static final StructLayout ERRNO = Linker.Option.captureStateLayout();
    private static final long ERRNO_AT =
        ERRNO.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    static final MethodHandle SOCKET =
        call("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), KEEPS_ERRNO);
    static final MethodHandle BIND =
        call("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT), KEEPS_ERRNO);
    static final MethodHandle SENDTO =
        call(
            "sendto",
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT),
            KEEPS_ERRNO);
    static final MethodHandle RECVFROM =
        call(
            "recvfrom",
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS),
            KEEPS_ERRNO);
    static final MethodHandle POLL =
        call("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    static final MethodHandle CLOSE = call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private Calls() {}

    private static MethodHandle call(
        String name, FunctionDescriptor type, Linker.Option... options) {
      return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }

    static int errno(MemorySegment state) {
      return state.get(JAVA_INT, ERRNO_AT);
    }
  }
}
