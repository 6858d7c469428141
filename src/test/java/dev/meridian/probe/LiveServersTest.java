package dev.meridian.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.meridian.health.CheckKind;
import dev.meridian.health.CheckKind.Tls;
import dev.meridian.health.GrpcCheck;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthCheck.Settings;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.HealthRules;
import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Reason;
import dev.meridian.resolver.Resolver;
import dev.meridian.resolver.ResolverSettings;
import dev.meridian.rr.RRType;
import dev.meridian.testkit.FreePort;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.Rcode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Probes against the servers that people really run: gRPC's own library, NSD, Unbound. */
class LiveServersTest {
  private final ProbeRunner runner = new ProbeRunner();
  private final List<Process> servers = new ArrayList<>();
  @TempDir private Path folder;

  @AfterEach
  void close() throws Exception {
    runner.close();
    for (Process server : servers) {
      server.destroyForcibly().waitFor();
    }
  }

  @Test
  void grpcsOwnLibraryIsUnderstood() throws Exception {
    int port = grpc();

    assertThat(ask("", port, null)).isEqualTo(new Finding(Reason.OK, "SERVING"));
    assertThat(ask("up", port, null)).isEqualTo(new Finding(Reason.OK, "SERVING"));
    assertThat(ask("down", port, null))
        .isEqualTo(new Finding(Reason.RESPONSE_UNEXPECTED, "NOT_SERVING"));
    assertThat(ask("other", port, null).detail()).startsWith("the call failed");
  }

  @Test
  void grpcsOwnLibraryIsUnderstoodOverTls() throws Exception {
    KeyStore keys = new Certificates(folder).create("dns:www.example.com");
    X509Certificate certificate = (X509Certificate) keys.getCertificate("target");
    Path key = folder.resolve("key.pem");
    Path chain = folder.resolve("chain.pem");
    Files.writeString(
        key, pem("PRIVATE KEY", keys.getKey("target", Certificates.password()).getEncoded()));
    Files.writeString(chain, pem("CERTIFICATE", certificate.getEncoded()));
    int port = grpc(key.toString(), chain.toString());
    Tls trusting = Tls.DEFAULT.withAuthorities(List.of(certificate));

    assertThat(ask("up", port, trusting)).isEqualTo(new Finding(Reason.OK, "SERVING"));
    assertThat(ask("down", port, trusting).detail()).isEqualTo("NOT_SERVING");
    assertThat(ask("up", port, Tls.DEFAULT).reason()).isEqualTo(Reason.CERTIFICATE_INVALID);
  }

  private Finding ask(String service, int port, @Nullable Tls tls) throws Exception {
    Observation observation = runner.run(new GrpcCheck(service, "www.example.com", port, tls));
    return new Finding(observation.reason(), observation.detail());
  }

  private int grpc(String... arguments) throws Exception {
    Path script = folder.resolve("health.py");
    try (InputStream in =
        requireNonNull(LiveServersTest.class.getResourceAsStream("/grpc/health.py"))) {
      Files.write(script, in.readAllBytes());
    }
    List<String> command = new ArrayList<>(List.of("/usr/bin/python3", script.toString()));
    command.addAll(List.of(arguments));
    Process server = start("python3-grpcio", command);
    String port = server.inputReader().readLine();
    if (port == null) {
      abort("skipped: /usr/bin/python3 has no module grpc (package python3-grpcio)");
    }
    return Integer.parseInt(port);
  }

  private static String pem(String what, byte[] octets) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            what, Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(octets), what);
  }

  @Test
  void nsdIsAsked() throws Exception {
    Files.writeString(
        folder.resolve("zone"),
        """
        $ORIGIN example.net.
        @ 60 SOA ns. ns. 1 60 60 60 60
        @ 60 NS ns.
        www 60 A 192.0.2.1
        www 60 A 192.0.2.2
        www 60 AAAA 2001:db8::1
        """);
    int port = FreePort.on("127.0.0.1");
    Path configuration = folder.resolve("nsd.conf");
    Files.writeString(
        configuration,
        """
        server:
          ip-address: 127.0.0.1@%1$d
          do-ip6: no
          server-count: 1
          username: ""
          database: ""
          zonesdir: "%2$s"
          pidfile: "%2$s/nsd.pid"
          xfrdfile: "%2$s/xfrd.state"
          zonelistfile: "%2$s/zone.list"
          xfrdir: "%2$s"
        remote-control:
          control-enable: no
        zone:
          name: "example.net."
          zonefile: "zone"
        """
            .formatted(port, folder));
    start("nsd", List.of("/usr/sbin/nsd", "-d", "-c", configuration.toString()));
    InetAddress second = InetAddress.ofLiteral("192.0.2.2");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> dns(port, "www", RRType.A, 0, Set.of(second)).reason() == Reason.OK);

    assertThat(dns(port, "www", RRType.AAAA, 0, Set.of()).reason()).isEqualTo(Reason.OK);
    assertThat(dns(port, "www", RRType.A, 0, Set.of(InetAddress.ofLiteral("192.0.2.3"))).detail())
        .isEqualTo("2 records of type A in the answer, none of them expected");
    assertThat(dns(port, "nowhere", RRType.A, Rcode.NXDOMAIN, Set.of()).reason())
        .isEqualTo(Reason.OK);
    assertThat(dns(port, "nowhere", RRType.A, 0, Set.of()).detail())
        .isEqualTo("response code 3, not 0");
  }

  private Observation dns(int port, String name, int type, int rcode, Set<InetAddress> answers)
      throws Exception {
    return runner.run(
        new CheckKind.Dns(DomainName.parse(name + ".example.net."), type, port, rcode, answers),
        Duration.ofSeconds(2));
  }

  @Test
  void aNameIsResolvedByUnboundAndBothItsFamiliesAreProbed() throws Exception {
    int resolverPort = FreePort.on("127.0.0.1");
    Path configuration = folder.resolve("unbound.conf");
    Files.writeString(
        configuration,
        """
        server:
          interface: 127.0.0.1@%1$d
          port: %1$d
          do-daemonize: no
          use-syslog: no
          logfile: "%2$s/unbound.log"
          pidfile: "%2$s/unbound.pid"
          chroot: ""
          username: ""
          directory: "%2$s"
          local-zone: "test." static
          local-data: "web.test. 60 IN A 127.0.0.1"
          local-data: "web.test. 60 IN AAAA ::1"
        remote-control:
          control-enable: no
        """
            .formatted(resolverPort, folder));
    start("unbound", List.of("/usr/sbin/unbound", "-d", "-c", configuration.toString()));
    InetSocketAddress unbound = new InetSocketAddress(Target.LOOPBACK, resolverPort);
    ProbeSettings settings =
        new ProbeSettings(
            "1.2.3",
            () -> new Resolver(ResolverSettings.of(List.of(unbound)), new SecureRandom()),
            false);
    try (ServerSocket four = new ServerSocket(0, 50, Target.LOOPBACK);
        ServerSocket six = new ServerSocket(four.getLocalPort(), 50, InetAddress.ofLiteral("::1"));
        Target first = Target.on(four, Target.answering(Target.response("200 OK", "")));
        Target second = Target.on(six, Target.answering(Target.response("200 OK", "")));
        HealthService service =
            new HealthService(
                new HealthRegistry(),
                InstantSource.system(),
                settings,
                HealthRules.DEFAULT,
                board -> {},
                event -> {})) {
      Settings fast = Settings.builder().interval(Duration.ofSeconds(1)).build();
      service
          .define(
              List.of(
                  new HealthCheck(
                      "web",
                      null,
                      CheckKind.http("web.test").withPort(four.getLocalPort()),
                      fast,
                      DomainName.parse("web.test."))))
          .get(10, SECONDS);

      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> first.connectionsSoFar() > 0 && second.connectionsSoFar() > 0);
    }
  }

  private Process start(String name, List<String> command) throws IOException {
    if (!Files.isExecutable(Path.of(command.getFirst()))) {
      abort("skipped: " + command.getFirst() + " is not installed (package " + name + ")");
    }
    Process server =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(folder.resolve(name + ".log").toFile())
            .start();
    servers.add(server);
    return server;
  }
}
