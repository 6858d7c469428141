package dev.meridian.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.Observation.Outcome;
import dev.meridian.health.Observation.Reason;
import io.netty.channel.ChannelException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailuresTest {
  /** What the JDK throws from connect for errors that are this machine's own. */
  static Stream<IOException> localTroubles() {
    return Stream.of(
        new SocketException("Network is unreachable"),
        new SocketException("Network is down"),
        new SocketException("Too many open files"),
        new SocketException("No buffer space available"),
        new BindException("Cannot assign requested address"),
        new BindException("Operation not permitted"));
  }

  @ParameterizedTest
  @MethodSource("localTroubles")
  void localTroubleIsUnknown(IOException cause) {
    Finding finding = Failures.ofConnect(cause);

    assertThat(finding.reason().outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(finding.detail()).contains(String.valueOf(cause.getMessage()));
  }

  @Test
  void runningOutOfDescriptorsIsUnknownAndNamed() {
    Finding finding =
        Failures.ofBeginning(
            new ChannelException("Failed to open a socket.", new IOException("Too many files")));

    assertThat(finding.reason()).isEqualTo(Reason.LOCAL_TROUBLE);
    assertThat(finding.detail()).isEqualTo("cannot begin a probe: Too many files");
  }

  @Test
  void whatTheTargetDoesIsAFailure() {
    assertThat(Failures.ofConnect(new ConnectException("Connection refused")).reason())
        .isEqualTo(Reason.CONNECT_REFUSED);
    assertThat(Failures.ofConnect(new ConnectException("Connection timed out")).reason())
        .isEqualTo(Reason.CONNECT_TIMEOUT);
    assertThat(Failures.ofConnect(new NoRouteToHostException()).reason())
        .isEqualTo(Reason.CONNECT_FAILED);
    assertThat(Failures.ofConnect(new SocketException("Connection reset by peer")).reason())
        .isEqualTo(Reason.CONNECTION_CLOSED);
  }

  @Test
  void anAlertIsNamedAsRoute53NamesIt() {
    Finding finding =
        Failures.ofHandshake(
            new SSLHandshakeException(
                "(handshake_failure) Received fatal alert: handshake_failure"));

    assertThat(finding).isEqualTo(new Finding(Reason.TLS_FAILED, "SSL alert handshake_failure"));
  }
}
