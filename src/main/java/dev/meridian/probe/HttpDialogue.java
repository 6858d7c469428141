package dev.meridian.probe;

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
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/**
 * Says one request and listens to as much of the response as it takes to judge it: the header, and
 * of the body no more than is searched. Ends the probe as soon as that is known.
 */
final class HttpDialogue extends SimpleChannelInboundHandler<HttpObject> {
  private static final Finding CLOSED_EARLY =
      new Finding(Reason.CONNECTION_CLOSED, "connection closed before a complete response header");

  private final Probe probe;
  private final CheckKind.Http http;
  private final String request;
  private final @Nullable SearchWindow window;
  private @Nullable HttpResponse response;

  private HttpDialogue(Probe probe, CheckKind.Http http, String request) {
    this.probe = probe;
    this.http = http;
    this.request = request;
    String wanted = http.searchString();
    this.window = wanted == null ? null : new SearchWindow(wanted);
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
      String host = ProbeRequest.host(check.probedAddress(), http);
      pipeline.addLast(environment.tls().handler(tls, host, http.port()));
    }
    HttpDecoderConfig limits =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(ResponseBudget.HEADER_OCTETS)
            .setMaxHeaderSize(ResponseBudget.HEADER_OCTETS)
            .setMaxChunkSize(CheckKind.Http.SEARCHED_OCTETS);
    pipeline.addLast(
        new ResponseBudget(probe),
        new HttpResponseDecoder(limits),
        new HttpDialogue(probe, http, ProbeRequest.text(check, http, environment.version())));
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    probe.enter(http.tls() == null ? Stage.HEADER : Stage.HANDSHAKE);
    // Under TLS this waits in the handler until the handshake is done.
    var _ = context.writeAndFlush(ByteBufUtil.writeAscii(context.alloc(), request));
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        probe.enter(Stage.HEADER);
      } else {
        probe.conclude(Failures.ofHandshake(handshake.cause()));
      }
    }
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
    if (window.isFound()) {
      probe.conclude(new Finding(Reason.OK, text(response.status())));
    } else if (window.isFull() || body instanceof LastHttpContent) {
      probe.conclude(missing(window.length() + " octets of the body"));
    }
  }

  private static Finding missing(String where) {
    return new Finding(Reason.SEARCH_STRING_MISSING, "search string not found in " + where);
  }

  /** Route 53's words. */
  private static String text(HttpResponseStatus status) {
    return "HTTP Status Code " + status.code() + ", " + status.reasonPhrase();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    probe.conclude(
        window != null && probe.stage() == Stage.BODY
            ? missing(window.length() + " octets, after which the target closed the connection")
            : CLOSED_EARLY);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    probe.conclude(
        probe.stage() == Stage.HANDSHAKE
            ? Failures.ofHandshake(cause)
            : Failures.ofExchange(cause));
  }
}
