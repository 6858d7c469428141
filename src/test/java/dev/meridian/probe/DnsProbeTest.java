package dev.meridian.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.CheckKind;
import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Reason;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DnsProbeTest {
  private static final int NXDOMAIN = 3;

  private final ProbeRunner runner = new ProbeRunner();

  @AfterEach
  void close() {
    runner.close();
  }

  private Observation probe(Duration budget, List<UnaryOperator<byte[]>> answers) throws Exception {
    try (DatagramSocket server = new DatagramSocket(new InetSocketAddress(Target.LOOPBACK, 0))) {
      Thread.ofVirtual().start(() -> serve(server, answers));
      return runner.run(kind(server.getLocalPort()), budget);
    }
  }

  private static CheckKind.Dns kind(int port) {
    return new CheckKind.Dns(DomainName.parse("x.example."), RRType.A, port, NXDOMAIN, Set.of());
  }

  private static void serve(DatagramSocket server, List<UnaryOperator<byte[]>> answers) {
    try {
      DatagramPacket query = new DatagramPacket(new byte[512], 512);
      server.receive(query);
      byte[] octets = java.util.Arrays.copyOf(query.getData(), query.getLength());
      for (UnaryOperator<byte[]> answer : answers) {
        byte[] message = answer.apply(octets.clone());
        server.send(new DatagramPacket(message, message.length, query.getSocketAddress()));
      }
    } catch (IOException e) {
      // the test is over
    }
  }

  private static byte[] nxdomain(byte[] query) {
    query[2] |= (byte) 0x80;
    query[3] = NXDOMAIN;
    return query;
  }

  private static byte[] stray(byte[] query) {
    query[0]++;
    return nxdomain(query);
  }

  @Test
  void theExpectedCodePassesWhateverStraysComeFirst() throws Exception {
    Observation observation =
        probe(ProbeRunner.PATIENT, List.of(DnsProbeTest::stray, DnsProbeTest::nxdomain));

    assertThat(observation.reason()).isEqualTo(Reason.OK);
    assertThat(observation.measures().firstOctet()).isNotNull();
  }

  @Test
  void silenceFailsAtTheDeadline() throws Exception {
    assertThat(probe(ProbeRunner.SHORT, List.of()).reason()).isEqualTo(Reason.RESPONSE_TIMEOUT);
  }

  @Test
  void straysWithoutEndFail() throws Exception {
    assertThat(
            probe(
                    ProbeRunner.PATIENT,
                    java.util.Collections.nCopies(16, (UnaryOperator<byte[]>) DnsProbeTest::stray))
                .reason())
        .isEqualTo(Reason.RESPONSE_MALFORMED);
  }

  @Test
  void aClosedPortFails() throws Exception {
    int port;
    try (DatagramSocket closed = new DatagramSocket(new InetSocketAddress(Target.LOOPBACK, 0))) {
      port = closed.getLocalPort();
    }

    assertThat(runner.run(kind(port)).reason()).isEqualTo(Reason.CONNECT_REFUSED);
  }
}
