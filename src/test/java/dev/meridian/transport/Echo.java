package dev.meridian.transport;

import dev.meridian.answer.QueryContext;

/**
 * Answers every query with its own question, QR and AA set: all that a client needs to be content.
 */
final class Echo {
  static final int HEADER = 12;

  private Echo() {}

  static LoopFactory factory() {
    return (loop, traffic) -> new QueryLoop(new QueryContext(loop), Echo::answer);
  }

  static LoopFactory factory(MessageHandler handler) {
    return (loop, traffic) -> new QueryLoop(new QueryContext(loop), handler);
  }

  static int answer(QueryContext context) {
    byte[] query = context.request();
    byte[] response = context.response();
    int end = questionEnd(query);
    System.arraycopy(query, 0, response, 0, end);
    response[2] = (byte) (query[2] | 0x84);
    response[3] = 0;
    for (int i = 6; i < HEADER; i++) {
      response[i] = 0;
    }
    return end;
  }

  private static int questionEnd(byte[] query) {
    int offset = HEADER;
    while (query[offset] != 0) {
      offset += 1 + query[offset];
    }
    return offset + 1 + 4;
  }

  /** A query for A records of {@code n<number>.example}. */
  static byte[] query(int id, int number) {
    String label = "n" + number;
    byte[] query = new byte[HEADER + 1 + label.length() + 8 + 1 + 4];
    query[0] = (byte) (id >>> 8);
    query[1] = (byte) id;
    query[5] = 1;
    int offset = put(query, HEADER, label);
    offset = put(query, offset, "example");
    query[offset + 2] = 1;
    query[offset + 4] = 1;
    return query;
  }

  private static int put(byte[] message, int offset, String label) {
    message[offset] = (byte) label.length();
    for (int i = 0; i < label.length(); i++) {
      message[offset + 1 + i] = (byte) label.charAt(i);
    }
    return offset + 1 + label.length();
  }

  /** What {@link #answer} makes of a query. */
  static byte[] response(byte[] query) {
    byte[] response = query.clone();
    response[2] |= (byte) 0x84;
    return response;
  }
}
