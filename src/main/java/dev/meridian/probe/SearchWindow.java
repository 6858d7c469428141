package dev.meridian.probe;

import dev.meridian.health.BodyMatch;
import dev.meridian.health.Observation.Reason;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Looks for a string in the beginning of a body that comes in pieces. Holds no more than the octets
 * that are searched, and looks at none of them again but those in which a match may have begun.
 */
final class SearchWindow implements BodyWindow {
  private final byte[] wanted;
  private final byte[] seen = new byte[BodyMatch.Search.OCTETS];
  private int length;
  private boolean found;

  SearchWindow(String wanted) {
    this.wanted = wanted.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void add(ByteBuf piece, int octets) {
    int count = Math.min(octets, seen.length - length);
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

  @Override
  public boolean isFound(boolean ended) {
    return found;
  }

  @Override
  public boolean isFull() {
    return length == seen.length;
  }

  @Override
  public Finding missing(String where) {
    return new Finding(
        Reason.SEARCH_STRING_MISSING, "search string not found in " + length + where);
  }

  /** How many octets were searched. */
  int length() {
    return length;
  }
}
