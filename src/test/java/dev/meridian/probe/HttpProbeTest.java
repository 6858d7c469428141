package dev.meridian.probe;

import static dev.meridian.probe.ProbeRunner.PATIENT;
import static dev.meridian.probe.ProbeRunner.SHORT;
import static dev.meridian.probe.Target.answering;
import static dev.meridian.probe.Target.readRequest;
import static dev.meridian.probe.Target.response;
import static dev.meridian.probe.Target.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.BodyMatch;
import dev.meridian.health.CheckKind;
import dev.meridian.health.CheckRequest;
import dev.meridian.health.ExpectedStatus;
import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Reason;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Rfc;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpProbeTest {
  private final ProbeRunner runner = new ProbeRunner();

  @AfterEach
  void close() {
    runner.close();
  }

  @ParameterizedTest
  @CsvSource({
    "200 OK,                   OK,          'Success: HTTP Status Code 200, OK'",
    "204,                      OK,          'Success: HTTP Status Code 204, '",
    "301 Moved Permanently,    OK,          'Success: HTTP Status Code 301, Moved Permanently'",
    "404 Not Found,            HTTP_STATUS, 'Failure: HTTP Status Code 404, Not Found'",
    "500 Oops,                 HTTP_STATUS, 'Failure: HTTP Status Code 500, Oops'",
    "101 Switching Protocols,  HTTP_STATUS, 'Failure: HTTP Status Code 101, Switching Protocols'",
  })
  @Check("S78")
  void theStatusDecides(String status, Reason reason, String text) throws Exception {
    Observation observation = probe(answering(response(status, "")));

    assertThat(observation.reason()).isEqualTo(reason);
    assertThat(observation.text()).isEqualTo(text);
  }

  @Test
  void otherStatusesCanBeExpected() throws Exception {
    ExpectedStatus only401 = new ExpectedStatus(List.of(ExpectedStatus.parse("401")));
    try (Target target = Target.of(answering(response("401 Unauthorized", "")))) {
      CheckKind.Http kind = CheckKind.http(null).withPort(target.port()).withExpected(only401);

      assertThat(runner.run(kind).reason()).isEqualTo(Reason.OK);
      target.behave(answering(response("200 OK", "")));
      assertThat(runner.run(kind).reason()).isEqualTo(Reason.HTTP_STATUS);
    }
  }

  @Test
  @Check("S86")
  void theRequestNamesHostPathAndCheckAndAsksForPlainOctets() throws Exception {
    CompletableFuture<String> request = new CompletableFuture<>();
    try (Target target = Target.of(connection -> request.complete(readRequest(connection)))) {
      runner.run(CheckKind.http("www.example.com").withPath("/healthz").withPort(target.port()));

      assertThat(request.get(10, TimeUnit.SECONDS).split("\r\n", -1))
          .containsExactly(
              "GET /healthz HTTP/1.1",
              "Host: www.example.com:" + target.port(),
              "User-Agent: Meridian-Health-Check/1.2.3 (+test/web)",
              "Accept: */*",
              "Accept-Encoding: identity",
              "Connection: close",
              "",
              "");
    }
  }

  @Test
  @Rfc(number = 9110, sections = "8.6")
  void methodHeadersAndBodyAreSentAndTheUsualHeadersGiveWay() throws Exception {
    CompletableFuture<String> request = new CompletableFuture<>();
    CheckRequest wanted = new CheckRequest("POST", Map.of("user-agent", "Mine/1.0"), "h\u00e9llo");
    try (Target target = Target.of(connection -> request.complete(readRequest(connection)))) {
      runner.run(CheckKind.http("www.example.com").withPort(target.port()).withRequest(wanted));

      assertThat(request.get(10, TimeUnit.SECONDS).split("\r\n", -1))
          .containsExactly(
              "POST / HTTP/1.1",
              "Host: www.example.com:" + target.port(),
              "Accept: */*",
              "Accept-Encoding: identity",
              "Connection: close",
              "user-agent: Mine/1.0",
              "Content-Length: 6",
              "",
              "");
    }
  }

  @Test
  void aHeadResponseNeedsNoBody() throws Exception {
    CheckRequest head = CheckRequest.DEFAULT.withMethod("HEAD");
    try (Target target =
        Target.of(
            connection -> {
              readRequest(connection);
              send(connection, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
              Target.holdOpen(connection);
            })) {
      assertThat(
              runner.run(CheckKind.http(null).withPort(target.port()).withRequest(head)).reason())
          .isEqualTo(Reason.OK);
    }
  }

  @Test
  void jsonFieldsAreCompared() throws Exception {
    BodyMatch match = new BodyMatch.Json(Map.of("/status", "UP"));
    try (Target target = Target.of(answering(response("200 OK", "{\"status\":\"UP\"}")))) {
      CheckKind kind = CheckKind.http(null).withPort(target.port()).withMatch(match);

      assertThat(runner.run(kind).reason()).isEqualTo(Reason.OK);
      target.behave(answering("HTTP/1.0 200 OK\r\n\r\n{\"status\":\"UP\"}"));
      assertThat(runner.run(kind).reason()).isEqualTo(Reason.OK);
      target.behave(answering(response("200 OK", "{\"status\":\"DOWN\"}")));
      assertThat(runner.run(kind).text())
          .isEqualTo("Failure: field '/status' is 'DOWN', not 'UP' in 17 octets of the body");
    }
  }

  @Test
  void theHeaderIsEnoughWhenNothingIsSearched() throws Exception {
    Observation observation =
        probe(
            connection -> {
              readRequest(connection);
              send(connection, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nx");
              Target.holdOpen(connection);
            });

    assertThat(observation.reason()).isEqualTo(Reason.OK);
  }

  @Test
  void aTargetThatNeverAnswersFailsAtTheDeadline() throws Exception {
    Observation observation = probe(Target::holdOpen, SHORT);

    assertThat(observation.reason()).isEqualTo(Reason.RESPONSE_TIMEOUT);
    assertThat(observation.text()).startsWith("Failure: no complete response header after");
    assertThat(observation.duration()).isBetween(SHORT, PATIENT);
  }

  @Test
  void aHeaderThatDripsIsHeldToOneDeadline() throws Exception {
    Observation observation =
        probe(
            connection -> {
              readRequest(connection);
              send(connection, "HTTP/1.1 200 OK\r\nX: ");
              while (true) {
                send(connection, "x");
                Thread.sleep(20);
              }
            },
            SHORT);

    assertThat(observation.reason()).isEqualTo(Reason.RESPONSE_TIMEOUT);
    assertThat(observation.duration()).isLessThan(PATIENT);
  }

  @Test
  void aBodyThatDripsIsHeldToOneDeadline() throws Exception {
    Observation observation =
        search(
            "ready",
            connection -> {
              readRequest(connection);
              send(connection, "HTTP/1.1 200 OK\r\n\r\n");
              while (true) {
                send(connection, "x");
                Thread.sleep(20);
              }
            },
            SHORT);

    assertThat(observation.reason()).isEqualTo(Reason.RESPONSE_TIMEOUT);
    assertThat(observation.detail()).startsWith("no match in the body");
    assertThat(observation.duration()).isLessThan(PATIENT);
  }

  @Test
  void closingWithoutAnAnswerFails() throws Exception {
    assertThat(probe(Target::readRequest).text())
        .isEqualTo("Failure: connection closed before a complete response header");
    assertThat(probe(answering("HTTP/1.1 200 OK\r\nContent-Le")).reason())
        .isEqualTo(Reason.CONNECTION_CLOSED);
  }

  @Test
  void aResetFails() throws Exception {
    Observation observation =
        probe(
            connection -> {
              readRequest(connection);
              connection.setSoLinger(true, 0);
            });

    assertThat(observation.reason()).isEqualTo(Reason.CONNECTION_CLOSED);
  }

  @ParameterizedTest
  @CsvSource({
    "'X-Filler: something of some length\r\n'",
    "'x'",
  })
  void aHeaderWithoutEndIsCutOff(String piece) throws Exception {
    Observation observation =
        probe(
            connection -> {
              readRequest(connection);
              send(connection, "HTTP/1.1 200 OK\r\nX: ");
              Target.flood(connection, piece);
            });

    assertThat(observation.text())
        .isEqualTo("Failure: response header is larger than 16384 octets");
  }

  @Test
  void aStatusLineWithoutEndIsCutOff() throws Exception {
    Observation observation = probe(connection -> Target.flood(connection, "HTTP/1.1 200 O"));

    assertThat(observation.reason()).isEqualTo(Reason.RESPONSE_TOO_LARGE);
  }

  @Test
  @Rfc(number = 9110, sections = "15.2")
  void interimResponsesArePassedOver() throws Exception {
    String interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";

    assertThat(probe(answering(interim + response("503 Busy", ""))).text())
        .isEqualTo("Failure: HTTP Status Code 503, Busy");
    assertThat(search("ready", answering(interim + response("200 OK", "ready"))).reason())
        .isEqualTo(Reason.OK);
  }

  @Test
  @Check("S88")
  void compressedBodiesAreNeverInflated() throws Exception {
    String bomb = "\u001f\u008b\b\0\0\0\0\0\0\u0003" + "x".repeat(60_000);
    Observation observation =
        search("ready", answering("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + bomb));

    assertThat(observation.detail())
        .isEqualTo("search string not found in 5120 octets of the body");
  }

  @Test
  void aTargetThatOnlyClosesItsHalfFails() throws Exception {
    Observation observation =
        probe(
            connection -> {
              readRequest(connection);
              connection.shutdownOutput();
              Target.holdOpen(connection);
            });

    assertThat(observation.reason()).isEqualTo(Reason.CONNECTION_CLOSED);
  }

  @Test
  void interimResponsesWithoutEndAreCutOff() throws Exception {
    Observation observation =
        probe(
            connection -> {
              readRequest(connection);
              Target.flood(connection, "HTTP/1.1 100 Continue\r\n\r\n");
            });

    assertThat(observation.reason()).isEqualTo(Reason.RESPONSE_TOO_LARGE);
  }

  @ParameterizedTest
  @CsvSource({
    "'SSH-2.0-OpenSSH_9.2\r\n\r\n'",
    "'HTTP/1.1 two hundred OK\r\n\r\n'",
    "'\u0000\u0001\u0002\r\n\r\n'",
    "'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'",
  })
  void whatIsNoHttpFails(String response) throws Exception {
    assertThat(probe(answering(response)).reason()).isEqualTo(Reason.RESPONSE_MALFORMED);
  }

  @Test
  @Check({"S120", "S80"})
  void whatATargetSaysIsMadePrintable() throws Exception {
    Observation observation =
        probe(answering("HTTP/1.1 500 \u001b[31m" + "A".repeat(5000) + "\r\n\r\n"));

    assertThat(observation.detail())
        .startsWith("HTTP Status Code 500, ?[31mAAA")
        .hasSizeLessThanOrEqualTo(200);
  }

  @Test
  void theSearchStringIsFoundInPlainAndChunkedBodies() throws Exception {
    String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    String chunks = "3\r\nrea\r\n2;extension=x\r\ndy\r\n0\r\n\r\n";

    assertThat(search("ready", answering(response("200 OK", "all ready"))).text())
        .isEqualTo("Success: HTTP Status Code 200, OK");
    assertThat(search("ready", answering(head + chunks)).reason()).isEqualTo(Reason.OK);
    assertThat(search("ready", answering("HTTP/1.0 200 OK\r\n\r\nready")).reason())
        .isEqualTo(Reason.OK);
  }

  @Test
  void theSearchIsCaseSensitiveAndTheStatusComesFirst() throws Exception {
    assertThat(search("ready", answering(response("200 OK", "Ready"))).text())
        .isEqualTo("Failure: search string not found in 5 octets of the body");
    assertThat(search("ready", answering(response("500 Oops", "ready"))).reason())
        .isEqualTo(Reason.HTTP_STATUS);
  }

  @ParameterizedTest
  @CsvSource({"5115, OK", "5116, SEARCH_STRING_MISSING", "9000, SEARCH_STRING_MISSING"})
  void theSearchStringLiesEntirelyInTheFirst5120Octets(int before, Reason reason) throws Exception {
    String body = "x".repeat(before) + "ready";

    assertThat(search("ready", answering(response("200 OK", body))).reason()).isEqualTo(reason);
  }

  @Test
  void aBodyWithoutEndIsReadNoFurtherThanItIsSearched() throws Exception {
    Observation observation =
        search(
            "ready",
            connection -> {
              readRequest(connection);
              send(connection, "HTTP/1.1 200 OK\r\n\r\n");
              Target.flood(connection, "x");
            });

    assertThat(observation.detail())
        .isEqualTo("search string not found in 5120 octets of the body");
  }

  @Test
  void framingWithoutEndIsCutOff() throws Exception {
    Observation observation =
        search(
            "ready",
            connection -> {
              readRequest(connection);
              send(connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
              Target.flood(connection, "1;" + "x".repeat(1000) + "\r\nx\r\n");
            });

    assertThat(observation.reason()).isEqualTo(Reason.RESPONSE_TOO_LARGE);
  }

  @Test
  void aBodyThatIsCutShortIsSearchedAsFarAsItCame() throws Exception {
    String cut = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n";

    assertThat(search("ready", answering(cut + "ready")).reason()).isEqualTo(Reason.OK);
    assertThat(search("ready", answering(cut + "rea")).detail())
        .isEqualTo(
            "search string not found in 3 octets, after which the target closed the connection");
  }

  private Observation probe(Target.Behaviour behaviour) throws Exception {
    return probe(behaviour, PATIENT);
  }

  private Observation probe(Target.Behaviour behaviour, Duration budget) throws Exception {
    try (Target target = Target.of(behaviour)) {
      return runner.run(CheckKind.http(null).withPort(target.port()), budget);
    }
  }

  private Observation search(String wanted, Target.Behaviour behaviour) throws Exception {
    return search(wanted, behaviour, PATIENT);
  }

  private Observation search(String wanted, Target.Behaviour behaviour, Duration budget)
      throws Exception {
    try (Target target = Target.of(behaviour)) {
      return runner.run(
          CheckKind.http(null).withPort(target.port()).withSearchString(wanted), budget);
    }
  }
}
