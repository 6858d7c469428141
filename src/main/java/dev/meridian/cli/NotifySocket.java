package dev.meridian.cli;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * The datagram socket that systemd gives a service of {@code Type=notify} (sd_notify(3)). The JDK
 * has Unix sockets for streams only, so the two system calls are made directly.
 */
final class NotifySocket {
  private static final short AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;

  /** sockaddr_un: the family, then at most this many octets of path. */
  private static final int MAX_PATH = 108;

  private final String path;

  /**
   * A socket at a path, or in the abstract namespace if it begins with {@code @}.
   *
   * @throws IllegalArgumentException if it is neither, or too long for an address
   */
  NotifySocket(String path) {
    if (!path.startsWith("/") && !path.startsWith("@")) {
      throw new IllegalArgumentException("neither a path nor an abstract name");
    }
    if (path.getBytes(StandardCharsets.UTF_8).length >= MAX_PATH) {
      throw new IllegalArgumentException("longer than " + (MAX_PATH - 1) + " octets");
    }
    this.path = path;
  }

  /** Sends one message, such as {@code READY=1}; does not wait for a reader. */
  void send(String message) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      send(arena, message.getBytes(StandardCharsets.UTF_8));
    }
  }

  @SuppressWarnings("restricted") // the types are those of the C library on Linux
  private void send(Arena arena, byte[] message) throws IOException {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    MemorySegment address = arena.allocate(Short.BYTES + MAX_PATH);
    address.set(JAVA_SHORT, 0, AF_UNIX);
    MemorySegment.copy(name, 0, address, JAVA_BYTE, Short.BYTES, name.length);
    if (path.startsWith("@")) {
      address.set(JAVA_BYTE, Short.BYTES, (byte) 0);
    }
    MemorySegment text = arena.allocateFrom(JAVA_BYTE, message);
    try {
      int socket =
          (int)
              call("socket", JAVA_INT, JAVA_INT, JAVA_INT)
                  .invokeExact((int) AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
      long sent = sendTo(socket, text, message.length, address, Short.BYTES + name.length);
      int closed = (int) call("close", JAVA_INT).invokeExact(socket);
      if (sent != message.length || closed != 0) {
        throw new IOException("nobody takes messages at " + path);
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  @SuppressWarnings("restricted")
  private static long sendTo(
      int socket, MemorySegment text, long length, MemorySegment address, int addressLength)
      throws Throwable {
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor type =
        FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    MethodHandle sendto = linker.downcallHandle(linker.defaultLookup().findOrThrow("sendto"), type);
    return (long) sendto.invokeExact(socket, text, length, MSG_NOSIGNAL, address, addressLength);
  }

  @SuppressWarnings("restricted")
  private static MethodHandle call(String name, ValueLayout.OfInt... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
  }
}
