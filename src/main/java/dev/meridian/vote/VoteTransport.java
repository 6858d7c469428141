package dev.meridian.vote;

import dev.meridian.health.Votes;

/**
 * The way votes go between vantage points. What {@link #send} is given arrives whole, in part, late
 * or not at all; what arrives is authentic, and no older than what came before it.
 */
interface VoteTransport extends AutoCloseable {
  /** Takes what others say; any thread, one call at a time. */
  interface Receiver {
    void heard(Votes votes);
  }

  /** Begins to receive. Called once. */
  void begin(Receiver receiver);

  /** Says to all others what this vantage point says. Does not wait for them. */
  void send(Votes votes);

  /** What has gone to and fro; from any thread. */
  VoteFigures figures();

  @Override
  void close();
}
