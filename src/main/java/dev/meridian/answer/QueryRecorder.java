package dev.meridian.answer;

import dev.meridian.policy.Dice;
import org.jspecify.annotations.Nullable;

/**
 * Answers queries and notes a sample of them in a {@link QueryRing}; one for each event loop, owned
 * by its thread. What is not answered is not noted, so that a flood that rate limiting holds back
 * does not become a flood of lines.
 */
public final class QueryRecorder {
  private final StateHolder states;
  private final QueryProcessor processor;
  private final @Nullable RateLimiter limiter;
  private final QueryRing ring;
  private final Dice dice;
  private final long oneIn;

  /**
   * A recorder.
   *
   * @param limiter has the last word on what is sent; null: everything is
   * @param oneIn which share of queries is noted, each with equal chance; 1: all
   * @param seed of that chance, so that answers have dice of their own
   */
  public QueryRecorder(
      StateHolder states,
      QueryProcessor processor,
      @Nullable RateLimiter limiter,
      QueryRing ring,
      long oneIn,
      long seed) {
    this.states = states;
    this.processor = processor;
    this.limiter = limiter;
    this.ring = ring;
    this.oneIn = oneIn;
    this.dice = new Dice(seed);
  }

  /**
   * Answers the query in {@code context}.
   *
   * @return as {@link QueryProcessor#process(QueryContext)} and {@link RateLimiter#limit}
   */
  public int process(QueryContext context) {
    ServerState state = states.get();
    int octets = processor.process(context, state);
    if (limiter != null) {
      octets = limiter.limit(context, octets);
    }
    if (octets > 0 && (oneIn == 1 || dice.below(oneIn) == 0)) {
      QueryRecord next = ring.claim();
      if (next != null) {
        next.fill(context, state, octets, System.nanoTime());
        ring.publish();
      }
    }
    return octets;
  }
}
