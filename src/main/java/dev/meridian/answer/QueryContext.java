package dev.meridian.answer;

import dev.meridian.net.ClientAddress;

/**
 * All that one query needs from first octet to last, reused for the next one. Owned by one event
 * loop; never shared.
 *
 * <p>The transport copies the message to {@link #request()}, sets {@link #source()}, calls {@link
 * #begin}, and after {@link QueryProcessor#process} sends that many octets of {@link #response()}.
 */
public final class QueryContext {
  /** Room behind a message, so that whole words can be read at its end. */
  private static final int SLACK = 16;

  private final byte[] request = new byte[0xFFFF + SLACK];
  private final byte[] response = new byte[0xFFFF + SLACK];
  private final ClientAddress source = new ClientAddress();
  private int requestLength;
  private boolean tcp;

  /**
   * @param seed for the random choices of this loop; equal seeds and queries give equal answers
   */
  public QueryContext(long seed) {}

  /** Where the transport puts the message, from offset 0. */
  public byte[] request() {
    return request;
  }

  /** Where the answer is, from offset 0. */
  public byte[] response() {
    return response;
  }

  /** The address that the query came from, with its full length as prefix length. */
  public ClientAddress source() {
    return source;
  }

  /** Starts the next query: {@code requestLength} octets are in place. */
  public void begin(int requestLength, boolean tcp) {
    this.requestLength = requestLength;
    this.tcp = tcp;
  }

  int requestLength() {
    return requestLength;
  }

  boolean tcp() {
    return tcp;
  }
}
