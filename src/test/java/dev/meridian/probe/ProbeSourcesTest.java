package dev.meridian.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.CheckKind;
import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Reason;
import dev.meridian.rr.RRType;
import dev.meridian.testkit.Check;
import dev.meridian.wire.DomainName;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Probes leave from the address that targets let in, whatever they ask by. */
@Check("S85")
class ProbeSourcesTest {
  private static final InetAddress SOURCE = InetAddress.ofLiteral("127.0.0.85");

  /** Of TEST-NET-1: no machine has it. */
  private static final InetAddress ABSENT = InetAddress.ofLiteral("192.0.2.85");

  private static final InetAddress OTHER_FAMILY = InetAddress.ofLiteral("::1");

  private final ProbeRunner runner = new ProbeRunner();
  private final CompletableFuture<InetAddress> seen = new CompletableFuture<>();

  @AfterEach
  void close() {
    runner.close();
  }

  private InetAddress seen() throws Exception {
    return seen.get(60, TimeUnit.SECONDS);
  }

  /** Notes who connects, and says goodbye. */
  private Target target() throws Exception {
    return Target.of(connection -> seen.complete(connection.getInetAddress()));
  }

  @Test
  void overTcp() throws Exception {
    runner.sources(new ProbeSources(SOURCE, OTHER_FAMILY));
    try (Target target = target()) {
      assertThat(runner.run(new CheckKind.Tcp(target.port())).reason()).isEqualTo(Reason.OK);
      assertThat(seen()).isEqualTo(SOURCE);
    }
  }

  @Test
  void overTls() throws Exception {
    runner.sources(new ProbeSources(SOURCE, OTHER_FAMILY));
    try (Target target = target()) {
      Observation _ =
          runner.run(new CheckKind.Handshake(null, target.port(), CheckKind.Tls.DEFAULT));
      assertThat(seen()).isEqualTo(SOURCE);
    }
  }

  @Test
  void overUdp() throws Exception {
    runner.sources(new ProbeSources(SOURCE, OTHER_FAMILY));
    try (DatagramSocket server = new DatagramSocket(new InetSocketAddress(Target.LOOPBACK, 0))) {
      DomainName name = DomainName.parse("x.example.");
      Observation _ =
          runner.run(
              new CheckKind.Dns(name, RRType.A, server.getLocalPort(), 0, Set.of()),
              ProbeRunner.SHORT);
      DatagramPacket query = new DatagramPacket(new byte[512], 512);
      server.receive(query);
      assertThat(query.getAddress()).isEqualTo(SOURCE);
    }
  }

  @Test
  void asTheSystemRoutesForTheOtherFamily() throws Exception {
    runner.sources(new ProbeSources(null, OTHER_FAMILY));
    try (Target target = target()) {
      assertThat(runner.run(new CheckKind.Tcp(target.port())).reason()).isEqualTo(Reason.OK);
      assertThat(seen()).isEqualTo(Target.LOOPBACK);
    }
  }

  @Test
  void anAddressThatThisMachineHasNotIsNobodysFault() throws Exception {
    runner.sources(new ProbeSources(ABSENT, null));
    try (Target target = target()) {
      Observation plain = runner.run(new CheckKind.Tcp(target.port()));
      assertThat(plain.reason()).isEqualTo(Reason.LOCAL_TROUBLE);
      assertThat(plain.detail()).contains("Cannot assign requested address");
      Observation tls =
          runner.run(new CheckKind.Handshake(null, target.port(), CheckKind.Tls.DEFAULT));
      assertThat(tls.reason()).isEqualTo(Reason.LOCAL_TROUBLE);
    }
  }
}
