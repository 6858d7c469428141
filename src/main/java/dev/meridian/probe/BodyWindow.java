package dev.meridian.probe;

import dev.meridian.health.BodyMatch;
import io.netty.buffer.ByteBuf;

/** The beginning of a response body that comes in pieces, as much of it as a match looks at. */
interface BodyWindow {
  /** The window that a match needs. */
  static BodyWindow of(BodyMatch match) {
    return switch (match) {
      case BodyMatch.Search search -> new SearchWindow(search.text());
      case BodyMatch.Samples samples -> new SampleWindow(samples);
      case BodyMatch.Json json -> new JsonWindow(json.fields());
    };
  }

  /**
   * Takes the next so many octets from the reader index on, without moving it; what lies behind the
   * window is ignored.
   */
  void add(ByteBuf piece, int octets);

  /** Takes a whole piece. */
  default void add(ByteBuf piece) {
    add(piece, piece.readableBytes());
  }

  /**
   * Whether the body matches.
   *
   * @param ended whether there will be no further piece
   */
  boolean isFound(boolean ended);

  /** Whether nothing that comes later can matter. */
  boolean isFull();

  /**
   * Why it does not match; asked only when that is certain.
   *
   * @param where the end of a sentence about what was looked at
   */
  Finding missing(String where);
}
