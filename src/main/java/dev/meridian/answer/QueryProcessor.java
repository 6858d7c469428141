package dev.meridian.answer;

/** One query in, one response out. One instance per event loop. */
public final class QueryProcessor {
  /**
   * Answers the query in {@code context}.
   *
   * @return octets of the response in {@link QueryContext#response()}; 0: stay silent
   */
  public int process(QueryContext context) {
    return 0;
  }
}
