package dev.meridian.api;

import dev.meridian.text.RefusedException;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of one connection, one after the other. A client has {@link
 * #PATIENCE_SECONDS} for each whole request and for taking the response; then the connection is
 * closed, however slowly it drips.
 */
final class ApiHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  static final int PATIENCE_SECONDS = 10;

  private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);

  private final Surface surface;
  private final Access access;
  private final Places places;
  private @Nullable ScheduledFuture<?> deadline;
  private boolean answering;

  /** Of the request at hand; negative if it has none. */
  private long lastEventId = -1;

  /** If-None-Match of the request at hand; empty if it has none, or is no GET. */
  private String knownTag = "";

  ApiHandler(Surface surface, Access access, Places places) {
    this.surface = surface;
    this.access = access;
    this.places = places;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    startDeadline(context);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    stopDeadline();
  }

  /**
   * Most replies are there at once, so pipelined requests are answered in their order. A client
   * that sends another request while a slow one is still at work loses its connection, which RFC
   * 9112 §9.3.2 tells it to expect.
   */
  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    if (answering) {
      context.close();
      return;
    }
    answering = true;
    places.works(context.channel());
    lastEventId = eventId(request.headers().get("Last-Event-ID", ""));
    knownTag =
        request.method().equals(HttpMethod.GET)
            ? request.headers().get(HttpHeaderNames.IF_NONE_MATCH, "")
            : "";
    stopDeadline();
    boolean keepAlive = HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
    CompletableFuture<Reply> reply =
        reply(context, request).toCompletableFuture().exceptionally(ApiHandler::failure);
    if (surface.spans() != null) {
      surface.spans().follow(request, reply);
    }
    if (reply.isDone()) {
      write(context, reply.join(), keepAlive);
    } else {
      reply.thenAcceptAsync(done -> write(context, done, keepAlive), context.executor());
    }
  }

  private static long eventId(String text) {
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
  }

  private CompletionStage<Reply> reply(ChannelHandlerContext context, FullHttpRequest request) {
    try {
      return route(context.channel(), request);
    } catch (RuntimeException e) {
      return CompletableFuture.completedFuture(failure(e));
    }
  }

  private CompletionStage<Reply> route(Channel channel, FullHttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return CompletableFuture.completedFuture(malformed(request.decoderResult().cause()));
    }
    Optional<Reply> refusal = BrowserGuard.refusal(request, access);
    if (refusal.isPresent()) {
      return CompletableFuture.completedFuture(refusal.get());
    }
    QueryStringDecoder uri = RefusedException.reading(() -> decoded(request.uri()));
    Route route = surface.routes().get(uri.path());
    if (route == null) {
      return CompletableFuture.completedFuture(
          Reply.problem(404, "Not Found", "there is nothing at this path; / is the ops page"));
    }
    if (!allowed(route, request.method())) {
      return CompletableFuture.completedFuture(
          Reply.methodNotAllowed(route.post() ? "POST" : "GET, HEAD"));
    }
    Principal who =
        access
            .principal(request, channel)
            .orElse(new Principal("", Role.ANYBODY, Access.from(channel)));
    if (!who.role().mayDo(route.role())) {
      Reply reply =
          who.role() == Role.ANYBODY ? Reply.unauthorized() : Reply.forbidden(route.role());
      return audited(route, uri, who, CompletableFuture.completedFuture(reply));
    }
    String body = request.content().toString(StandardCharsets.UTF_8);
    return audited(
        route,
        uri,
        who,
        handled(
            route, new ApiRequest(uri.parameters(), body, who, Access.bearer(request.headers()))));
  }

  /** Decoded as a whole, so that nothing fails later for how a request is written. */
  private static QueryStringDecoder decoded(String uri) {
    QueryStringDecoder decoder = new QueryStringDecoder(uri);
    decoder.path();
    decoder.parameters();
    return decoder;
  }

  /** A refusal is an answer too, and goes into the audit log like any other; so does a fault. */
  private static CompletionStage<Reply> handled(Route route, ApiRequest request) {
    try {
      return route.handler().apply(request).exceptionally(ApiHandler::failure);
    } catch (RuntimeException e) {
      return CompletableFuture.completedFuture(failure(e));
    }
  }

  /** A change is written down before it is answered, and so is an attempt. */
  private CompletionStage<Reply> audited(
      Route route, QueryStringDecoder uri, Principal who, CompletionStage<Reply> replying) {
    AuditLog audit = surface.audit();
    if (route.role() != Role.OPERATOR || audit == null) {
      return replying;
    }
    return replying.thenCompose(
        reply ->
            audit.add(who, uri.path(), uri.parameters(), reply.status()).thenApply(_ -> reply));
  }

  private static boolean allowed(Route route, HttpMethod method) {
    return route.post()
        ? method.equals(HttpMethod.POST)
        : method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }

  private static Reply malformed(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return Reply.problem(414, "URI Too Long", "the request line is longer than 4096 octets");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return Reply.problem(
          431, "Request Header Fields Too Large", "the headers are larger than 8192 octets");
    }
    if (cause instanceof LengthGate.LengthRequiredException) {
      return Reply.problem(411, "Length Required", "send Content-Length, not Transfer-Encoding");
    }
    return Reply.problem(400, "Bad Request", "the request is not HTTP/1.1");
  }

  /** What the client has got wrong is told to him; everything else is a fault of ours. */
  private static Reply failure(Throwable e) {
    Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    if (cause instanceof RefusedException) {
      return Reply.problem(400, "Bad Request", String.valueOf(cause.getMessage()));
    }
    LOG.error("A request to the API failed; this is a fault in Meridian", cause);
    return Reply.problem(500, "Internal Server Error", "a fault in Meridian; its log says more");
  }

  private void write(ChannelHandlerContext context, Reply reply, boolean keepAlive) {
    if (reply.isEvents()) {
      begin(context, reply);
      return;
    }
    FullHttpResponse response = response(reply);
    headers(response.headers(), reply, keepAlive);
    if (response.status().equals(HttpResponseStatus.NOT_MODIFIED)) {
      // RFC 9110 §15.4.5: nothing that says what the body would be, but its tag
      response
          .headers()
          .remove(HttpHeaderNames.CONTENT_LENGTH)
          .remove(HttpHeaderNames.CONTENT_TYPE);
    }
    startDeadline(context);
    answering = !keepAlive; // nothing more is answered on a connection that is about to close
    places.waits(context.channel());
    var written = context.writeAndFlush(response);
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** RFC 9110 §13.1.2: what the client has already is not sent again. */
  private FullHttpResponse response(Reply reply) {
    String tag = reply.tag();
    if (!tag.isEmpty() && tag.equals(knownTag)) {
      return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NOT_MODIFIED);
    }
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1,
        HttpResponseStatus.valueOf(reply.status()),
        Unpooled.wrappedBuffer(reply.body()));
  }

  /** The connection is the subscriber's from now on; whatever else it asks closes it. */
  private void begin(ChannelHandlerContext context, Reply reply) {
    EventHub events = surface.events();
    if (events == null || !events.hasRoom()) {
      write(context, Reply.busy("there are too many subscribers"), true);
      return;
    }
    HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    headers(response.headers(), reply, true);
    response
        .headers()
        .remove(HttpHeaderNames.CONTENT_LENGTH)
        .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    context.writeAndFlush(response);
    events.add(context.channel(), lastEventId);
  }

  private static void headers(HttpHeaders headers, Reply reply, boolean keepAlive) {
    headers
        .set(HttpHeaderNames.CONTENT_TYPE, reply.contentType())
        .set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length)
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
        .set(
            HttpHeaderNames.CONTENT_SECURITY_POLICY,
            "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
        .set("X-Content-Type-Options", "nosniff")
        .set("Referrer-Policy", "no-referrer")
        .set("Cross-Origin-Resource-Policy", "same-origin");
    reply.headers().forEach(headers::set);
    if (!reply.tag().isEmpty()) {
      headers.set(HttpHeaderNames.ETAG, reply.tag());
    }
    if (!keepAlive) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
  }

  private void startDeadline(ChannelHandlerContext context) {
    stopDeadline();
    deadline =
        context.executor().schedule(() -> context.close(), PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private void stopDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.debug("A connection to the API was closed", cause);
    }
    context.close();
  }
}
