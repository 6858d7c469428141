package dev.meridian.vote;

/**
 * What has gone between this vantage point and the others, since the process started.
 *
 * @param peers how many others there should be
 * @param heard how many of them are heard now
 * @param sent datagrams
 * @param counted datagrams that counted
 * @param stale datagrams that came late, twice, or from before a restart
 * @param foreign datagrams that were not made with the key, or not in this form
 */
public record VoteFigures(int peers, int heard, long sent, long counted, long stale, long foreign) {
  /** Alone. */
  public static final VoteFigures NONE = new VoteFigures(0, 0, 0, 0, 0, 0);
}
