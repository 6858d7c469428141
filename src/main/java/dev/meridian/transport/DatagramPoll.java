package dev.meridian.transport;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Waits for datagrams at any of several sockets. Used by one thread; allocates for new sockets. */
final class DatagramPoll {
  /** {@code struct pollfd}: descriptor, events asked for, events that are there. */
  private static final int ENTRY = 8;

  private static final int ENTRY_EVENTS = 4;
  private static final int ENTRY_HAPPENED = 6;
  private static final short POLLIN = 1;

  private final LinuxCalls calls = new LinuxCalls();
  private List<ForeignUdpSocket> watched = List.of();
  private MemorySegment entries = MemorySegment.NULL;

  /** Waits until there is something at one of the sockets, {@code millis} at most. */
  void await(List<ForeignUdpSocket> sockets, int millis) {
    if (!sockets.equals(watched)) {
      watch(sockets);
    }
    int ready = calls.poll(entries.address(), sockets.size(), millis);
    if (ready < 0) { // interrupted; the kernel has written nothing
      for (int i = 0; i < sockets.size(); i++) {
        entries.set(JAVA_SHORT, (long) i * ENTRY + ENTRY_HAPPENED, (short) 0);
      }
    }
  }

  /** Whether something had happened at a socket when the wait ended, or it is broken. */
  boolean isReady(int index) {
    return entries.get(JAVA_SHORT, (long) index * ENTRY + ENTRY_HAPPENED) != 0;
  }

  private void watch(List<ForeignUdpSocket> sockets) {
    entries = Arena.ofAuto().allocate((long) sockets.size() * ENTRY, ENTRY);
    for (int i = 0; i < sockets.size(); i++) {
      entries.set(JAVA_INT, (long) i * ENTRY, sockets.get(i).descriptor());
      entries.set(JAVA_SHORT, (long) i * ENTRY + ENTRY_EVENTS, POLLIN);
    }
    watched = sockets;
  }
}
