package dev.meridian.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meridian.control.Server;
import dev.meridian.control.ZoneFolder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Targets that call: over a listener for other machines, with TLS and tokens of its own. */
class HeartbeatsTest {
  private static final String TOKEN = "5f0c9c1a86e1d5d0a3b4";
  private static final String CHECK = "example.org/a/192.0.2.10";
  private static final String POLICY =
      """
      health-checks: { batch: { heartbeat: { token: %s }, interval: 1m, timeout: 10s } }
      endpoints: { a: { address: 192.0.2.10, health-check: batch } }
      records: { www: { endpoint: a } }
      """
          .formatted(TOKEN);
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private Path folder;
  private Server server;
  private HttpServer http;
  private KeyStore keys;
  private HttpClient client;

  @BeforeEach
  void open() throws Exception {
    keys = keys();
    client = HttpClient.newBuilder().sslContext(trusting(keys)).build();
    Path zones = ZoneFolder.write(folder.resolve("zones"), 1);
    Files.writeString(zones.resolve("example.org.policy.yaml"), POLICY);
    server = ZoneFolder.serve(zones);
    http = new Api(server).open(List.of(overTls()));
  }

  @AfterEach
  void close() {
    if (http != null) {
      http.close();
      server.close();
    }
  }

  @Test
  void aTokenInTheHeaderIsEnough() throws Exception {
    assertThat(beat("", "Authorization", "Bearer " + TOKEN)).isEqualTo(200);
    assertThat(beat("", "Authorization", "bearer " + TOKEN)).isEqualTo(200);
  }

  @Test
  void whoCanSendNoHeaderMayPutItIntoTheAddress() throws Exception {
    assertThat(beat("&token=" + TOKEN, "X-Meridian-Request", "1")).isEqualTo(200);
  }

  @Test
  void anotherTokenAndNoneAreRefused() throws Exception {
    assertThat(beat("", "Authorization", "Bearer 0000000000000000")).isEqualTo(403);
    assertThat(beat("&token=0000000000000000", "Authorization", "Bearer " + TOKEN)).isEqualTo(403);
    assertThat(beat("", "X-Meridian-Request", "1")).isEqualTo(403);
  }

  /** Neither does a target need an operator's token, nor is one to be found where it is not. */
  @Test
  void theTokenOfATargetOpensNothingElseAndIsWrittenNowhere() throws Exception {
    beat("&token=" + TOKEN, "X-Meridian-Request", "1");
    HttpRequest states =
        HttpRequest.newBuilder(uri("/api/v1/states"))
            .header("Authorization", "Bearer " + TOKEN)
            .build();
    assertThat(client.send(states, HttpResponse.BodyHandlers.discarding()).statusCode())
        .isEqualTo(401);
    // kept sets of zones hold the policy file, and with it the token
    assertThat(server.config().state().resolve("audit.log")).doesNotExist();
  }

  private int beat(String more, String header, String value) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/api/v1/heartbeats?check=" + CHECK + more))
            .header(header, value)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private URI uri(String path) {
    return URI.create("https://127.0.0.1:" + http.address().getPort() + path);
  }

  private Listen overTls() throws Exception {
    List<String> operator = Tokens.create("operator", "ann", new SecureRandom());
    Path tokens = Files.writeString(folder.resolve("tokens"), operator.getLast() + "\n");
    Path certificate =
        pem("certificate", "CERTIFICATE", keys.getCertificate("target").getEncoded());
    Path key = pem("key", "PRIVATE KEY", keys.getKey("target", PASSWORD).getEncoded());
    return new Listen(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        new Access(Tokens.open(tokens), TlsFiles.open(certificate, key), true, List.of()));
  }

  private Path pem(String name, String what, byte[] octets) throws IOException {
    String text = Base64.getMimeEncoder(64, "\n".getBytes(UTF_8)).encodeToString(octets);
    return Files.writeString(
        folder.resolve(name),
        "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
  }

  /** A key and its own certificate, made by the JDK's keytool. */
  private KeyStore keys() throws Exception {
    Path file = folder.resolve("keys.p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    assumeTrue(Files.isExecutable(keytool), "skipped: this Java has no keytool");
    Process process =
        new ProcessBuilder(
                List.of(
                    keytool.toString(),
                    "-genkeypair",
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    new String(PASSWORD),
                    "-keyalg",
                    "EC",
                    "-alias",
                    "target",
                    "-dname",
                    "CN=target",
                    "-ext",
                    "SAN=ip:127.0.0.1"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(process.waitFor()).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private static SSLContext trusting(KeyStore keys) throws Exception {
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("target", keys.getCertificate("target"));
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(anchors);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }
}
