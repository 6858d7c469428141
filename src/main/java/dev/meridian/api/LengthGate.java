package dev.meridian.api;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;

/**
 * Refuses bodies without a plain length. Two ways to say how long a body is are one too many:
 * request smuggling (RFC 9112 §11.2) lives on what two readers make of both.
 */
final class LengthGate extends ChannelInboundHandlerAdapter {
  /** Marks a request whose body has no Content-Length. */
  static final class LengthRequiredException extends Exception {
    LengthRequiredException() {
      super("Transfer-Encoding is not taken", null, false, false);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request
        && request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      request.setDecoderResult(DecoderResult.failure(new LengthRequiredException()));
    }
    context.fireChannelRead(message);
  }
}
