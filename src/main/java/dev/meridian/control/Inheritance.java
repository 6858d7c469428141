package dev.meridian.control;

import dev.meridian.health.HealthMemory;
import dev.meridian.transport.PassedSocket;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a process begins with.
 *
 * @param sockets that are bound already; each has one user, who owns it
 * @param health what was known up to this moment; null: what is on the disk
 * @param cookies as {@link dev.meridian.state.CookieRoll} has them; empty: those on the disk
 * @param generation that was served last
 * @param from whose place it takes; empty: nobody's
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Inheritance(
    List<PassedSocket> sockets,
    @Nullable HealthMemory health,
    byte[] cookies,
    long generation,
    String from) {
  static final Inheritance NONE = new Inheritance(List.of(), null, new byte[0], 0, "");

  /** Copies the list. */
  Inheritance {
    sockets = List.copyOf(sockets);
  }

  boolean isNone() {
    return from.isEmpty();
  }

  List<PassedSocket> sockets(PassedSocket.Kind... kinds) {
    Set<PassedSocket.Kind> wanted = Set.copyOf(Arrays.asList(kinds));
    return sockets.stream().filter(socket -> wanted.contains(socket.kind())).toList();
  }
}
