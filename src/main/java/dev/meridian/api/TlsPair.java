package dev.meridian.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
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
   * @throws IOException if they cannot be read, or have not in them what they should
   * @throws GeneralSecurityException if what is in them cannot be used, or not together
   */
  static TlsPair read(Path certificate, Path key) throws IOException, GeneralSecurityException {
    List<X509Certificate> chain;
    try (InputStream in = Files.newInputStream(certificate)) {
      chain =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
    }
    if (chain.isEmpty()) {
      throw new IOException("there is no certificate in " + certificate);
    }
    PublicKey theirs = chain.getFirst().getPublicKey();
    PrivateKey ours = KeyFactory.getInstance(theirs.getAlgorithm()).generatePrivate(pkcs8(key));
    if (!belong(ours, theirs)) {
      throw new GeneralSecurityException("the key is not that of the certificate");
    }
    return new TlsPair(chain, ours);
  }

  private static PKCS8EncodedKeySpec pkcs8(Path key) throws IOException {
    Matcher pem = PKCS8.matcher(Files.readString(key, StandardCharsets.ISO_8859_1));
    if (!pem.find()) {
      throw new IOException(
          "there is no 'BEGIN PRIVATE KEY' in "
              + key
              + "; 'openssl pkcs8 -topk8 -nocrypt' makes it");
    }
    return new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
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
