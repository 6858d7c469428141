package dev.meridian.transport;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The system calls of the foreign UDP path, of {@link UnixSocket} and {@link Background}, and the
 * constants of Linux that go with them (the same on x86_64 and aarch64). Failures are returned as
 * negative error numbers.
 *
 * <p>Pointers are passed as numbers: a {@link MemorySegment} argument would be kept alive and
 * checked on every call, and the memory behind all of ours lives as long as its owner.
 */
final class LinuxCalls {
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int MSG_TRUNC = 0x20;
  static final int MSG_DONTWAIT = 0x40;
  static final int MSG_NOSIGNAL = 0x4000;
  static final int MSG_WAITFORONE = 0x10000;
  static final int MSG_CMSG_CLOEXEC = 0x40000000;
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int ENOBUFS = 105;

  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int SHUT_RD = 0;
  private static final int PRIO_PROCESS = 0;

  /**
   * The type of all calls: to make the code of one takes the JVM longer than to read a zone. A C
   * function takes an int from the lower half of its register, and does not look at registers
   * behind its last argument (System V ABI for x86_64 and AAPCS64 alike), so that this fits all.
   */
  private static final FunctionDescriptor CALL =
      FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final MethodHandle SOCKET = link("socket");
  private static final MethodHandle RECVMMSG = link("recvmmsg");
  private static final MethodHandle SENDMMSG = link("sendmmsg");
  private static final MethodHandle POLL = link("poll");
  private static final MethodHandle SENDMSG = link("sendmsg");
  private static final MethodHandle RECVMSG = link("recvmsg");
  private static final MethodHandle SHUTDOWN = link("shutdown");
  private static final MethodHandle GETPRIORITY = link("getpriority");
  private static final MethodHandle SETPRIORITY = link("setpriority");
  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(PathElement.groupElement("errno"));

  /** Where the calls leave their error number; one per thread that calls. */
  private final MemorySegment state = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());

  /**
   * Links the calls, if that has not been done yet.
   *
   * @throws LinkageError if they cannot be linked, now or before
   */
  static void link() {
    // Initializing the class is what does it.
  }

  /** Opens a UDP socket of a family; its descriptor. */
  int datagramSocket(int family) {
    try {
      long type = SOCK_DGRAM | SOCK_CLOEXEC;
      int fd = (int) SOCKET.invokeExact(state, (long) family, type, 0L, 0L, 0L);
      return fd >= 0 ? fd : -errno();
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Reads up to {@code count} datagrams, waiting as the flags have it; how many there were. */
  int receive(int fd, long headers, int count, int flags) {
    try {
      int received =
          (int) RECVMMSG.invokeExact(state, (long) fd, headers, (long) count, (long) flags, 0L);
      return received >= 0 ? received : -errno();
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /**
   * Writes up to {@code count} datagrams without waiting; how many the kernel took. An error is
   * that of the first datagram: the kernel stops before a later one that fails.
   */
  int send(int fd, long headers, int count) {
    try {
      int sent =
          (int)
              SENDMMSG.invokeExact(
                  state, (long) fd, headers, (long) count, (long) MSG_DONTWAIT, 0L);
      return sent >= 0 ? sent : -errno();
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Sends one message without waiting, nor a signal if nobody is there; the octets taken. */
  long sendMessage(int fd, long header) {
    try {
      long flags = MSG_DONTWAIT | MSG_NOSIGNAL;
      int sent = (int) SENDMSG.invokeExact(state, (long) fd, header, flags, 0L, 0L);
      return sent >= 0 ? sent : -errno();
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Receives one message without waiting; its octets, 0 at the end. */
  long receiveMessage(int fd, long header) {
    try {
      long flags = MSG_DONTWAIT | MSG_CMSG_CLOEXEC;
      int received = (int) RECVMSG.invokeExact(state, (long) fd, header, flags, 0L, 0L);
      return received >= 0 ? received : -errno();
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Waits for one of {@code count} descriptors; how many are ready. */
  int poll(long entries, long count, int millis) {
    try {
      int ready = (int) POLL.invokeExact(state, entries, count, (long) millis, 0L, 0L);
      return ready >= 0 ? ready : -errno();
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /**
   * Ends the waits of all who want to receive from a UDP socket. Linux says that it is not
   * connected, and does it all the same.
   */
  void stopReceiving(int fd) {
    try {
      int ignored = (int) SHUTDOWN.invokeExact(state, (long) fd, (long) SHUT_RD, 0L, 0L, 0L);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /**
   * Sets the niceness of a thread; 0, or what is wrong.
   *
   * @param thread its number in Linux; 0 is the one that calls
   */
  int nice(int thread, int niceness) {
    try {
      int result =
          (int)
              SETPRIORITY.invokeExact(
                  state, (long) PRIO_PROCESS, (long) thread, (long) niceness, 0L, 0L);
      return result >= 0 ? 0 : -errno();
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /**
   * How nice a thread is, -20 to 19; getpriority(2). A failure reads as -1, and there is none for a
   * thread of this process.
   *
   * @param thread its number in Linux; that of the process is its first thread
   */
  int niceness(int thread) {
    try {
      return (int) GETPRIORITY.invokeExact(state, (long) PRIO_PROCESS, (long) thread, 0L, 0L, 0L);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  private int errno() {
    return (int) ERRNO.get(state, 0L);
  }

  @SuppressWarnings("restricted") // The type of the calls is right on the machines that fit.
  private static MethodHandle link(String name) {
    Linker linker = Linker.nativeLinker();
    SymbolLookup symbols = linker.defaultLookup();
    return linker.downcallHandle(
        symbols.findOrThrow(name), CALL, Linker.Option.captureCallState("errno"));
  }
}
