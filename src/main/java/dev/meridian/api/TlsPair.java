package dev.meridian.api;

import dev.meridian.config.ConfigException;
import dev.meridian.config.ConfigProblem;
import dev.meridian.text.Reasons;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate with its chain, and the key that it was made for. That they belong together is
 * tried, for TLS itself would find out only with the first client.
 */
record TlsPair(List<X509Certificate> chain, PrivateKey key) {
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  /**
   * Reads PEM files.
   *
   * @throws IOException if they cannot be read
   * @throws ConfigException if what is in one of them cannot be used, or not with the other
   */
  static TlsPair read(Path certificate, Path key) throws IOException {
    List<X509Certificate> chain = chain(certificate);
    PublicKey theirs = chain.getFirst().getPublicKey();
    PKCS8EncodedKeySpec spec = pkcs8(key);
    try {
      PrivateKey ours = KeyFactory.getInstance(theirs.getAlgorithm()).generatePrivate(spec);
      if (belong(ours, theirs)) {
        return new TlsPair(chain, ours);
      }
    } catch (GeneralSecurityException _) {
      // a key of another kind, or of none: of this certificate it is not
    }
    throw wrong(
        key, "the key is not that of the certificate in " + certificate + "; give both of a pair");
  }

  private static List<X509Certificate> chain(Path file) throws IOException {
    List<X509Certificate> chain;
    byte[] octets = Files.readAllBytes(file);
    try {
      chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(octets))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
    } catch (CertificateException e) {
      throw wrong(file, "a certificate in it is damaged (" + Reasons.of(e) + "); copy it again");
    }
    if (chain.isEmpty()) {
      throw wrong(file, "there is no certificate in it; give a PEM file, the server's own first");
    }
    return chain;
  }

  private static PKCS8EncodedKeySpec pkcs8(Path file) throws IOException {
    Matcher pem = PKCS8.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
    if (!pem.find()) {
      throw wrong(
          file,
          "there is no 'BEGIN PRIVATE KEY' in it; 'openssl pkcs8 -topk8 -nocrypt' makes it from"
              + " another form");
    }
    try {
      return new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
    } catch (IllegalArgumentException e) {
      throw wrong(file, "the key in it is damaged (" + Reasons.of(e) + "); copy it again");
    }
  }

  /** Of one of the files, whatever its line: PEM has none that say anything. */
  static ConfigException wrong(Path file, String message) {
    return new ConfigException(List.of(new ConfigProblem(file + ":1:1", message)));
  }

  /** Whether what one signs is what the other verifies. */
  private static boolean belong(PrivateKey ours, PublicKey theirs) throws GeneralSecurityException {
    String algorithm =
        switch (theirs.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> theirs.getAlgorithm(); // EdDSA
        };
    byte[] message = {1};
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(ours);
    signer.update(message);
    byte[] signature = signer.sign();
    signer.initVerify(theirs);
    signer.update(message);
    return signer.verify(signature);
  }
}
