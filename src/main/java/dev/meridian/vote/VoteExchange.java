package dev.meridian.vote;

import dev.meridian.health.HealthBoard;
import dev.meridian.health.Votes;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once a second what this vantage point says, whether anything changed or not, and hands on
 * what others say.
 */
public final class VoteExchange implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VoteExchange.class);
  private static final long PERIOD_MILLIS = 1000;

  private final VoteTransport transport;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("meridian-vote-rounds").daemon().factory());

  private VoteExchange(VoteTransport transport) {
    this.transport = transport;
  }

  /**
   * Begins.
   *
   * @param vantage this one's name
   * @param hears takes what others say
   */
  public static VoteExchange start(
      VoteTransport transport, String vantage, Supplier<HealthBoard> board, Consumer<Votes> hears) {
    VoteExchange exchange = new VoteExchange(transport);
    transport.begin(hears::accept);
    exchange.thread.scheduleAtFixedRate(
        () -> exchange.round(vantage, board), 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    return exchange;
  }

  private void round(String vantage, Supplier<HealthBoard> board) {
    try {
      transport.send(Votes.of(vantage, board.get()));
    } catch (RuntimeException e) {
      LOG.error("A round of votes failed; this is a fault in Meridian", e);
    }
  }

  /** What has gone to and fro; from any thread. */
  public VoteFigures figures() {
    return transport.figures();
  }

  @Override
  public void close() {
    thread.shutdownNow();
    transport.close();
  }
}
