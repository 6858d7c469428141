package dev.meridian.probe;

import static dev.meridian.probe.ProbeRunner.PATIENT;
import static dev.meridian.probe.ProbeRunner.SHORT;
import static dev.meridian.probe.Target.answering;
import static dev.meridian.probe.Target.response;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.CheckKind;
import dev.meridian.health.CheckKind.Tls;
import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Reason;
import dev.meridian.testkit.Rfc;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpsProbeTest {
  private static final Target.Behaviour OK = answering(response("200 OK", ""));
  private static final Tls UNVERIFIED = new Tls(false, true);

  @TempDir private static Path directory;
  private static KeyStore keys;
  private static KeyStore expired;

  private final ProbeRunner runner = new ProbeRunner();

  @BeforeAll
  static void createKeys() throws Exception {
    Certificates certificates = new Certificates(directory);
    expired = certificates.createExpired("dns:www.example.com");
    keys = certificates.create("dns:www.example.com,ip:127.0.0.1");
  }

  @AfterEach
  void close() {
    runner.close();
  }

  @Test
  void anAuthorityOfTheChecksOwnIsTrusted() throws Exception {
    Tls own = Tls.DEFAULT.withAuthorities(List.of((X509Certificate) keys.getCertificate("target")));
    Tls other =
        Tls.DEFAULT.withAuthorities(List.of((X509Certificate) expired.getCertificate("ca")));
    try (Target target = Target.on(Certificates.listen(keys), OK)) {
      CheckKind.Http kind = CheckKind.https("www.example.com").withPort(target.port());

      assertThat(runner.run(kind.withTls(own)).reason()).isEqualTo(Reason.OK);
      assertThat(runner.run(kind.withTls(other)).reason()).isEqualTo(Reason.CERTIFICATE_INVALID);
    }
  }

  @Test
  void aCertificateThatExpiresSoonFailsIfAskedFor() throws Exception {
    try (Target target = Target.on(Certificates.listen(keys), OK)) {
      CheckKind.Http kind = CheckKind.https("www.example.com").withPort(target.port());
      Observation soon = runner.run(kind.withTls(UNVERIFIED.withExpiryDays(3000)));

      assertThat(soon.reason()).isEqualTo(Reason.CERTIFICATE_EXPIRING);
      assertThat(soon.detail()).startsWith("certificate expires in 89 days, at ");
      assertThat(runner.run(kind.withTls(UNVERIFIED.withExpiryDays(30))).reason())
          .isEqualTo(Reason.OK);
    }
  }

  @Test
  void aHandshakeCanBeAllThatIsProbed() throws Exception {
    try (Target target = Target.on(Certificates.listen(keys), Target::holdOpen)) {
      Observation observation =
          runner.run(new CheckKind.Handshake("www.example.com", target.port(), UNVERIFIED));

      assertThat(observation.text())
          .isEqualTo("Success: TLS handshake completed, certificate expires in 89 days");
      assertThat(observation.measures().handshake()).isPositive();
      assertThat(observation.measures().certificateExpires()).isNotNull();
      assertThat(
              runner
                  .run(new CheckKind.Handshake("www.example.com", target.port(), Tls.DEFAULT))
                  .reason())
          .isEqualTo(Reason.CERTIFICATE_INVALID);
    }
    try (Target silent = Target.of(Target::holdOpen)) {
      assertThat(
              runner.run(new CheckKind.Handshake(null, silent.port(), UNVERIFIED), SHORT).detail())
          .startsWith("TLS handshake timed out");
    }
  }

  @Test
  void aSelfSignedCertificateFailsByDefault() throws Exception {
    try (Target target = Target.on(Certificates.listen(keys), OK)) {
      Observation observation =
          runner.run(CheckKind.https("www.example.com").withPort(target.port()));

      assertThat(observation.reason()).isEqualTo(Reason.CERTIFICATE_INVALID);
      assertThat(observation.text()).startsWith("Failure: certificate is not trusted: ");
    }
  }

  @Test
  void anyCertificatePassesWhenVerifyingIsOff() throws Exception {
    try (Target target = Target.on(Certificates.listen(expired), OK)) {
      Observation observation =
          runner.run(
              CheckKind.https("www.example.com").withPort(target.port()).withTls(UNVERIFIED));

      assertThat(observation.text()).isEqualTo("Success: HTTP Status Code 200, OK");
    }
  }

  @Test
  void aTrustedCertificatePassesForItsNameAndItsAddress() throws Exception {
    try (Target target = Target.on(Certificates.listen(keys), OK)) {
      assertThat(verified("www.example.com", target, keys).reason()).isEqualTo(Reason.OK);
      assertThat(verified(null, target, keys).reason()).isEqualTo(Reason.OK);
      assertThat(verified("127.0.0.1", target, keys).reason()).isEqualTo(Reason.OK);
    }
  }

  @Test
  void aTrustedCertificateForAnotherNameFails() throws Exception {
    try (Target target = Target.on(Certificates.listen(keys), OK)) {
      Observation observation = verified("api.example.com", target, keys);

      assertThat(observation.reason()).isEqualTo(Reason.CERTIFICATE_INVALID);
      assertThat(observation.detail()).contains("api.example.com");
    }
  }

  @Test
  void theNameIsCheckedEvenWhenItIsNotSent() throws Exception {
    Tls silent = new Tls(true, false);
    try (Target target = Target.on(Certificates.listen(keys), OK)) {
      CheckKind.Http other =
          CheckKind.https("api.example.com").withPort(target.port()).withTls(silent);
      CheckKind.Http right =
          CheckKind.https("www.example.com").withPort(target.port()).withTls(silent);
      KeyStore anchors = Certificates.anchors(keys, "target");

      assertThat(runner.run(other, PATIENT, anchors).reason())
          .isEqualTo(Reason.CERTIFICATE_INVALID);
      assertThat(runner.run(right, PATIENT, anchors).reason()).isEqualTo(Reason.OK);
    }
  }

  @Test
  void anExpiredCertificateFailsAndSaysSo() throws Exception {
    try (Target target = Target.on(Certificates.listen(expired), OK)) {
      Observation observation =
          runner.run(
              CheckKind.https("www.example.com").withPort(target.port()),
              PATIENT,
              Certificates.anchors(expired, "ca"));

      assertThat(observation.reason()).isEqualTo(Reason.CERTIFICATE_INVALID);
      assertThat(observation.detail()).startsWith("certificate has expired: ");
    }
  }

  @Test
  @Rfc(number = 6066, sections = "3")
  void theServerNameIsSentAsConfigured() throws Exception {
    assertThat(serverNames("www.example.com", UNVERIFIED))
        .extracting(name -> new String(name.getEncoded(), UTF_8))
        .containsExactly("www.example.com");
    assertThat(serverNames("www.example.com", new Tls(false, false))).isEmpty();
    assertThat(serverNames("127.0.0.1", UNVERIFIED)).isEmpty();
  }

  private List<SNIServerName> serverNames(String host, Tls tls) throws Exception {
    CompletableFuture<List<SNIServerName>> names = new CompletableFuture<>();
    Target.Behaviour recording =
        connection -> {
          OK.serve(connection);
          ExtendedSSLSession session = (ExtendedSSLSession) ((SSLSocket) connection).getSession();
          names.complete(session.getRequestedServerNames());
        };
    try (Target target = Target.on(Certificates.listen(keys), recording)) {
      runner.run(CheckKind.https(host).withPort(target.port()).withTls(tls));
      return names.get(10, TimeUnit.SECONDS);
    }
  }

  /**
   * A resumed session was made before the probe. The target closes first here, for otherwise the
   * JDK forgets the session.
   */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void everyProbeDoesAFullHandshake(String version) throws Exception {
    AtomicLong made = new AtomicLong();
    Target.Behaviour recording =
        connection -> {
          made.set(((SSLSocket) connection).getSession().getCreationTime());
          answering("HTTP/1.0 200 OK\r\n\r\nbusy").serve(connection);
        };
    SSLServerSocket listener = (SSLServerSocket) Certificates.listen(keys);
    listener.setEnabledProtocols(new String[] {version});
    try (Target target = Target.on(listener, recording)) {
      CheckKind kind =
          CheckKind.https("www.example.com")
              .withPort(target.port())
              .withTls(UNVERIFIED)
              .withSearchString("ready");
      for (int i = 0; i < 3; i++) {
        long begin = System.currentTimeMillis();
        assertThat(runner.run(kind).reason()).isEqualTo(Reason.SEARCH_STRING_MISSING);
        assertThat(made).hasValueGreaterThanOrEqualTo(begin);
      }
    }
  }

  @Test
  void aTargetThatSpeaksNoTlsFails() throws Exception {
    Target.Behaviour plain =
        connection -> Target.send(connection, "HTTP/1.1 400 Bad Request\r\n\r\n");
    try (Target target = Target.of(plain)) {
      assertThat(verified("www.example.com", target, keys).text())
          .isEqualTo("Failure: the target does not speak TLS on this port");
    }
  }

  @Test
  void aTargetThatSendsAnAlertIsQuoted() throws Exception {
    SSLServerSocket picky = (SSLServerSocket) Certificates.listen(keys);
    SSLParameters parameters = picky.getSSLParameters();
    parameters.setSNIMatchers(List.of(SNIHostName.createSNIMatcher("other\\.example")));
    picky.setSSLParameters(parameters);
    try (Target target = Target.on(picky, OK)) {
      Observation observation =
          runner.run(
              CheckKind.https("www.example.com").withPort(target.port()).withTls(UNVERIFIED));

      assertThat(observation.reason()).isEqualTo(Reason.TLS_FAILED);
      assertThat(observation.text()).isEqualTo("Failure: SSL alert unrecognized_name");
    }
  }

  @Test
  void aHandshakeThatNeverEndsFailsAtTheDeadline() throws Exception {
    try (Target target = Target.of(Target::holdOpen)) {
      Observation observation =
          runner.run(CheckKind.https("www.example.com").withPort(target.port()), SHORT);

      assertThat(observation.reason()).isEqualTo(Reason.TLS_FAILED);
      assertThat(observation.detail()).startsWith("TLS handshake timed out after");
    }
  }

  @Test
  void closingDuringTheHandshakeFails() throws Exception {
    try (Target target = Target.of(connection -> connection.getInputStream().read())) {
      assertThat(verified("www.example.com", target, keys).reason())
          .isIn(Reason.TLS_FAILED, Reason.CONNECTION_CLOSED);
    }
  }

  private Observation verified(@Nullable String host, Target target, @Nullable KeyStore trusted)
      throws Exception {
    KeyStore anchors = trusted == null ? null : Certificates.anchors(trusted, "target");
    return runner.run(CheckKind.https(host).withPort(target.port()), PATIENT, anchors);
  }
}
