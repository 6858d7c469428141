package dev.meridian.api;

import dev.meridian.state.SecretFile;
import dev.meridian.text.Reasons;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS 1.2 and 1.3 with a certificate chain and a key from PEM files, which are read again when they
 * have changed. While a pair does not fit, as in the middle of a renewal, the one before stays.
 *
 * <p>Lives on the HTTP loop.
 */
final class TlsFiles {
  private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);
  private static final long HANDSHAKE_SECONDS = 5;

  private final Path certificate;
  private final Path key;
  private final FileStamp stamp;
  private SslContext context;

  private TlsFiles(Path certificate, Path key) throws IOException {
    this.certificate = certificate;
    this.key = key;
    this.stamp = new FileStamp(List.of(certificate, key));
    this.context = read();
  }

  /**
   * Reads both files.
   *
   * @throws IOException if they cannot be used; the message says why
   */
  static TlsFiles open(Path certificate, Path key) throws IOException {
    return new TlsFiles(certificate, key);
  }

  private SslContext read() throws IOException {
    try {
      TlsPair pair = TlsPair.read(certificate, key);
      SecretFile.warnOfReaders(key);
      return SslContextBuilder.forServer(pair.key(), pair.chain())
          .sslProvider(SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .build();
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          "TLS with " + certificate + " and " + key + " does not work: " + reason(e), e);
    }
  }

  private static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return Reasons.withFile(cause);
  }

  /** Makes a connection begin with a handshake. */
  void protect(Channel channel) {
    if (stamp.hasChanged()) {
      try {
        context = read();
        LOG.info("The certificate of the API has been read again");
      } catch (IOException e) {
        LOG.error("The certificate before stays in use: {}", e.getMessage());
      }
    }
    SslHandler handler = context.newHandler(channel.alloc());
    handler.setHandshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
    channel.pipeline().addFirst(handler);
  }
}
