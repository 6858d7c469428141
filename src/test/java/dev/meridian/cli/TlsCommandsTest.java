package dev.meridian.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.api.Api;
import dev.meridian.api.HttpServer;
import dev.meridian.config.ConfigKey;
import dev.meridian.control.Server;
import dev.meridian.control.ZoneFolder;
import dev.meridian.probe.Certificates;
import dev.meridian.state.SecretFile;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Heard;
import dev.meridian.testkit.PemPair;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that wants TLS and tokens, and the commands that talk to it. */
class TlsCommandsTest {
  /** Files are looked at once a second at most. */
  private static final Duration LOOKS_AGAIN = Duration.ofMillis(1200);

  @TempDir private static Path pairs;
  private static PemPair first;
  private static PemPair second;

  @TempDir private Path folder;
  private String ann;
  private String bob;
  private Server server;
  private HttpServer http;

  /** Making one takes a second, and no test changes them. */
  @BeforeAll
  static void makePairs() throws Exception {
    Certificates certificates = new Certificates(pairs);
    first = PemPair.write(certificates.create("DNS:localhost,IP:127.0.0.1"), pairs.resolve("1"));
    second = PemPair.write(certificates.create("DNS:localhost,IP:127.0.0.1"), pairs.resolve("2"));
  }

  @BeforeEach
  void open() throws Exception {
    ann = token("ann");
    bob = token("bob");
    use(first);
    allow(ann);
    server =
        ZoneFolder.serve(
            ZoneFolder.write(folder.resolve("zones"), 1),
            Map.of(
                ConfigKey.HTTP, "127.0.0.1:0",
                ConfigKey.HTTP_TLS_CERT, cert().toString(),
                ConfigKey.HTTP_TLS_KEY, key().toString(),
                ConfigKey.HTTP_TOKENS, folder.resolve("tokens").toString()));
    http = Api.open(server);
  }

  @AfterEach
  void close() {
    http.close();
    server.close();
  }

  @Test
  void aCommandTrustsWhatItIsToldTo() {
    assertThat(run("states", "--ca", cert().toString(), "--token", secret(ann)))
        .startsWith("0\n")
        .contains(ZoneFolder.CHECK);
  }

  @Test
  void aCommandThatIsToldNothingSaysHowToTrust() {
    assertThat(run("states", "--token", secret(ann)))
        .startsWith("3\n")
        .contains("TLS with https://127.0.0.1:", "nobody who is trusted here", "--ca FILE")
        .doesNotContain("sun.");
    assertThat(run("states", "--ca", second.chain().toString(), "--token", secret(ann)))
        .startsWith("3\n");
  }

  @Test
  void aFileWithoutCertificatesIsWrongInput() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    assertThat(run("states", "--ca", empty.toString()))
        .isEqualTo("1\n" + empty + ":1:1: there is no certificate in it\n");
  }

  @Test
  void whoSpeaksPlainHttpToTlsIsToldHowToSpeak() {
    assertThat(runAt("127.0.0.1:" + http.address().getPort(), "states"))
        .startsWith("3\n")
        .contains("does not speak HTTP as it should", "write https://HOST:PORT");
  }

  @Test
  void whoHasNoTokenIsToldWhereToPutOne() {
    assertThat(run("states", "--ca", cert().toString()))
        .startsWith("3\n")
        .contains("a token of this server is missing", "--token or MERIDIAN_TOKEN");
  }

  @Test
  void whoHasNoTokenIsRefusedOverTlsToo() {
    assertThat(run("states", "--ca", cert().toString())).startsWith("3\n").contains("refused");
  }

  @Test
  @Check("S125")
  void aNewCertificateIsServedAndAPairThatDoesNotFitIsNot() throws Exception {
    assertThat(presented(first)).isEqualTo(first.certificate());
    use(second);
    Awaitility.await().ignoreExceptions().until(() -> presented(second) != null);
    assertThat(presented(second)).isEqualTo(second.certificate());
    Files.copy(first.chain(), cert(), StandardCopyOption.REPLACE_EXISTING);
    Awaitility.await()
        .during(LOOKS_AGAIN)
        .until(() -> presented(second).equals(second.certificate()));
    assertThatThrownBy(() -> presented(first)).isInstanceOf(SSLException.class);
  }

  @Test
  @Check("S125")
  void newTokensAreGoodAndOldOnesAreNotAndABrokenFileChangesNothing() throws Exception {
    allow(bob);
    Awaitility.await().until(() -> states(bob).startsWith("0\n"));
    assertThat(states(ann)).startsWith("3\n");
    Files.writeString(folder.resolve("tokens"), "this is no token\n");
    Awaitility.await().during(LOOKS_AGAIN).until(() -> states(bob).startsWith("0\n"));
  }

  @Test
  void whatIsWrongInAFileIsToldWithItsPlaceAsWrongInput() throws Exception {
    Path tokens = folder.resolve("tokens");
    String good = Files.readString(tokens);
    Files.writeString(tokens, "admin ann\n");
    assertThat(serve()).startsWith("1\n" + tokens + ":1:1: a line is a role, a name and");
    Files.writeString(tokens, good);
    Files.copy(second.chain(), cert(), StandardCopyOption.REPLACE_EXISTING);
    assertThat(serve()).startsWith("1\n" + key() + ":1:1: the key is not that of the certificate");
    Files.writeString(key(), "no key");
    assertThat(serve()).startsWith("1\n" + key() + ":1:1: there is no 'BEGIN PRIVATE KEY' in it");
    Files.writeString(cert(), "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
    assertThat(serve()).startsWith("1\n" + cert() + ":1:1: a certificate in it is damaged (");
    Files.writeString(cert(), "");
    assertThat(serve()).startsWith("1\n" + cert() + ":1:1: there is no certificate in it");
    Files.delete(cert());
    assertThat(serve()).startsWith("3\n").contains("there is no such file or folder");
  }

  private String serve() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String[] line = {
      "serve",
      "--zones",
      folder.resolve("zones").toString(),
      "--state",
      folder.resolve("other").toString(),
      "--listen",
      "127.0.0.1:0",
      "--http",
      "127.0.0.1:0",
      "--http-tls-cert",
      cert().toString(),
      "--http-tls-key",
      key().toString(),
      "--http-tokens",
      folder.resolve("tokens").toString()
    };
    return Main.run(line, stream(out), stream(out)) + "\n" + out.toString(StandardCharsets.UTF_8);
  }

  @Test
  @Check("S125")
  void aKeyThatOthersCanReadIsTold() throws Exception {
    try (Heard log = new Heard(SecretFile.class)) {
      Files.setPosixFilePermissions(key(), PosixFilePermissions.fromString("r--------"));
      Api.open(server).close();
      assertThat(log.messages()).isEmpty();
      Files.setPosixFilePermissions(key(), PosixFilePermissions.fromString("r--r--r--"));
      Api.open(server).close();
      assertThat(log.messages())
          .containsExactly(
              key() + ": anybody on this machine can read this key; chmod o-r the file");
    }
  }

  @Test
  void plainHttpGetsNoAnswer() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), http.address().getPort())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      assertThat(new String(readAll(in), StandardCharsets.ISO_8859_1)).doesNotContain("HTTP/");
    }
  }

  private static byte[] readAll(InputStream in) {
    try {
      return in.readAllBytes();
    } catch (IOException reset) {
      return new byte[0];
    }
  }

  private String states(String token) {
    return run("states", "--ca", cert().toString(), "--token", secret(token));
  }

  /** What a server says of itself to a client that trusts one certificate. */
  private Certificate presented(PemPair trusted) throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            Authorities.of(trusted.chain())
                .createSocket(InetAddress.getLoopbackAddress(), http.address().getPort())) {
      socket.startHandshake();
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  private Path cert() {
    return folder.resolve("server.pem");
  }

  private Path key() {
    return folder.resolve("server-key.pem");
  }

  private void use(PemPair pair) throws IOException {
    Files.copy(pair.key(), key(), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(pair.chain(), cert(), StandardCopyOption.REPLACE_EXISTING);
  }

  /** A token and, on the next line, what the file of tokens has for it. */
  private static String token(String name) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    assertThat(Main.run(new String[] {"token", "operator", name}, stream(out), stream(err)))
        .isZero();
    return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
  }

  private static String secret(String token) {
    return token.lines().findFirst().orElseThrow();
  }

  private void allow(String token) throws IOException {
    Path tokens = folder.resolve("tokens");
    Files.writeString(
        tokens, token.lines().filter(line -> line.contains(" ")).findFirst().orElseThrow() + "\n");
  }

  /** The exit code, and all that was printed. */
  private String run(String command, String... options) {
    return runAt("https://127.0.0.1:" + http.address().getPort(), command, options);
  }

  private static String runAt(String address, String command, String... options) {
    List<String> all = new ArrayList<>(List.of(command, "--http", address));
    all.addAll(List.of(options));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int code = Main.run(all.toArray(String[]::new), stream(out), stream(out));
    return code + "\n" + out.toString(StandardCharsets.UTF_8);
  }

  private static PrintStream stream(ByteArrayOutputStream out) {
    return new PrintStream(out, true, StandardCharsets.UTF_8);
  }
}
