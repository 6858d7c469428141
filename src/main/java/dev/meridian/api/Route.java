package dev.meridian.api;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * One resource of the HTTP surface.
 *
 * @param post whether it takes POST only; else GET and HEAD only
 * @param role who may; what an operator may is written to the audit log
 * @param handler called on the HTTP loop, so it must not wait; it may answer later
 */
record Route(boolean post, Role role, Function<ApiRequest, CompletionStage<Reply>> handler) {
  /** One that everybody may see. */
  static Route open(Function<ApiRequest, Reply> handler) {
    return new Route(false, Role.ANYBODY, at(handler));
  }

  static Route get(Function<ApiRequest, Reply> handler) {
    return new Route(false, Role.VIEWER, at(handler));
  }

  /** One whose answer takes thought. */
  static Route later(Function<ApiRequest, CompletionStage<Reply>> handler) {
    return new Route(false, Role.VIEWER, handler);
  }

  /** A question that is too long for an address. */
  static Route ask(Function<ApiRequest, CompletionStage<Reply>> handler) {
    return new Route(true, Role.VIEWER, handler);
  }

  /** One that changes something. */
  static Route post(Function<ApiRequest, CompletionStage<Reply>> handler) {
    return new Route(true, Role.OPERATOR, handler);
  }

  /** One that has a secret of its own, which is nobody's business to write down. */
  static Route secret(Function<ApiRequest, CompletionStage<Reply>> handler) {
    return new Route(true, Role.ANYBODY, handler);
  }

  private static Function<ApiRequest, CompletionStage<Reply>> at(
      Function<ApiRequest, Reply> handler) {
    return request -> CompletableFuture.completedFuture(handler.apply(request));
  }
}
