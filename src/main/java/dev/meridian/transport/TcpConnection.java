package dev.meridian.transport;

import dev.meridian.answer.QueryContext;
import dev.meridian.net.ClientAddress;
import dev.meridian.net.Prefix;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One TCP client (RFC 1035 §4.2.2, RFC 7766). Answers every complete message of a read in order and
 * writes the answers together. Order is allowed and costs nobody time: RFC 7766 §6.2.1.1 wants
 * answers out of order so that a fast one does not wait for a slow one, and here none is slow, for
 * every answer is computed at once from what is in memory.
 *
 * <p>Only an answer renews the time that a connection may be idle: a client that sends what nobody
 * answers has no more right to stay than one that sends nothing.
 *
 * <p>When more answers wait than the client's share of memory, the connection is <i>stalled</i>: it
 * reads nothing more, and keeps the octets that it has, until the client has taken half of them. A
 * client may be as slow as half a share per idle timeout for as long as it likes: it costs no more
 * than the share and its place, and of all connections its own is the first to make room for
 * another.
 */
final class TcpConnection extends ChannelInboundHandlerAdapter {
  /** Octets of the length in front of each message. */
  private static final int LENGTH_OCTETS = Short.BYTES;

  /** A DNS header: nothing shorter can be answered. */
  private static final int MIN_MESSAGE_OCTETS = 12;

  /** No question needs more; transfers and updates will have their own front door. */
  private static final int MAX_MESSAGE_OCTETS = 4096;

  private static final int FIRST_REPLY_BUFFER_OCTETS = 1024;

  /** Answers that are worth a write before the end of a read. */
  private static final int FULL_REPLY_BUFFER_OCTETS = 16 * 1024;

  /**
   * Unread octets that a stalled connection may hold. A client that ends its side makes Netty read
   * all that the kernel has, asked or not, which is less.
   */
  private static final int MAX_STALLED_OCTETS = 4 * TcpOpener.RECEIVE_BUFFER_OCTETS;

  private static final int IPV6_CLIENT_PREFIX = 64;

  private final Channel channel;
  private final TcpConnections connections;
  private final LoopState loop;
  private final QueryContext context;
  private final TransportStats stats;

  private final IdleList.Entry amongAll = new IdleList.Entry(this);
  private final IdleList.Entry amongClients = new IdleList.Entry(this);
  private final ClientAddress source = new ClientAddress();
  private @Nullable Prefix client;
  private @Nullable ConnectionLimit limit;
  private @Nullable ByteBuf input;
  private @Nullable ByteBuf replies;
  private boolean stalled;
  private boolean inputEnded;
  private boolean answered;
  private boolean closed;

  /** When the last answer was given, or the connection came. */
  private long lastUse;

  /** When the first octet of the message came of which {@code input} holds a part. */
  private long messageStart;

  /** When the client stopped taking answers; valid while stalled. */
  private long stallStart;

  TcpConnection(Channel channel, TcpConnections connections) {
    this.channel = channel;
    this.connections = connections;
    this.loop = connections.loop();
    this.context = loop.context();
    this.stats = loop.stats();
  }

  /** Its place among all connections of the loop. */
  IdleList.Entry amongAll() {
    return amongAll;
  }

  /** Its place among the connections that its client has on the loop. */
  IdleList.Entry amongClients() {
    return amongClients;
  }

  /** Since when it has been idle, in nanoseconds; while it is stalled, for ever. */
  long idleSince() {
    return stalled ? Long.MIN_VALUE : lastUse;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    lastUse = connections.now();
    if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
      closed = true;
      channel.close();
      return;
    }
    Addresses.copy(remote.getAddress(), source);
    byte[] octets = remote.getAddress().getAddress();
    Prefix from = Prefix.of(octets, octets.length == 4 ? 32 : IPV6_CLIENT_PREFIX);
    limit = connections.admit(this, from);
    if (limit != null) {
      client = from;
    } else {
      closed = true;
      stats.increment(TransportCounter.TCP_CLOSED_REFUSED);
      channel.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf octets = (ByteBuf) message;
    if (closed) {
      octets.release();
      return;
    }
    if (input == null) {
      input = octets;
      messageStart = connections.now();
    } else {
      input = join(input, octets);
    }
    if (!stalled) {
      serve();
    } else if (input.readableBytes() > MAX_STALLED_OCTETS) {
      close(TransportCounter.TCP_CLOSED_SLOW_READER);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    flushOrStall();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (!stalled || closed || !channel.isWritable()) {
      return;
    }
    stalled = false;
    messageStart = connections.now();
    serve();
    flushOrStall();
    if (stalled || closed) {
      return;
    }
    renew();
    if (inputEnded) {
      closeAfterAnswers();
    } else {
      channel.config().setAutoRead(true);
    }
  }

  /** The client has sent all it will; it still gets its answers (RFC 7766 §6.2.3). */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent && !closed) {
      inputEnded = true;
      if (!stalled) {
        closeAfterAnswers();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    close(TransportCounter.TCP_CLOSED_BY_CLIENT);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      close(TransportCounter.TCP_CLOSED_BY_CLIENT);
    } else {
      loop.report("serving a TCP connection failed", cause);
      close(TransportCounter.TCP_CLOSED_ERROR);
    }
  }

  /** Sends what is answered, then closes; the first reason counts. */
  void close(TransportCounter reason) {
    if (closed) {
      return;
    }
    flush();
    if (!closed) { // a write that fails comes back here by itself
      end(reason);
      channel.close();
    }
  }

  /** Why the connection has to go, or null if it may stay. */
  @Nullable TransportCounter overdue(long now, long idleNanos, long messageNanos) {
    if (stalled) {
      return now - stallStart > idleNanos ? TransportCounter.TCP_CLOSED_SLOW_READER : null;
    }
    boolean unfinished = input != null && now - messageStart > messageNanos;
    boolean speechless = !answered && now - lastUse > messageNanos;
    if (unfinished || speechless) {
      return TransportCounter.TCP_CLOSED_MESSAGE_TIMEOUT;
    }
    return now - lastUse > idleNanos ? TransportCounter.TCP_CLOSED_IDLE : null;
  }

  /** Stays under the idle deadline until the client has taken what is left. */
  private void closeAfterAnswers() {
    flush();
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** Gives back all that the connection holds. */
  private void end(TransportCounter reason) {
    closed = true;
    stats.increment(reason);
    if (client != null && limit != null) {
      connections.remove(this, client, limit);
    }
    if (input != null) {
      input.release();
      input = null;
    }
    if (replies != null) {
      replies.release();
      replies = null;
    }
  }

  /**
   * Answers the complete messages in {@code input} until there are no more or the client stalls.
   */
  private void serve() {
    ByteBuf octets = input;
    if (octets == null) {
      return;
    }
    context.limitIdle(connections.announcedIdleMillis());
    int first = octets.readerIndex();
    boolean used = false;
    while (!stalled && !closed && holdsMessage(octets)) {
      used |= answer(octets, octets.readUnsignedShort());
    }
    if (closed) {
      return;
    }
    if (octets.readerIndex() > first) {
      messageStart = connections.now();
    }
    if (used && !stalled) {
      renew();
    }
    input = stalled ? octets : keepRest(octets);
  }

  /** Whether a whole message can be read; closes the connection if none ever can. */
  private boolean holdsMessage(ByteBuf octets) {
    if (octets.readableBytes() < LENGTH_OCTETS) {
      return false;
    }
    int length = octets.getUnsignedShort(octets.readerIndex());
    if (length < MIN_MESSAGE_OCTETS || length > MAX_MESSAGE_OCTETS) {
      close(TransportCounter.TCP_CLOSED_BAD_LENGTH);
      return false;
    }
    return octets.readableBytes() >= LENGTH_OCTETS + length;
  }

  private void renew() {
    answered = true;
    lastUse = connections.now();
    if (limit != null) {
      connections.touch(this, limit);
    }
  }

  /** Takes a message in and says whether it got an answer. */
  private boolean answer(ByteBuf octets, int length) {
    octets.readBytes(context.request(), 0, length);
    Addresses.copy(source, context.source());
    stats.increment(TransportCounter.TCP_RECEIVED);
    int response = loop.answer(length, true);
    if (response == 0) {
      stats.increment(TransportCounter.TCP_UNANSWERED);
      return false;
    }
    stats.increment(TransportCounter.TCP_SENT);
    append(response);
    return true;
  }

  private void append(int response) {
    ByteBuf out = replies;
    if (out == null) {
      out =
          channel
              .alloc()
              .directBuffer(Math.max(FIRST_REPLY_BUFFER_OCTETS, LENGTH_OCTETS + response));
      replies = out;
    }
    out.writeShort(response).writeBytes(context.response(), 0, response);
    if (out.readableBytes() >= FULL_REPLY_BUFFER_OCTETS) {
      flushOrStall();
    }
  }

  private void flushOrStall() {
    flush();
    if (!closed && !stalled && !channel.isWritable()) {
      stall();
    }
  }

  private void stall() {
    stalled = true;
    stallStart = connections.now();
    channel.config().setAutoRead(false);
    if (limit != null) {
      connections.demote(this, limit);
    }
  }

  private void flush() {
    ByteBuf out = replies;
    if (out != null) {
      replies = null;
      channel.writeAndFlush(out, channel.voidPromise());
    }
  }

  /** What is left of a read, in a buffer of the size that its message needs. */
  private @Nullable ByteBuf keepRest(ByteBuf octets) {
    int rest = octets.readableBytes();
    if (rest == 0) {
      octets.release();
      return null;
    }
    int needed =
        rest < LENGTH_OCTETS
            ? LENGTH_OCTETS + MIN_MESSAGE_OCTETS
            : LENGTH_OCTETS + octets.getUnsignedShort(octets.readerIndex());
    if (octets.capacity() <= needed) {
      return octets;
    }
    ByteBuf kept = channel.alloc().directBuffer(needed).writeBytes(octets);
    octets.release();
    return kept;
  }

  private static ByteBuf join(ByteBuf first, ByteBuf second) {
    first.discardReadBytes().writeBytes(second);
    second.release();
    return first;
  }
}
