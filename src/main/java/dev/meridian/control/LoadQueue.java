package dev.meridian.control;

import dev.meridian.publish.Order;
import dev.meridian.publish.ReloadResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is to be loaded: one request at a time, and those that come meanwhile and go together are
 * one. How a request is met is {@link Control}'s to see to, whose thread owns this.
 */
final class LoadQueue {
  /** One load, and those who wait for it. */
  static final class Request {
    final Order order;
    final CompletableFuture<ReloadResult> done = new CompletableFuture<>();
    private final List<String> reasons = new ArrayList<>();

    private Request(Order order) {
      this.order = order;
    }

    /** Of one who asks alone. */
    static Request of(Order order, String reason, CompletableFuture<ReloadResult> done) {
      Request request = new Request(order);
      request.join(reason, done);
      return request;
    }

    private void join(String reason, CompletableFuture<ReloadResult> other) {
      if (!reasons.contains(reason)) {
        reasons.add(reason);
      }
      done.thenAccept(other::complete);
    }

    /** Every reason that was given, each once. */
    String reason() {
      return String.join(", ", reasons);
    }
  }

  private final Deque<Request> waiting = new ArrayDeque<>();
  private @Nullable Request running;

  /** Completes when nothing is being loaded any more; null: loads are welcome. */
  private @Nullable CompletableFuture<Long> suspended;

  /** Whether a load was asked for meanwhile. */
  private boolean missed;

  /**
   * Takes a request.
   *
   * @param done completes with the load's result
   * @return whether it has been taken; not while suspended
   */
  boolean add(Order order, String reason, CompletableFuture<ReloadResult> done) {
    if (suspended != null) {
      missed = true;
      return false;
    }
    Request last = waiting.peekLast();
    if (last != null && last.order.goesWith(order)) {
      last.join(reason, done);
    } else {
      waiting.addLast(Request.of(order, reason, done));
    }
    return true;
  }

  /** Begins the next one; null: there is none, or one is under way. */
  @Nullable Request begin() {
    if (running != null) {
      return null;
    }
    running = waiting.pollFirst();
    return running;
  }

  /** The one that was begun has come to its end. */
  void end() {
    running = null;
  }

  /** The one under way, and those that wait. */
  Stream<Request> all() {
    return Stream.concat(Stream.ofNullable(running), waiting.stream());
  }

  /**
   * Takes no more requests; those that have been taken are met.
   *
   * @param still see {@link #tellIfStill}
   */
  void suspend(CompletableFuture<Long> still) {
    suspended = still;
  }

  /** Says that nothing is being loaded, if somebody waits for that and it is so. */
  void tellIfStill(long generation) {
    if (suspended != null && running == null) {
      suspended.complete(generation);
    }
  }

  /** Takes requests again; whether there were any meanwhile. */
  boolean resume() {
    boolean asked = missed;
    suspended = null;
    missed = false;
    return asked;
  }
}
