package dev.meridian.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.meridian.health.BodyMatch;
import dev.meridian.health.CheckKind;
import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Outcome;
import dev.meridian.health.Observation.Reason;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpProbeTest {
  private final ProbeRunner runner = new ProbeRunner();

  @AfterEach
  void close() {
    runner.close();
  }

  @Test
  void aConnectionIsEnough() throws Exception {
    try (Target target = Target.of(Target::holdOpen)) {
      Observation observation = runner.run(new CheckKind.Tcp(target.port()));

      assertThat(observation.text()).isEqualTo("Success: TCP connection established");
      assertThat(observation.duration()).isPositive();
    }
  }

  @Test
  void whatIsExpectedMustBeReceived() throws Exception {
    Target.Behaviour greeting =
        connection -> {
          Target.send(connection, "220 mail.exa");
          Target.send(connection, "mple ESMTP\r\n");
          Target.holdOpen(connection);
        };

    assertThat(talk("", "example ESMTP", greeting).text())
        .isEqualTo("Success: the expected text was received");
    assertThat(talk("", "IMAP", greeting).reason()).isEqualTo(Reason.RESPONSE_TIMEOUT);
  }

  @Test
  void whatIsToBeSentIsSent() throws Exception {
    Target.Behaviour echo =
        connection -> Target.send(connection, "re: " + Target.readRequest(connection));

    assertThat(talk("PING\r\n\r\n", "re: PING", echo).reason()).isEqualTo(Reason.OK);
    assertThat(talk("PING\r\n\r\n", "PONG", echo).detail())
        .isEqualTo(
            "the expected text is not in the first 12 octets received, after which the target"
                + " closed the connection");
  }

  @Test
  void noMoreIsReadThanIsSearched() throws Exception {
    assertThat(talk("", "never", connection -> Target.flood(connection, "x")).detail())
        .isEqualTo("the expected text is not in the first 5120 octets received");
  }

  private Observation talk(String send, String expect, Target.Behaviour behaviour)
      throws Exception {
    try (Target target = Target.of(behaviour)) {
      BodyMatch.Search wanted = new BodyMatch.Search(expect);
      Duration budget = expect.equals("IMAP") ? ProbeRunner.SHORT : ProbeRunner.PATIENT;
      return runner.run(new CheckKind.Tcp(target.port(), send, wanted), budget);
    }
  }

  @Test
  void aRefusedConnectionFails() throws Exception {
    int port;
    try (ServerSocket closedAtOnce = new ServerSocket(0, 1, Target.LOOPBACK)) {
      port = closedAtOnce.getLocalPort();
    }

    Observation observation = runner.run(new CheckKind.Tcp(port));

    assertThat(observation.reason()).isEqualTo(Reason.CONNECT_REFUSED);
    assertThat(observation.text()).isEqualTo("Failure: Connection refused");
    assertThat(observation.outcome()).isEqualTo(Outcome.FAIL);
  }

  @Test
  void aConnectionThatIsNeverAcceptedFailsAtTheDeadline() throws Exception {
    try (ServerSocket full = new ServerSocket(0, 1, Target.LOOPBACK)) {
      List<Socket> waiting = fill(full);
      Observation observation =
          runner.run(new CheckKind.Tcp(full.getLocalPort()), ProbeRunner.SHORT);
      for (Socket each : waiting) {
        each.close();
      }

      assertThat(observation.reason()).isEqualTo(Reason.CONNECT_TIMEOUT);
      assertThat(observation.text()).startsWith("Failure: Connection timed out after");
    }
  }

  /** Linux drops connection requests once the queue of a listener that accepts none is full. */
  private static List<Socket> fill(ServerSocket listener) throws Exception {
    List<Socket> waiting = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Socket socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(listener.getLocalSocketAddress(), 200);
      } catch (SocketTimeoutException e) {
        return waiting;
      }
    }
    abort("skipped: this system's listen queue does not fill");
    return waiting;
  }
}
