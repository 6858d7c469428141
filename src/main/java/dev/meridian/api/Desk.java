package dev.meridian.api;

import dev.meridian.answer.ServerState;
import dev.meridian.control.Server;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthStatus;
import dev.meridian.reach.ClientSample;
import dev.meridian.reach.Reach;
import dev.meridian.reach.Situation;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that thinks for the API: shares, troubles, models and explanations. It takes a
 * bounded number of questions and turns the rest away, so that whatever is asked, it is one
 * processor at most that answers queries go without, and the HTTP loop never waits.
 */
final class Desk implements AutoCloseable {
  static final int MAX_WAITING = 64;

  private final Server server;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_WAITING),
          Thread.ofPlatform().name("meridian-desk").daemon().factory());

  // The thread's own: what was worked out last, as long as what it was made of still stands.
  private @Nullable GeoDatabase geo;
  private ClientSample sample = new ClientSample(List.of());
  private @Nullable Reach reach;
  private @Nullable Situation situation;
  private @Nullable HealthBoard board;

  Desk(Server server) {
    this.server = server;
  }

  /** Answers from the situation as it is when the question's turn comes. */
  CompletionStage<Reply> answer(Function<Situation, Reply> question) {
    return run(() -> question.apply(situation()));
  }

  /** Does some work on this thread. */
  CompletionStage<Reply> run(Supplier<Reply> work) {
    try {
      return CompletableFuture.supplyAsync(work, thread).exceptionally(Desk::refusal);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(Reply.busy("too many questions at once"));
    }
  }

  /** What a person has got wrong is told; everything else is a fault. */
  private static Reply refusal(Throwable e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    if (cause instanceof IllegalArgumentException) {
      return Reply.problem(400, "Bad Request", String.valueOf(cause.getMessage()));
    }
    throw new IllegalStateException("thinking failed", cause);
  }

  private Situation situation() {
    ServerState state = server.state();
    HealthBoard newest = server.board();
    Situation known = situation;
    // the board is another with every probe; only another standing makes another situation
    if (known != null && known.state() == state && sameStandings(newest)) {
      return known;
    }
    Situation made = Situation.of(reach(state), state, newest, known);
    situation = made;
    board = newest;
    return made;
  }

  private boolean sameStandings(HealthBoard newest) {
    HealthBoard known = board;
    if (known == null || known.statuses().size() != newest.statuses().size()) {
      return false;
    }
    for (int i = 0; i < newest.statuses().size(); i++) {
      HealthStatus before = known.statuses().get(i);
      HealthStatus after = newest.statuses().get(i);
      if (!before.standing().equals(after.standing()) || before.index() != after.index()) {
        return false;
      }
    }
    return true;
  }

  private Reach reach(ServerState state) {
    GeoDatabase current = server.status().space().geo();
    if (geo != current) {
      sample = ClientSample.of(current);
      geo = current;
    }
    Reach known = reach;
    if (known == null || !known.isOf(state.zones(), sample)) {
      known = new Reach(state.zones(), sample);
      reach = known;
    }
    return known;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
