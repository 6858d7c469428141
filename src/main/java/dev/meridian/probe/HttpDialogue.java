package dev.meridian.probe;

import dev.meridian.health.BodyMatch;
import dev.meridian.health.CheckKind;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.Observation.Reason;
import dev.meridian.probe.Probe.Stage;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/**
 * Says one request and listens to as much of the response as it takes to judge it: the header, and
 * of the body no more than is searched. Ends the probe as soon as that is known.
 */
final class HttpDialogue extends SimpleChannelInboundHandler<HttpObject> {
  private static final Finding CLOSED_EARLY =
      new Finding(Reason.CONNECTION_CLOSED, "connection closed before a complete response header");

  /** RFC 9110 §15.2 sets no limit; what a client can use is one or two. */
  private static final int MAX_INTERIM = 16;

  private static final Finding TOO_MANY_INTERIM =
      new Finding(
          Reason.RESPONSE_TOO_LARGE, "more than " + MAX_INTERIM + " interim responses came first");

  private final Probe probe;
  private final CheckKind.Http http;
  private final String request;
  private final @Nullable BodyWindow window;
  private @Nullable HttpResponse response;
  private int interim;

  private HttpDialogue(Probe probe, CheckKind.Http http, String request) {
    this.probe = probe;
    this.http = http;
    this.request = request;
    BodyMatch match = http.match();
    this.window = match == null ? null : BodyWindow.of(match);
  }

  /** Fills a pipeline that is not connected yet. */
  static void install(
      ChannelPipeline pipeline,
      Probe probe,
      HealthCheck check,
      CheckKind.Http http,
      ProbeEnvironment environment)
      throws GeneralSecurityException {
    CheckKind.Tls tls = http.tls();
    if (tls != null) {
      String host = ProbeRequest.host(check.probedAddress(), http.host());
      pipeline.addLast(
          environment.tls().handler(tls, host, http.port()),
          new TlsWatcher(probe, tls, environment.clock().instant(), false));
    }
    HttpDecoderConfig limits =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(ResponseBudget.HEADER_OCTETS)
            .setMaxHeaderSize(ResponseBudget.HEADER_OCTETS)
            .setMaxChunkSize(BodyMatch.Search.OCTETS);
    pipeline.addLast(
        new ResponseBudget(probe, http.match() == null ? 0 : http.match().octets()),
        new HttpResponseDecoder(limits),
        new HttpDialogue(probe, http, ProbeRequest.text(check, http, environment.version())));
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (http.tls() == null) {
      probe.enter(Stage.HEADER);
    }
    // Under TLS this waits in the handler until the handshake is done.
    var _ = context.writeAndFlush(ByteBufUtil.writeUtf8(context.alloc(), request));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
    if (part.decoderResult().isFailure()) {
      probe.conclude(undecodable(part.decoderResult().cause()));
      return;
    }
    if (part instanceof HttpResponse head) {
      response = head;
      if (!isInterim(head.status())) {
        judgeHead(head.status());
      } else if (++interim > MAX_INTERIM) {
        probe.conclude(TOO_MANY_INTERIM);
      }
    }
    if (part instanceof HttpContent body && response != null && !isInterim(response.status())) {
      judgeBody(body);
    }
  }

  private static Finding undecodable(Throwable cause) {
    if (cause instanceof TooLongHttpLineException || cause instanceof TooLongHttpHeaderException) {
      return ResponseBudget.HEADER_TOO_LARGE;
    }
    if (cause instanceof PrematureChannelClosureException) {
      return CLOSED_EARLY;
    }
    return Failures.ofExchange(cause);
  }

  /** 100 and 103 announce another response; 101 would be the end of HTTP (RFC 9110 §15.2). */
  private static boolean isInterim(HttpResponseStatus status) {
    return status.codeClass() == HttpStatusClass.INFORMATIONAL
        && !status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
  }

  private void judgeHead(HttpResponseStatus status) {
    if (!http.expected().contains(status.code())) {
      probe.conclude(new Finding(Reason.HTTP_STATUS, text(status)));
    } else if (window == null) {
      probe.conclude(new Finding(Reason.OK, text(status)));
    } else {
      probe.enter(Stage.BODY);
    }
  }

  private void judgeBody(HttpContent body) {
    if (window == null || response == null) {
      return;
    }
    window.add(body.content());
    boolean ended = body instanceof LastHttpContent;
    if (window.isFound(ended)) {
      probe.conclude(new Finding(Reason.OK, text(response.status())));
    } else if (ended || window.isFull()) {
      probe.conclude(window.missing(" octets of the body"));
    }
  }

  /** Route 53's words. */
  private static String text(HttpResponseStatus status) {
    return "HTTP Status Code " + status.code() + ", " + status.reasonPhrase();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (window == null || response == null || probe.stage() != Stage.BODY) {
      probe.conclude(CLOSED_EARLY);
    } else if (window.isFound(true)) {
      probe.conclude(new Finding(Reason.OK, text(response.status())));
    } else {
      probe.conclude(window.missing(" octets, after which the target closed the connection"));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    probe.conclude(Failures.ofExchange(cause));
  }
}
