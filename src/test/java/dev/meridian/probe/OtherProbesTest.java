package dev.meridian.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.BodyMatch;
import dev.meridian.health.CheckKind;
import dev.meridian.health.CheckRequest;
import dev.meridian.health.FileCheck;
import dev.meridian.health.GrpcCheck;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthCheck.Settings;
import dev.meridian.health.HeartbeatCheck;
import dev.meridian.health.MetricCheck;
import dev.meridian.health.MetricCheck.Insufficient;
import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Reason;
import dev.meridian.health.TargetGuard;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.rr.ResolvedName;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Rfc;
import dev.meridian.wire.DomainName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kinds that ask in other ways than HTTP, or are told. */
class OtherProbesTest {
  private static final String SETTINGS = "\0\0\0\4\0\0\0\0\0";

  private final ProbeRunner runner = new ProbeRunner();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    runner.close();
  }

  @ParameterizedTest
  @Rfc(number = 9113, sections = "3.4")
  @CsvSource({
    "'\0\0\7\0\0\0\0\0\1\0\0\0\0\2\b\1',                                OK,                  SERVING",
    "'\0\0\7\0\0\0\0\0\1\0\0\0\0\2\b\2',                                RESPONSE_UNEXPECTED, NOT_SERVING",
    "'\0\0\5\0\0\0\0\0\1\0\0\0\0\0',                                    RESPONSE_UNEXPECTED, UNKNOWN",
    "'\0\0\3\0\0\0\0\0\1\0\0\0\0\0\4\0\1\0\0\0\1\0\2\b\1',              OK,                  SERVING",
    "'\0\0\0\1\5\0\0\0\1',                                              RESPONSE_UNEXPECTED, 'the call failed'",
    "'\0\0\b\6\0\0\0\0\0pingpong\0\0\4\3\0\0\0\0\1\0\0\0\7',            RESPONSE_UNEXPECTED, 'reset with error 7'",
    "'\0\0\b\7\0\0\0\0\0\0\0\0\0\0\0\0\1',                              RESPONSE_UNEXPECTED, 'goes away with error 1'",
    "'\0\0\7\0\1\0\0\0\1\0\0\0\1\0\b\1',                                RESPONSE_UNEXPECTED, 'no HealthCheckResponse'",
    "'\177\0\0\1',                                                      CONNECTION_CLOSED,   'closed before'",
  })
  void grpcHealthIsAsked(String frames, Reason reason, String detail) throws Exception {
    var observation = grpc(SETTINGS + frames);

    assertThat(observation.reason()).isEqualTo(reason);
    assertThat(observation.detail()).contains(detail);
  }

  @Test
  void whatSpeaksNoHttp2IsToldAtOnce() throws Exception {
    assertThat(grpc("HTTP/1.1 400 Bad Request\r\n\r\n").reason())
        .isEqualTo(Reason.RESPONSE_MALFORMED);
  }

  @Test
  void pingsWithoutEndAreCutOff() throws Exception {
    assertThat(grpc(SETTINGS + "\0\0\b\6\1\0\0\0\0pingpong".repeat(2000)).reason())
        .isEqualTo(Reason.RESPONSE_TOO_LARGE);
  }

  @Test
  @Rfc(
      number = 7541,
      sections = {"5.1", "5.2", "6.2.2"})
  @Rfc(number = 9113, sections = "3.3")
  void theCallIsOneThatAServerUnderstands() throws Exception {
    var asked = new CompletableFuture<String>();
    String service = "s".repeat(200);
    try (Target target =
        Target.of(
            connection ->
                asked.complete(
                    new String(connection.getInputStream().readNBytes(480), ISO_8859_1)))) {
      String host = "h".repeat(60) + "." + "h".repeat(60) + "." + "h".repeat(28);
      runner.run(new GrpcCheck(service, host, target.port(), null));
    }

    assertThat(asked.get(10, TimeUnit.SECONDS))
        .startsWith("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\f\4\0\0\0\0\0\0\1\0\0\0\0\0\2\0\0\0\0")
        .contains("\0\7:method\4POST\0\7:scheme\4http\0\5:path\u001c/grpc.health.v1.Health/Check")
        // 150 + ":" + port, of which 127 are in the prefix
        .containsPattern("\0\n:authority\u007f[\\x1b-\\x1d]h{60}");
  }

  private Observation grpc(String response) throws Exception {
    try (Target target =
        Target.of(
            connection -> {
              connection.getInputStream().readNBytes(100);
              Target.send(connection, response);
              connection.shutdownOutput();
              Target.holdOpen(connection);
            })) {
      return runner.run(new GrpcCheck("", null, target.port(), null));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0.01,  LAST_KNOWN, OK",
    "0.2,   LAST_KNOWN, METRIC_BREACH",
    "+Inf,  HEALTHY,    METRIC_BREACH",
    "NaN,   LAST_KNOWN, INSUFFICIENT_DATA",
    "NaN,   HEALTHY,    OK",
    "NaN,   UNHEALTHY,  RESPONSE_UNEXPECTED",
    ",      LAST_KNOWN, INSUFFICIENT_DATA",
    "x,     LAST_KNOWN, INSUFFICIENT_DATA",
  })
  void aMetricIsComparedWithItsThreshold(String sample, Insufficient rule, Reason reason)
      throws Exception {
    String series =
        sample == null
            ? ""
            : "{\"metric\":{\"job\":\"1\"},\"value\":[1700000000.1,\"0\"]},{\"metric\":{},\"value\":[1,\""
                + sample
                + "\"]}";
    String body =
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[" + series + "]}}";

    assertThat(metric(Target.response("200 OK", body), rule)).isEqualTo(reason);
  }

  @Test
  void aScalarIsComparedTooAndWhatIsNoAnswerIsInsufficient() throws Exception {
    String scalar = "{\"data\":{\"resultType\":\"scalar\",\"result\":[1700000000,\"7\"]}}";

    assertThat(metric(Target.response("200 OK", scalar), Insufficient.HEALTHY))
        .isEqualTo(Reason.METRIC_BREACH);
    assertThat(metric(Target.response("400 Bad", "{}"), Insufficient.LAST_KNOWN))
        .isEqualTo(Reason.INSUFFICIENT_DATA);
    assertThat(metric("", Insufficient.UNHEALTHY)).isEqualTo(Reason.RESPONSE_UNEXPECTED);
    assertThat(metric(Target.response("200 OK", "{\"data\":{"), Insufficient.LAST_KNOWN))
        .isEqualTo(Reason.INSUFFICIENT_DATA);
  }

  private Reason metric(String response, Insufficient rule) throws Exception {
    try (Target target = Target.of(connection -> answer(connection, response))) {
      CheckKind.Http request =
          CheckKind.http(null)
              .withPort(target.port())
              .withMatch(BodyMatch.Samples.parse("< 0.05"))
              .withRequest(new CheckRequest("POST", Map.of(), "query=up"));
      return runner.run(new MetricCheck(request, rule)).reason();
    }
  }

  private static void answer(Socket connection, String response) throws IOException {
    Target.readRequest(connection);
    Target.send(connection, response);
  }

  @Test
  void aFileSaysWhatAnotherSystemFound() throws Exception {
    Path file = folder.resolve("verdicts");
    Files.writeString(file, "# by cron\nz/a up\nz/b down too slow\nz/c maybe\n");
    Instant now = Files.getLastModifiedTime(file).toInstant().plusSeconds(10);
    Verdicts verdicts = new Verdicts();
    FileCheck check =
        new FileCheck(file.toString(), "{id}", Duration.ofMinutes(1), Insufficient.LAST_KNOWN);

    assertThat(verdicts.judge(check, "z/a", now).reason()).isEqualTo(Reason.OK);
    assertThat(verdicts.judge(check, "z/b", now))
        .isEqualTo(new Finding(Reason.REPORTED_DOWN, file + " says down too slow"));
    assertThat(verdicts.judge(check, "z/c", now).reason()).isEqualTo(Reason.INSUFFICIENT_DATA);
    assertThat(verdicts.judge(check, "z/d", now).reason()).isEqualTo(Reason.INSUFFICIENT_DATA);
    assertThat(verdicts.judge(check, "z/a", now.plusSeconds(60)).detail())
        .endsWith("was last written 70 s ago");
    Path next = Files.writeString(folder.resolve("next"), "z/a down\n");
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    assertThat(verdicts.judge(check, "z/a", now).reason()).isEqualTo(Reason.REPORTED_DOWN);
    Files.delete(file);
    assertThat(verdicts.judge(check, "z/a", now).reason()).isEqualTo(Reason.INSUFFICIENT_DATA);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{ \"z/a\": \"up\" } | OK | says up",
        "{\"z/b\":\"up\",\"z/a\":\"down too slow\"} | REPORTED_DOWN | says down too slow",
        "{ \"z/a\": { \"at\": [1, {}], \"status\": \"down\", \"reason\": \"too slow\" } } | REPORTED_DOWN | says down too slow",
        "{ \"z/a\": { \"reason\": \"fine\", \"status\": \"up\" } } | OK | says up fine",
        "{ \"z/a\": { \"state\": \"up\" } } | INSUFFICIENT_DATA | neither up nor down",
        "{ \"z/a\": true } | INSUFFICIENT_DATA | neither up nor down",
        "{ \"z/a\": [[\"up\"]] } | INSUFFICIENT_DATA | neither up nor down",
        "{ \"z/b\": \"up\" } | INSUFFICIENT_DATA | says nothing of z/a",
        "{ \"z/a\": \"up\", } | INSUFFICIENT_DATA | :1:16: no JSON",
        "{ \"z/a\": \"up\", \"z/a\": \"down\" } | INSUFFICIENT_DATA | no JSON",
        "{ \"z/a\": \"up\" } x | INSUFFICIENT_DATA | ",
        "{ \"z/a\": \"up\" | INSUFFICIENT_DATA | no JSON",
        "{ \"z/a\": {\"b\":{\"b\":{\"b\":{\"b\":{\"b\":{\"b\":{\"b\":{\"b\":1}}}}}}}}} | INSUFFICIENT_DATA | ",
      })
  void aFileMayBeJson(String json, Reason reason, @Nullable String detail) throws Exception {
    Path file = Files.writeString(folder.resolve("verdicts"), json);
    FileCheck check =
        new FileCheck(file.toString(), "{id}", Duration.ofMinutes(1), Insufficient.LAST_KNOWN);

    Finding found = new Verdicts().judge(check, "z/a", Instant.now());
    assertThat(found.reason()).as(found.detail()).isEqualTo(reason);
    assertThat(found.detail()).contains(detail == null ? "" : detail);
  }

  @Test
  void whoCalledBeforeARestartIsRememberedAndTheTimeAwayDoesNotCount() {
    AtomicLong clock = new AtomicLong(1);
    HealthCheck check =
        new HealthCheck("z/a", null, new HeartbeatCheck("0123456789abcdef"), Settings.DEFAULT);
    Heartbeats before = new Heartbeats(clock::get);
    before.define(List.of(check));
    before.beat("z/a", "0123456789abcdef");
    clock.addAndGet(Duration.ofSeconds(10).toNanos());
    Map<String, Duration> ages = before.ages();
    assertThat(ages).containsOnly(Map.entry("z/a", Duration.ofSeconds(10)));

    clock.set(-7_000_000_000L); // another process has another clock
    Heartbeats after = new Heartbeats(clock::get);
    after.recall(ages);
    after.define(List.of(check));
    clock.addAndGet(Duration.ofSeconds(4).toNanos());
    assertThat(after.judge(check).reason()).isEqualTo(Reason.OK);
    clock.addAndGet(1);
    assertThat(after.judge(check).reason()).isEqualTo(Reason.REPORTED_DOWN);
  }

  @Test
  void aHeartbeatThatStaysAwayIsAFailureAndAtFirstUnknown() {
    AtomicLong clock = new AtomicLong(1);
    Heartbeats heartbeats = new Heartbeats(clock::get);
    HealthCheck check =
        new HealthCheck("z/a", null, new HeartbeatCheck("0123456789abcdef"), Settings.DEFAULT);
    heartbeats.define(List.of(check));

    assertThat(heartbeats.judge(check).reason()).isEqualTo(Reason.INSUFFICIENT_DATA);
    clock.addAndGet(Duration.ofSeconds(31).toNanos());
    assertThat(heartbeats.judge(check).reason()).isEqualTo(Reason.REPORTED_DOWN);
    assertThat(heartbeats.beat("z/a", "0123456789abcdeX")).isFalse();
    assertThat(heartbeats.beat("z/b", "0123456789abcdef")).isFalse();
    assertThat(heartbeats.judge(check).reason()).isEqualTo(Reason.REPORTED_DOWN);
    assertThat(heartbeats.beat("z/a", "0123456789abcdef")).isTrue();
    clock.addAndGet(Duration.ofSeconds(14).toNanos());
    assertThat(heartbeats.judge(check).reason()).isEqualTo(Reason.OK);
    clock.addAndGet(1);
    assertThat(heartbeats.judge(check).reason()).isEqualTo(Reason.REPORTED_DOWN);
    heartbeats.define(List.of());
    assertThat(heartbeats.beat("z/a", "0123456789abcdef")).isFalse();
  }

  @Test
  @Check("S77")
  void aNameLeadsToItsAllowedAddressesInTurn() {
    DomainName name = DomainName.parse("lb.example.net.");
    ResolvedName unknown = ResolvedName.unknown(name);
    ResolvedName none = unknown.with(records(RRType.A)).with(records(RRType.AAAA));
    ResolvedName metadata = none.with(records(RRType.A, "169.254.169.254"));
    ResolvedName mixed =
        none.with(records(RRType.A, "169.254.169.254", "192.0.2.1"))
            .with(records(RRType.AAAA, "2001:db8::1", "::ffff:169.254.169.254"));

    assertThat(finding(unknown).reason()).isEqualTo(Reason.NAME_UNKNOWN);
    assertThat(finding(none).detail()).startsWith("DNS resolution failed: lb.example.net.");
    assertThat(finding(metadata).reason()).isEqualTo(Reason.NAME_UNRESOLVED);
    assertThat(finding(metadata).detail()).contains("169.254.169.254 is a link-local address");
    for (int turn = 0; turn < 4; turn++) {
      assertThat(Aim.take(mixed, turn, TargetGuard.DEFAULT))
          .isEqualTo(
              new Aim.Result.At(
                  InetAddress.ofLiteral(turn % 2 == 0 ? "192.0.2.1" : "2001:db8::1")));
    }
  }

  private static Finding finding(ResolvedName name) {
    return ((Aim.Result.Nowhere) Aim.take(name, 0, TargetGuard.DEFAULT)).finding();
  }

  private static RRset records(int type, String... addresses) {
    return new RRset(
        type,
        60,
        List.of(addresses).stream()
            .map(InetAddress::ofLiteral)
            .map(InetAddress::getAddress)
            .filter(octets -> octets.length == (type == RRType.A ? 4 : 16))
            .toList());
  }
}
