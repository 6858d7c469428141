package dev.meridian.probe;

import dev.meridian.health.Observation.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Tells from an exception who is to blame. The target: a failure. This machine: unknown, so that a
 * checker that has lost its own network, or run out of sockets, takes nobody down.
 */
final class Failures {
  private static final String FATAL_ALERT = "Received fatal alert: ";

  private Failures() {}

  /** Of opening a socket and making ready, which no target has a part in. */
  static Finding ofBeginning(Throwable cause) {
    return new Finding(Reason.LOCAL_TROUBLE, "cannot begin a probe: " + message(root(cause)));
  }

  /**
   * Of connecting. The JDK's NIO sockets tell the errors apart by class, in any locale: refused and
   * timed out are {@link ConnectException}, an unreachable host is {@link NoRouteToHostException};
   * no network (ENETUNREACH), no port (EADDRNOTAVAIL), no permission, no buffers and no descriptors
   * are other classes.
   */
  static Finding ofConnect(Throwable cause) {
    if (cause instanceof NoRouteToHostException) {
      return new Finding(Reason.CONNECT_FAILED, "No route to host");
    }
    if (cause instanceof ConnectException) {
      // The system's own timeout, which may be shorter than a very patient check's.
      boolean timeout = message(cause).contains("timed out");
      return timeout
          ? new Finding(Reason.CONNECT_TIMEOUT, "Connection timed out")
          : new Finding(Reason.CONNECT_REFUSED, "Connection refused");
    }
    if (message(cause).contains("reset")) { // taken and dropped before we looked
      return new Finding(Reason.CONNECTION_CLOSED, "connection reset: " + message(cause));
    }
    return new Finding(Reason.LOCAL_TROUBLE, "cannot connect from here: " + message(root(cause)));
  }

  /** Of a TLS handshake. */
  static Finding ofHandshake(Throwable cause) {
    Finding certificate = ofCertificate(cause);
    if (certificate != null) {
      return certificate;
    }
    SSLException tls = find(cause, SSLException.class);
    if (tls == null) {
      return new Finding(Reason.CONNECTION_CLOSED, "connection closed during the TLS handshake");
    }
    String message = message(tls);
    int alert = message.indexOf(FATAL_ALERT);
    return new Finding(
        Reason.TLS_FAILED,
        alert < 0
            ? "TLS handshake failed: " + message
            : "SSL alert " + message.substring(alert + FATAL_ALERT.length()));
  }

  private static @Nullable Finding ofCertificate(Throwable cause) {
    CertificateException certificate = find(cause, CertificateException.class);
    if (certificate == null) {
      return null;
    }
    String problem;
    if (find(cause, CertificateExpiredException.class) != null) {
      problem = "certificate has expired: " + message(root(cause));
    } else if (find(cause, CertificateNotYetValidException.class) != null) {
      problem = "certificate is not valid yet: " + message(root(cause));
    } else if (certificate.getCause() != null) {
      problem = "certificate is not trusted: " + message(root(cause));
    } else {
      // The check of the name is the only one that has nothing beneath it.
      problem = "certificate is not accepted: " + message(certificate);
    }
    return new Finding(Reason.CERTIFICATE_INVALID, problem);
  }

  /** Of talking to a target that had accepted the connection. */
  static Finding ofExchange(Throwable cause) {
    SSLException tls = find(cause, SSLException.class);
    if (tls != null) {
      return new Finding(Reason.TLS_FAILED, "TLS failed: " + message(tls));
    }
    if (find(cause, PortUnreachableException.class) != null) {
      return new Finding(Reason.CONNECT_REFUSED, "Connection refused");
    }
    if (find(cause, IOException.class) != null) {
      return new Finding(Reason.CONNECTION_CLOSED, "connection reset: " + message(root(cause)));
    }
    return new Finding(Reason.RESPONSE_MALFORMED, "not HTTP: " + message(root(cause)));
  }

  private static String message(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  private static Throwable root(Throwable cause) {
    Throwable at = cause;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return at;
  }

  private static <T extends Throwable> @Nullable T find(Throwable cause, Class<T> type) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return type.cast(at);
      }
    }
    return null;
  }
}
