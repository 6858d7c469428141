package dev.meridian.api;

import dev.meridian.answer.ServerState;
import dev.meridian.control.Server;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.reach.ClientSample;
import dev.meridian.reach.Reach;
import dev.meridian.reach.Situation;
import dev.meridian.transport.Background;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that thinks for the API: shares, troubles, models and explanations. It takes a
 * bounded number of questions and turns the rest away, and gives way to those that answer queries,
 * so that whatever is asked, it is what is left of one processor at most; and the HTTP loop never
 * waits.
 *
 * <p>What many ask alike is worked out once: for all who wait for it, and until something changes.
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
          Background.threads("meridian-desk"));

  /** Questions that are still to be looked at. */
  private final Map<String, CompletionStage<Reply>> waiting = new ConcurrentHashMap<>();

  // The thread's own: what was worked out last, as long as what it was made of still stands.
  private final KnownReplies replies = new KnownReplies(System::nanoTime);
  private final Changes changes;
  private @Nullable GeoDatabase geo;
  private ClientSample sample = new ClientSample(List.of());
  private @Nullable Reach reach;
  private @Nullable Situation situation;

  /** The number of the standings that it was made of. */
  private long situationAt;

  Desk(Server server) {
    this.server = server;
    this.changes = new Changes(server);
  }

  /** Answers from the situation as it is when the question's turn comes. */
  CompletionStage<Reply> answer(Function<Situation, Reply> question) {
    return run(() -> question.apply(situation()));
  }

  /**
   * The same of what many ask alike.
   *
   * @param question equal for equal answers
   */
  CompletionStage<Reply> answer(String question, Function<Situation, Reply> answer) {
    return share(question, () -> answer.apply(situation()));
  }

  /**
   * Does work that many ask for alike, once for all who wait for it; and not again while nothing
   * has changed and it is younger than ten times what it took, a second at most.
   */
  CompletionStage<Reply> share(String question, Supplier<Reply> work) {
    CompletionStage<Reply> reply =
        waiting.computeIfAbsent(
            question,
            _ ->
                run(
                    () -> {
                      // whoever asks from now on may know of something newer than what is found
                      waiting.remove(question);
                      return replies.get(question, changes.number(), work);
                    }));
    if (reply.toCompletableFuture().isDone()) {
      waiting.remove(question, reply); // turned away
    }
    return reply;
  }

  /** Does some work on this thread; the reply fails as the work does. */
  CompletionStage<Reply> run(Supplier<Reply> work) {
    try {
      return CompletableFuture.supplyAsync(work, thread);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(Reply.busy("too many questions at once"));
    }
  }

  private Situation situation() {
    long standings = changes.standings();
    ServerState state = server.state();
    Situation known = situation;
    if (known != null && known.state() == state && situationAt == standings) {
      return known;
    }
    Situation made = Situation.of(reach(state), state, server.board(), server.now(), known);
    situation = made;
    situationAt = standings;
    return made;
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
