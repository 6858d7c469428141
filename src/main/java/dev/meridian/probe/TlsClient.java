package dev.meridian.probe;

import dev.meridian.health.CheckKind;
import dev.meridian.net.Prefix;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes the TLS side of probes. No session is ever resumed, for only a full handshake shows the
 * certificate: a resumed one would keep passing after it has expired.
 *
 * <p>Used by the health thread only.
 */
final class TlsClient {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  /** How long a closing connection may take to say so; its probe is over by then. */
  private static final int CLOSE_MILLIS = 100;

  private final @Nullable KeyStore anchors;
  private final SecureRandom random = new SecureRandom();

  private static final int MAX_AUTHORITIES = 256;

  private final Map<List<X509Certificate>, SSLContext> byAuthorities = new HashMap<>();

  /** Made when the first verified probe needs it: it takes longer than starting the server. */
  private @Nullable SSLContext verifying;

  private @Nullable SSLContext accepting;

  /** Takes the place of the port, by which sessions are found again. */
  private int session;

  /**
   * Trusts the given authorities.
   *
   * @param anchors null: the ones that the Java runtime trusts
   */
  TlsClient(@Nullable KeyStore anchors) {
    this.anchors = anchors;
  }

  /**
   * A client's handler for one connection, without a timeout of its own: the probe has the one that
   * counts.
   *
   * @param host a name or an address literal
   * @param protocols asked for by ALPN (RFC 7301)
   * @throws GeneralSecurityException if the runtime has no TLS or no readable trust store
   */
  SslHandler handler(CheckKind.Tls tls, String host, List<String> protocols)
      throws GeneralSecurityException {
    SSLContext context = tls.verify() ? verifying(tls.authorities()) : accepting();
    SSLEngine engine = context.createSSLEngine(host, session++);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setServerNames(serverNames(tls, host));
    if (tls.verify()) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    parameters.setApplicationProtocols(protocols.toArray(String[]::new));
    engine.setSSLParameters(parameters);
    SslHandler handler = new SslHandler(engine);
    handler.setHandshakeTimeoutMillis(0);
    handler.setCloseNotifyFlushTimeoutMillis(CLOSE_MILLIS);
    return handler;
  }

  /** Addresses are never sent as server names (RFC 6066 §3). */
  private static List<SNIServerName> serverNames(CheckKind.Tls tls, String host) {
    if (!tls.sni() || Prefix.parseAddress(host) != null) {
      return List.of();
    }
    return List.of(new SNIHostName(host.getBytes(StandardCharsets.US_ASCII)));
  }

  /** Numbers that nobody can guess. */
  SecureRandom random() {
    return random;
  }

  /**
   * Made once for each set of authorities; sets that are no longer in use go with the next ones.
   */
  private SSLContext verifying(@Nullable List<X509Certificate> authorities)
      throws GeneralSecurityException {
    if (authorities == null) {
      return verifying();
    }
    SSLContext known = byAuthorities.get(authorities);
    if (known == null) {
      if (byAuthorities.size() == MAX_AUTHORITIES) {
        byAuthorities.clear();
      }
      known = context(trusting(keyStore(authorities)));
      byAuthorities.put(authorities, known);
    }
    return known;
  }

  private static KeyStore keyStore(List<X509Certificate> authorities)
      throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new KeyStoreException("an empty key store cannot be made", e);
    }
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry(Integer.toString(i), authorities.get(i));
    }
    return store;
  }

  private static TrustManager[] trusting(@Nullable KeyStore anchors)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(anchors);
    return factory.getTrustManagers();
  }

  private SSLContext verifying() throws GeneralSecurityException {
    SSLContext known = verifying;
    if (known == null) {
      known = context(trusting(anchors));
      verifying = known;
    }
    return known;
  }

  private SSLContext accepting() throws GeneralSecurityException {
    SSLContext known = accepting;
    if (known == null) {
      known = context(InsecureTrustManagerFactory.INSTANCE.getTrustManagers());
      accepting = known;
    }
    return known;
  }

  private SSLContext context(TrustManager[] managers) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers, random);
    context.getClientSessionContext().setSessionCacheSize(1);
    return context;
  }
}
