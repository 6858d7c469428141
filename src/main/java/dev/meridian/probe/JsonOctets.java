package dev.meridian.probe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.netty.buffer.ByteBuf;
import java.io.IOException;

/** The beginning of a JSON document that comes in pieces. */
final class JsonOctets {
  private static final int MAX_DEPTH = 64;

  /** Fields are told apart by text that a target chose, so none of it is kept beyond a parse. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private final byte[] seen;
  private int length;

  /** Room for so many octets. */
  JsonOctets(int octets) {
    seen = new byte[octets];
  }

  /** Takes what there is room for of the next so many octets, without moving the reader index. */
  void add(ByteBuf piece, int octets) {
    int count = Math.min(octets, seen.length - length);
    piece.getBytes(piece.readerIndex(), seen, length, count);
    length += count;
  }

  int length() {
    return length;
  }

  boolean isFull() {
    return length == seen.length;
  }

  /** Reads it from the beginning. */
  JsonParser parser() throws IOException {
    return JSON.createParser(seen, 0, length);
  }
}
