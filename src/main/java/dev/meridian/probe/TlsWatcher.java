package dev.meridian.probe;

import dev.meridian.health.CheckKind;
import dev.meridian.health.Observation.Reason;
import dev.meridian.probe.Probe.Stage;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Stands behind the TLS handler and judges the handshake and the certificate that it showed. */
final class TlsWatcher extends ChannelInboundHandlerAdapter {
  private final Probe probe;
  private final CheckKind.Tls tls;
  private final Instant now;
  private final Runnable secured;

  /**
   * Watches one handshake.
   *
   * @param now by the wall clock, which is what certificates go by
   * @param secured called when all is well
   */
  TlsWatcher(Probe probe, CheckKind.Tls tls, Instant now, Runnable secured) {
    this.probe = probe;
    this.tls = tls;
    this.now = now;
    this.secured = secured;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    probe.enter(Stage.HANDSHAKE);
    context.fireChannelActive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        judge(context.pipeline().get(SslHandler.class));
      } else {
        probe.conclude(Failures.ofHandshake(handshake.cause()));
      }
    }
  }

  private void judge(SslHandler handler) {
    try {
      var certificate = handler.engine().getSession().getPeerCertificates()[0];
      Instant expires = ((X509Certificate) certificate).getNotAfter().toInstant();
      probe.secured(expires);
      judge(expires);
    } catch (SSLPeerUnverifiedException e) {
      probe.conclude(new Finding(Reason.TLS_FAILED, "the target showed no certificate"));
    }
  }

  private void judge(Instant expires) {
    long days = Duration.between(now, expires).toDays();
    if (tls.expiryDays() > 0 && days < tls.expiryDays()) {
      probe.conclude(
          new Finding(
              Reason.CERTIFICATE_EXPIRING,
              "certificate expires in " + days + " days, at " + expires));
    } else {
      secured.run();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (probe.stage() == Stage.HANDSHAKE) {
      probe.conclude(Failures.ofHandshake(cause));
    } else {
      context.fireExceptionCaught(cause);
    }
  }
}
