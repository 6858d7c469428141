package dev.meridian.probe;

import static dev.meridian.probe.ProbeRunner.PATIENT;
import static dev.meridian.probe.ProbeRunner.SHORT;
import static dev.meridian.probe.Target.answering;
import static dev.meridian.probe.Target.flood;
import static dev.meridian.probe.Target.readRequest;
import static dev.meridian.probe.Target.send;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.BodyMatch;
import dev.meridian.health.CheckKind;
import dev.meridian.health.ExpectedStatus;
import dev.meridian.health.GrpcCheck;
import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Reason;
import dev.meridian.testkit.Check;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Targets that want to hold a probe, or to make it work, or to fill our memory. Each ends by what
 * it did or by the deadline, with octets read and octets allocated bounded; what that costs in time
 * is measured by {@code perf/health hostile}.
 */
class HostileTargetsTest {
  /** Goal for what a probe holds; what it allocates is more. */
  private static final int MAX_ALLOCATED = 65_536;

  /** A ClientHello alone leaves 70 KiB of garbage behind while its arithmetic is interpreted. */
  private static final int MAX_ALLOCATED_OVER_TLS = 2 * MAX_ALLOCATED;

  /** The longest header and the part of a body that is searched, framing included. */
  private static final int MAX_READ = 65_536;

  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";
  private static final String GZIP = "Content-Encoding: gzip\r\n\r\n";
  private static final String EXTENDED = "1;" + "x".repeat(1000) + "\r\nx\r\n";
  private static final String SETTINGS = "\0\0\0\4\0\0\0\0\0";

  /** A TLS record of 80 octets that begins with a ServerHello. */
  private static final String HELLO = latin("16030300500200004c" + "00".repeat(76));

  private final ProbeRunner runner = new ProbeRunner();

  /**
   * One way to be hostile.
   *
   * @param reason what a probe finds
   * @param kind of the check that meets it, given the port
   */
  record Hostile(
      String name, Reason reason, IntFunction<CheckKind> kind, Target.Behaviour behaviour) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Hostile> overHttp() {
    return Stream.of(
        http("is silent", Reason.RESPONSE_TIMEOUT, Target::holdOpen),
        http("is silent behind its header", Reason.RESPONSE_TIMEOUT, saying(OK + "\r\n", "", 0)),
        http("drips its header", Reason.RESPONSE_TIMEOUT, dripping(OK + "X: ")),
        http("drips its body", Reason.RESPONSE_TIMEOUT, dripping(OK + "\r\n")),
        http("drips chunks", Reason.RESPONSE_TIMEOUT, dripping(OK + CHUNKED + "fffff\r\n")),
        http("never ends its status line", Reason.RESPONSE_TOO_LARGE, endless("HTTP/1.1 200 O")),
        http("never ends a field", Reason.RESPONSE_TOO_LARGE, endless(OK + "X: ", "x")),
        http("never ends its header", Reason.RESPONSE_TOO_LARGE, endless(OK, "X-Filler: f\r\n")),
        http("never ends its body", Reason.SEARCH_STRING_MISSING, endless(OK + "\r\n", "x")),
        http("bombs", Reason.SEARCH_STRING_MISSING, endless(OK + GZIP, "\u001f\u008b\b\0\0")),
        http("bombs its header", Reason.RESPONSE_MALFORMED, endless("\u001f\u008b\b\0\0")),
        http(
            "never ends a chunk extension",
            Reason.RESPONSE_TOO_LARGE,
            endless(OK + CHUNKED + "1;x", "x")),
        http("extends each chunk", Reason.RESPONSE_TOO_LARGE, endless(OK + CHUNKED, EXTENDED)),
        http(
            "never ends its trailer",
            Reason.RESPONSE_TOO_LARGE,
            endless(OK + CHUNKED + "0\r\n", "X: x\r\n")),
        http(
            "claims a chunk beyond all numbers",
            Reason.RESPONSE_MALFORMED,
            saying(OK + CHUNKED + "f".repeat(30) + "\r\n", "", 0)),
        http(
            "says 100 for ever",
            Reason.RESPONSE_TOO_LARGE,
            endless("HTTP/1.1 100 Continue\r\n\r\n")),
        http(
            "says 103 with hints for ever",
            Reason.RESPONSE_TOO_LARGE,
            endless("HTTP/1.1 103 E\r\nLink: </a>\r\n\r\n")),
        http("says empty lines for ever", Reason.RESPONSE_TOO_LARGE, endless("\r\n")),
        http("sends octet by octet", Reason.RESPONSE_TOO_LARGE, HostileTargetsTest::singly),
        http("speaks HTTP/0.9", Reason.RESPONSE_MALFORMED, endless("<html>ready</html>")),
        http("sends zeros", Reason.RESPONSE_MALFORMED, endless("\0")),
        http("closes at once", Reason.CONNECTION_CLOSED, connection -> {}),
        http("closes within its header", Reason.CONNECTION_CLOSED, answering(OK + "X: ")),
        http("closes one side only", Reason.CONNECTION_CLOSED, HostileTargetsTest::halfClose),
        http("resets at once", Reason.CONNECTION_CLOSED, resetting("")),
        http("resets within its header", Reason.CONNECTION_CLOSED, resetting(OK)),
        http("resets within its body", Reason.CONNECTION_CLOSED, resetting(OK + "\r\nx")),
        http(
            "leads elsewhere",
            Reason.HTTP_STATUS,
            answering("HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n")));
  }

  static Stream<Hostile> inOtherTongues() {
    return Stream.of(
        tls("is silent under TLS", Reason.TLS_FAILED, Target::holdOpen),
        tls("drips a record", Reason.TLS_FAILED, dripping(HELLO.substring(0, 20), false)),
        tls("sends huge records", Reason.TLS_FAILED, flooding(latin("1603034000"))),
        tls(
            "greets with a huge ServerHello",
            Reason.TLS_FAILED,
            flooding(latin("160340000200ffff"))),
        tls("never ends its handshake", Reason.TLS_FAILED, flooding(HELLO)),
        tls(
            "speaks HTTP where TLS should be",
            Reason.TLS_FAILED,
            flooding("HTTP/1.1 400 Bad\r\n\r\n")),
        tls("resets the handshake", Reason.CONNECTION_CLOSED, HostileTargetsTest::resetHandshake),
        tls(
            "closes in the handshake",
            Reason.CONNECTION_CLOSED,
            connection -> connection.getInputStream().read()),
        grpc("pings for ever", flooding(SETTINGS, SETTINGS + "\0\0\b\6\1\0\0\0\0pingpong")),
        grpc("changes its settings for ever", flooding(SETTINGS)),
        grpc("never ends its headers", flooding(SETTINGS, "\0\0\4\t\0\0\0\0\1xxxx")),
        grpc("sends a frame of 16 MiB", flooding(SETTINGS, "\u00ff\u00ff\u00ff\0\0\0\0\0\1")),
        new Hostile(
            "never says what is expected",
            Reason.RESPONSE_UNEXPECTED,
            port -> new CheckKind.Tcp(port, "", new BodyMatch.Search("ready")),
            connection -> flood(connection, "x")));
  }

  @AfterEach
  void close() {
    runner.close();
  }

  @ParameterizedTest
  @MethodSource({"overHttp", "inOtherTongues"})
  @Check("S88")
  void aProbeEndsAndHoldsLittle(Hostile hostile) throws Exception {
    try (Target target = Target.of(hostile.behaviour)) {
      CheckKind kind = hostile.kind.apply(target.port());
      boolean overTls = kind.tls() != null;
      int limit = overTls ? MAX_ALLOCATED_OVER_TLS : MAX_ALLOCATED;
      boolean waits = overTls || hostile.reason == Reason.RESPONSE_TIMEOUT;
      long allocated = Long.MAX_VALUE;
      // the first ones load classes
      for (int i = 0; i < 3 && allocated > limit; i++) {
        Observation observation = runner.run(kind, waits ? SHORT : PATIENT);

        assertThat(observation.reason()).as(observation.detail()).isEqualTo(hostile.reason);
        assertThat(runner.cost().octetsRead()).isLessThanOrEqualTo(MAX_READ);
        allocated = Math.min(allocated, runner.cost().octetsAllocated());
      }
      assertThat(allocated).as("octets allocated").isLessThanOrEqualTo(limit);
    }
  }

  private static Hostile http(String name, Reason reason, Target.Behaviour behaviour) {
    ExpectedStatus only200 = new ExpectedStatus(List.of(ExpectedStatus.parse("200")));
    return new Hostile(
        name,
        reason,
        port -> CheckKind.http(null).withPort(port).withExpected(only200).withSearchString("ready"),
        behaviour);
  }

  private static Hostile tls(String name, Reason reason, Target.Behaviour behaviour) {
    CheckKind.Tls unverified = new CheckKind.Tls(false, true);
    return new Hostile(
        name, reason, port -> new CheckKind.Handshake(null, port, unverified), behaviour);
  }

  private static Hostile grpc(String name, Target.Behaviour behaviour) {
    return new Hostile(
        name, Reason.RESPONSE_TOO_LARGE, port -> new GrpcCheck("", null, port, null), behaviour);
  }

  private static Target.Behaviour saying(String first, String then, int times) {
    return connection -> {
      readRequest(connection);
      send(connection, first + then.repeat(times));
      Target.holdOpen(connection);
    };
  }

  private static Target.Behaviour endless(String first, String then) {
    return connection -> {
      readRequest(connection);
      send(connection, first);
      flood(connection, then);
    };
  }

  private static Target.Behaviour endless(String piece) {
    return endless("", piece);
  }

  private static Target.Behaviour flooding(String first, String then) {
    return connection -> {
      connection.getInputStream().read();
      send(connection, first);
      flood(connection, then);
    };
  }

  private static Target.Behaviour flooding(String piece) {
    return flooding("", piece);
  }

  private static Target.Behaviour dripping(String first) {
    return dripping(first, true);
  }

  private static Target.Behaviour dripping(String first, boolean request) {
    return connection -> {
      if (request) {
        readRequest(connection);
      }
      send(connection, first);
      while (true) {
        send(connection, "x");
        Thread.sleep(Duration.ofMillis(20));
      }
    };
  }

  private static void singly(Socket connection) throws IOException {
    readRequest(connection);
    connection.setTcpNoDelay(true);
    OutputStream out = connection.getOutputStream();
    send(connection, OK + "X: ");
    while (true) {
      out.write('x');
    }
  }

  private static void halfClose(Socket connection) throws IOException {
    readRequest(connection);
    connection.shutdownOutput();
    Target.holdOpen(connection);
  }

  private static void resetHandshake(Socket connection) throws IOException {
    connection.getInputStream().read();
    connection.setSoLinger(true, 0);
  }

  private static Target.Behaviour resetting(String first) {
    return connection -> {
      readRequest(connection);
      send(connection, first);
      connection.setSoLinger(true, 0);
    };
  }

  private static String latin(String hex) {
    return new String(HexFormat.of().parseHex(hex), ISO_8859_1);
  }
}
