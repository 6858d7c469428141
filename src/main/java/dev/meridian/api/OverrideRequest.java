package dev.meridian.api;

import dev.meridian.control.Server;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthHistory;
import dev.meridian.health.HealthOverride;
import dev.meridian.source.TimeText;
import dev.meridian.text.Reasons;
import dev.meridian.text.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/v1/overrides?selector=&action=&reason=&author=&for=}: what a person decides. The
 * action {@code auto} ends the override of the selector, {@code weight=auto} that of its weight.
 * Without {@code for} it lasts 4 h; {@code for=forever} has to be written out.
 */
final class OverrideRequest {
  private static final String AUTO = "auto";
  private static final String AUTO_WEIGHT = "weight=auto";
  private static final Duration USUAL = Duration.ofHours(4);

  /** Less than clients have with us. */
  private static final Duration DISK_PATIENCE = Duration.ofSeconds(5);

  /** Whoever wants more means forever, or has mistyped. */
  private static final Duration LONGEST = Duration.ofDays(3650);

  private OverrideRequest() {}

  static CompletionStage<Reply> apply(ApiRequest request, Server server) {
    String selector = request.required("selector");
    String action = request.required("action");
    CompletableFuture<HealthBoard> done =
        action.equals(AUTO) || action.equals(AUTO_WEIGHT)
            ? server.lift(selector, action.equals(AUTO_WEIGHT))
            : server.place(
                RefusedException.reading(() -> override(request, selector, action, server.now())));
    return reply(done, DISK_PATIENCE, server::history);
  }

  /**
   * What to say of an override.
   *
   * @param done completes when it is kept and in force
   * @param patience with the disk
   */
  static CompletionStage<Reply> reply(
      CompletableFuture<HealthBoard> done, Duration patience, Supplier<HealthHistory> history) {
    return done.copy()
        .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .handle((board, failure) -> reply(board, failure, history.get()));
  }

  private static HealthOverride override(
      ApiRequest request, String selector, String action, Instant now) {
    return new HealthOverride(
        selector,
        HealthOverride.Action.parse(action),
        author(request),
        request.required("reason"),
        now,
        expires(request, now));
  }

  private static String author(ApiRequest request) {
    String author = request.who().author(request.parameter("author").orElse(""));
    return author.isEmpty() ? request.required("author") : author;
  }

  private static @Nullable Instant expires(ApiRequest request, Instant now) {
    String text = request.parameter("for").orElse("");
    if (text.equals("forever")) {
      return null;
    }
    return now.plus(text.isEmpty() ? USUAL : span(text));
  }

  /** With a unit: nobody should have to guess what a bare number counts. */
  private static Duration span(String text) {
    boolean bareNumber = text.chars().allMatch(Character::isDigit);
    long seconds = bareNumber ? TimeText.INVALID : TimeText.seconds(text);
    if (seconds < 1) {
      throw new RefusedException(
          "for: '" + text + "' is not a time such as 30m, 4h or 2d, or forever");
    }
    if (seconds > LONGEST.toSeconds()) {
      throw new RefusedException(
          "for: '" + text + "' is longer than " + LONGEST.toDays() + "d; write forever");
    }
    return Duration.ofSeconds(seconds);
  }

  private static Reply reply(
      @Nullable HealthBoard board, @Nullable Throwable failure, HealthHistory history) {
    if (board != null) {
      return Reply.json(StatesQuery.ALL.answer(board, history));
    }
    Throwable cause = failure != null && failure.getCause() != null ? failure.getCause() : failure;
    return switch (cause) {
      case RefusedException e -> throw e;
      case IOException e ->
          Reply.problem(
              503,
              "Service Unavailable",
              "the override cannot be kept, so it is not in force: " + Reasons.withFile(e));
      case TimeoutException _ ->
          Reply.problem(
              503,
              "Service Unavailable",
              "the disk does not take the override, which is in force when it does; look at the"
                  + " overrides before you try again");
      case null, default -> throw new IllegalStateException("an override failed", cause);
    };
  }
}
