package dev.meridian.api;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * One resource of the HTTP surface.
 *
 * @param post whether it changes something: then it answers POST only, else GET and HEAD only
 * @param handler called on the HTTP loop, so it must not wait; it may answer later
 */
record Route(boolean post, Function<ApiRequest, CompletionStage<Reply>> handler) {
  static Route get(Function<ApiRequest, Reply> handler) {
    return new Route(false, request -> CompletableFuture.completedFuture(handler.apply(request)));
  }

  /** One whose answer takes thought. */
  static Route later(Function<ApiRequest, CompletionStage<Reply>> handler) {
    return new Route(false, handler);
  }

  static Route post(Function<ApiRequest, CompletionStage<Reply>> handler) {
    return new Route(true, handler);
  }
}
