package dev.meridian.api;

import dev.meridian.config.ConfigException;
import dev.meridian.state.SecretFile;
import dev.meridian.text.Reasons;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
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
   * @throws IOException if they cannot be read
   * @throws ConfigException if what is in one of them cannot be used, or not with the other
   */
  static TlsFiles open(Path certificate, Path key) throws IOException {
    return new TlsFiles(certificate, key);
  }

  private SslContext read() throws IOException {
    TlsPair pair = TlsPair.read(certificate, key);
    SecretFile.warnOfReaders(key);
    try {
      return SslContextBuilder.forServer(pair.key(), pair.chain())
          .sslProvider(SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw TlsPair.wrong(certificate, "TLS cannot be served with it: " + Reasons.of(e));
    }
  }

  /** Makes a connection begin with a handshake. */
  void protect(Channel channel) {
    if (stamp.hasChanged()) {
      try {
        context = read();
        LOG.info("The certificate of the API has been read again");
      } catch (IOException | ConfigException e) {
        LOG.error("The certificate before stays in use: {}", Reasons.withFile(e));
      }
    }
    SslHandler handler = context.newHandler(channel.alloc());
    handler.setHandshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
    channel.pipeline().addFirst(handler);
  }
}
