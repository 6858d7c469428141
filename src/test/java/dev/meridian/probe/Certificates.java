package dev.meridian.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Self-signed certificates, made by the JDK's keytool. */
public final class Certificates {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Path directory;

  public Certificates(Path directory) {
    this.directory = directory;
  }

  /**
   * A key store with a key and a self-signed certificate for the given subject alternative names.
   */
  public KeyStore create(String alternativeNames) throws Exception {
    Path file = newFile();
    generate(file, "target", "-ext", "SAN=" + alternativeNames);
    return load(file);
  }

  /** As above, but expired for long, and issued by a valid authority with the alias "ca". */
  KeyStore createExpired(String alternativeNames) throws Exception {
    Path file = newFile();
    generate(file, "ca", "-ext", "bc:c");
    generate(
        file,
        "target",
        "-signer",
        "ca",
        "-startdate",
        "-10d",
        "-validity",
        "1",
        "-ext",
        "SAN=" + alternativeNames);
    return load(file);
  }

  private Path newFile() throws IOException {
    return Files.createTempDirectory(directory, "keys").resolve("keys.p12");
  }

  private static void generate(Path file, String alias, String... more) throws Exception {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    assumeTrue(Files.isExecutable(keytool), "skipped: this Java has no keytool");
    List<String> command = new ArrayList<>();
    command.addAll(List.of(keytool.toString(), "-genkeypair", "-keystore", file.toString()));
    command.addAll(List.of("-storepass", new String(PASSWORD), "-keyalg", "EC"));
    command.addAll(List.of("-alias", alias, "-dname", "CN=" + alias));
    command.addAll(List.of(more));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(file.resolveSibling("keytool.log").toFile())
            .start();
    assertThat(process.waitFor()).as("exit code of %s", command).isZero();
  }

  private static KeyStore load(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  /** What opens the keys. */
  static char[] password() {
    return PASSWORD.clone();
  }

  /** The certificate under an alias alone, as something to trust. */
  static KeyStore anchors(KeyStore keys, String alias) throws Exception {
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry(alias, keys.getCertificate(alias));
    return anchors;
  }

  /** A TLS listener on 127.0.0.1 that shows the certificate. */
  static ServerSocket listen(KeyStore keys) throws IOException, GeneralSecurityException {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(targetOnly(keys), PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context.getServerSocketFactory().createServerSocket(0, 50, Target.LOOPBACK);
  }

  /** Without the authority's key, which would be as good a choice to the key manager. */
  private static KeyStore targetOnly(KeyStore keys) throws IOException, GeneralSecurityException {
    KeyStore only = KeyStore.getInstance("PKCS12");
    only.load(null, null);
    only.setKeyEntry(
        "target", keys.getKey("target", PASSWORD), PASSWORD, keys.getCertificateChain("target"));
    return only;
  }
}
