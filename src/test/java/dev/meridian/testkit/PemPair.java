package dev.meridian.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.Objects;

/**
 * A certificate and its key as PEM files.
 *
 * @param chain PEM file of the certificate
 * @param key PEM file of its key, PKCS #8
 */
public record PemPair(Path chain, Path key, Certificate certificate) {
  /** Writes the first key of a store as {@code cert.pem} and {@code key.pem} in a folder. */
  public static PemPair write(KeyStore store, Path folder)
      throws IOException, GeneralSecurityException {
    Files.createDirectories(folder);
    String alias = store.aliases().nextElement();
    Certificate certificate = Objects.requireNonNull(store.getCertificate(alias));
    byte[] key = Objects.requireNonNull(store.getKey(alias, "changeit".toCharArray())).getEncoded();
    PemPair pair =
        new PemPair(
            write(folder.resolve("cert.pem"), "CERTIFICATE", certificate.getEncoded()),
            write(folder.resolve("key.pem"), "PRIVATE KEY", key),
            certificate);
    Files.setPosixFilePermissions(pair.key, PosixFilePermissions.fromString("rw-------"));
    return pair;
  }

  private static Path write(Path file, String what, byte[] octets) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(octets);
    return Files.write(
        file,
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(what, text, what)
            .getBytes(StandardCharsets.US_ASCII));
  }
}
