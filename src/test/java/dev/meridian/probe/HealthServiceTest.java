package dev.meridian.probe;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.meridian.health.CheckKind;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthCheck.Settings;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.HealthStatus;
import java.lang.StackWalker.StackFrame;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthServiceTest {
  private static final Settings FAST =
      Settings.builder()
          .interval(Duration.ofSeconds(1))
          .failureThreshold(2)
          .successThreshold(2)
          .build();

  private final HealthRegistry registry = new HealthRegistry();
  private final List<HealthBoard> published = new CopyOnWriteArrayList<>();
  private final HealthService service =
      new HealthService(registry, InstantSource.system(), "1.2.3", published::add);

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void answersFlipWhenATargetBreaksAndFlipBackWhenItRecovers() throws Exception {
    try (Target target = Target.of(Target.answering(Target.response("200 OK", "")))) {
      service.define(List.of(check("web", target.port()))).get(10, SECONDS);
      await().atMost(Duration.ofSeconds(30)).until(() -> status("web").state().known());
      assertThat(flips("web")).isZero();

      target.behave(Target.answering(Target.response("503 Busy", "")));
      await().atMost(Duration.ofSeconds(30)).until(() -> !eligible("web"));
      assertThat(status("web").state().consecutiveFailures()).isGreaterThanOrEqualTo(2);
      assertThat(flips("web")).isEqualTo(1);

      target.behave(Target.answering(Target.response("200 OK", "")));
      await().atMost(Duration.ofSeconds(30)).until(() -> eligible("web"));
      assertThat(flips("web")).isEqualTo(2);
    }
  }

  /** No timer, no queue and no other thread is between a target's octets and the listener. */
  @Test
  void aResultIsToldInTheCallThatReadIt() throws Exception {
    BlockingQueue<List<String>> calls = new LinkedBlockingQueue<>();
    HealthService telling =
        new HealthService(
            registry,
            InstantSource.system(),
            "1.2.3",
            board -> {
              if (!board.eligibility().isEligible(registry.indexOf("web"))) {
                calls.add(
                    StackWalker.getInstance()
                        .walk(frames -> frames.map(StackFrame::getMethodName).toList()));
              }
            });
    try (telling;
        Target target = Target.of(Target.answering(Target.response("503 Busy", "")))) {
      telling.define(List.of(check("web", target.port()))).get(10, SECONDS);

      assertThat(calls.poll(30, SECONDS))
          .containsSubsequence("publish", "settle", "observe", "conclude", "hear", "read");
    }
  }

  /** How often its eligibility has changed on what was published. */
  private int flips(String id) {
    int flips = 0;
    boolean before = true;
    for (HealthBoard board : published) {
      boolean now = board.eligibility().isEligible(registry.indexOf(id));
      flips += now == before ? 0 : 1;
      before = now;
    }
    return flips;
  }

  @Test
  void definingCompletesWithTheNewChecksOnTheBoard() throws Exception {
    HealthCheck forcedDown =
        new HealthCheck(
            "forced",
            Target.LOOPBACK,
            new CheckKind.Tcp(1),
            Settings.builder().disabled(true).inverted(true).build());

    HealthBoard board = service.define(List.of(forcedDown)).get(10, SECONDS);

    assertThat(board.eligibility().isEligible(registry.indexOf("forced"))).isFalse();
    assertThat(service.board().status("forced")).isNotNull();
  }

  @Test
  void aRemovedCheckIsNotProbedAnyMore() throws Exception {
    try (Target target = Target.of(Target.answering(Target.response("200 OK", "")));
        Target other = Target.of(Target.answering(Target.response("200 OK", "")))) {
      HealthCheck stays = check("stays", other.port());
      service.define(List.of(stays, check("goes", target.port()))).get(10, SECONDS);
      await().atMost(Duration.ofSeconds(30)).until(() -> target.connectionsSoFar() > 0);

      service.define(List.of(stays)).get(10, SECONDS);
      int before = target.connectionsSoFar();
      int seen = other.connectionsSoFar();
      await().atMost(Duration.ofSeconds(30)).until(() -> other.connectionsSoFar() >= seen + 3);

      assertThat(target.connectionsSoFar()).isBetween(before, before + 1);
      assertThat(service.board().status("goes")).isNull();
    }
  }

  @Test
  void aListenerThatFailsDoesNotStopTheChecks() throws Exception {
    HealthService shaky =
        new HealthService(
            registry,
            InstantSource.system(),
            "1.2.3",
            board -> {
              published.add(board);
              throw new IllegalStateException("thrown by the test");
            });
    try (shaky;
        Target target = Target.of(Target.answering(Target.response("503 Busy", "")))) {
      shaky.define(List.of(check("web", target.port()))).get(10, SECONDS);
      await().atMost(Duration.ofSeconds(30)).until(() -> !published.isEmpty());
      int seen = target.connectionsSoFar();

      await().atMost(Duration.ofSeconds(30)).until(() -> target.connectionsSoFar() > seen);
    }
  }

  @Test
  void conflictingDefinitionsAreRefusedAtOnce() {
    assertThatThrownBy(() -> service.define(List.of(check("web", 80), check("web", 81))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void closingHangsUpOnTargetsAndEndsTheThread() throws Exception {
    try (Target target = Target.of(Target::holdOpen)) {
      service.define(List.of(check("web", target.port()))).get(10, SECONDS);
      await().atMost(Duration.ofSeconds(30)).until(() -> target.connectionsSoFar() > 0);

      service.close();

      await().atMost(Duration.ofSeconds(30)).until(() -> target.openConnections() == 0);
      assertThat(service.board().status("web")).isNotNull();
      assertThatThrownBy(() -> service.define(List.of()))
          .isInstanceOf(RejectedExecutionException.class);
    }
  }

  private static HealthCheck check(String id, int port) {
    return new HealthCheck(id, Target.LOOPBACK, CheckKind.http(null).withPort(port), FAST);
  }

  private HealthStatus status(String id) {
    return requireNonNull(service.board().status(id));
  }

  private boolean eligible(String id) {
    return service.board().eligibility().isEligible(registry.indexOf(id));
  }
}
