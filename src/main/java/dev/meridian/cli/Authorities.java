package dev.meridian.cli;

import dev.meridian.text.Reasons;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Certificates in a file that servers are trusted by, instead of those of Java. */
final class Authorities {
  private Authorities() {}

  /** Makes connections to servers whose certificate is in a PEM file, or issued by one in it. */
  static SSLSocketFactory of(Path file) {
    try (InputStream in = Files.newInputStream(Inputs.file(file))) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.isEmpty()) {
        throw wrong(file, "there is no certificate in it");
      }
      return trusting(found);
    } catch (IOException e) {
      throw CommandException.cannotRun(file + " cannot be read: " + Reasons.of(e));
    } catch (GeneralSecurityException e) {
      throw wrong(file, "is not a PEM file of certificates: " + e.getMessage());
    }
  }

  private static SSLSocketFactory trusting(Collection<? extends Certificate> certificates)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate each : certificates) {
      store.setCertificateEntry("ca-" + number++, each);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context.getSocketFactory();
  }

  private static CommandException wrong(Path file, String what) {
    return CommandException.wrongInput(List.of(file + ":1:1: " + what));
  }
}
