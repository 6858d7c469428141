package dev.meridian.probe;

import dev.meridian.health.CheckKind;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Looks for a string in the beginning of a body that comes in pieces. Holds no more than the octets
 * that are searched, and looks at none of them again but those in which a match may have begun.
 */
final class SearchWindow {
  private final byte[] wanted;
  private final byte[] seen = new byte[CheckKind.Http.SEARCHED_OCTETS];
  private int length;
  private boolean found;

  SearchWindow(String wanted) {
    this.wanted = wanted.getBytes(StandardCharsets.UTF_8);
  }

  /** Takes the next piece; what lies behind the window is ignored. */
  void add(ByteBuf piece) {
    int count = Math.min(piece.readableBytes(), seen.length - length);
    piece.getBytes(piece.readerIndex(), seen, length, count);
    int from = Math.max(0, length - wanted.length + 1);
    length += count;
    found = found || contains(from);
  }

  private boolean contains(int from) {
    for (int at = from; at + wanted.length <= length; at++) {
      if (matches(at)) {
        return true;
      }
    }
    return false;
  }

  private boolean matches(int at) {
    for (int i = 0; i < wanted.length; i++) {
      if (seen[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether the string lies entirely within what was searched. */
  boolean isFound() {
    return found;
  }

  /** Whether nothing that comes later can matter. */
  boolean isFull() {
    return length == seen.length;
  }

  /** How many octets were searched. */
  int length() {
    return length;
  }
}
