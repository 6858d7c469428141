package dev.meridian.resolver;

import dev.meridian.rr.RRset;
import dev.meridian.text.Reasons;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.Octets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One question, put to one server after the other until one answers: over UDP from a port of its
 * own (RFC 5452 §9.2), over TCP if the answer is cut. Lives on the resolver's thread.
 */
final class Lookup {
  /** Learns what came of a look-up, once. */
  interface Listener {
    /** Records, or that there are none. */
    void answered(RRset records);

    /** Nobody answered; the reason is that of the last server. */
    void failed(String reason);
  }

  private static final int ROUNDS = 2;
  private static final int MAX_MESSAGE = 0xFFFF;
  private static final int CLASS_IN = 1;
  private static final int RECURSION_DESIRED = 0x0100;
  private static final int RESPONSE = 0x8000;
  private static final int RESPONSE_AND_OPCODE = 0xF800;

  private final EventLoop loop;
  private final ResolverSettings settings;
  private final RandomGenerator random;
  private final DomainName name;
  private final int type;
  private final Listener listener;
  private int attempt = -1;
  private byte[] query = {};
  private @Nullable Channel channel;
  private @Nullable Future<?> deadline;
  private boolean over;

  private Lookup(
      EventLoop loop,
      ResolverSettings settings,
      RandomGenerator random,
      DomainName name,
      int type,
      Listener listener) {
    this.loop = loop;
    this.settings = settings;
    this.random = random;
    this.name = name;
    this.type = type;
    this.listener = listener;
  }

  static Lookup start(
      EventLoop loop,
      ResolverSettings settings,
      RandomGenerator random,
      DomainName name,
      int type,
      Listener listener) {
    Lookup lookup = new Lookup(loop, settings, random, name, type, listener);
    lookup.next("nobody was asked");
    return lookup;
  }

  /** Ends it; the listener hears nothing any more. */
  void cancel() {
    over = true;
    release();
  }

  private void release() {
    if (deadline != null) {
      deadline.cancel(false);
    }
    if (channel != null) {
      channel.close();
    }
  }

  private void next(String reason) {
    release();
    attempt++;
    if (attempt == ROUNDS * settings.servers().size()) {
      over = true;
      listener.failed(reason);
      return;
    }
    query = query();
    try {
      ask(new NioDatagramChannel(), new Datagrams());
    } catch (ChannelException e) {
      next("no socket can be opened: " + Reasons.of(e));
    }
  }

  private InetSocketAddress server() {
    return settings.servers().get(attempt % settings.servers().size());
  }

  private byte[] query() {
    byte[] octets = new byte[ResponseReader.HEADER + name.length() + 4];
    Octets.putShort(octets, 0, random.nextInt(1 << 16)); // nobody can guess it (RFC 5452 §9.2)
    Octets.putShort(octets, 2, RECURSION_DESIRED);
    Octets.putShort(octets, 4, 1);
    int at = name.copyTo(octets, ResponseReader.HEADER);
    Octets.putShort(octets, at, type);
    Octets.putShort(octets, at + 2, CLASS_IN);
    return octets;
  }

  private void ask(Channel opened, ChannelHandler... handlers) {
    int asked = attempt;
    boolean tcp = opened instanceof NioSocketChannel;
    channel = opened;
    deadline =
        loop.schedule(
            () -> failed(asked, tcp, "no answer in time"),
            settings.patience().toNanos(),
            TimeUnit.NANOSECONDS);
    loop.register(opened).syncUninterruptibly(); // on the loop's own thread this is done at once
    opened.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(4096));
    opened.pipeline().addLast(handlers);
    opened
        .connect(server())
        .addListener(
            (ChannelFuture done) -> {
              if (!done.isSuccess()) {
                failed(asked, tcp, Reasons.of(done.cause()));
              }
            });
  }

  /** What is said of an attempt that is over changes nothing. */
  private void failed(int asked, boolean tcp, String reason) {
    boolean current = channel instanceof NioSocketChannel == tcp;
    if (!over && asked == attempt && current) {
      next(server() + ": " + reason);
    }
  }

  /** A response to this very question (RFC 5452 §9.1); its name may be in any case. */
  private boolean isAnswer(byte[] message) {
    int question = ResponseReader.HEADER;
    int name = query.length - 4;
    return message.length >= query.length
        && Octets.getShort(message, 0) == Octets.getShort(query, 0)
        && (Octets.getShort(message, 2) & RESPONSE_AND_OPCODE) == RESPONSE
        && Octets.getShort(message, 4) == 1
        && Arrays.equals(message, name, name + 4, query, name, name + 4)
        && isName(message, question);
  }

  private boolean isName(byte[] message, int at) {
    try {
      return DomainName.ofWire(message, at).equals(name);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void answered(byte[] message, boolean tcp) {
    if (over) {
      return;
    }
    if (!tcp && ResponseReader.isTruncated(message)) {
      askOverTcp();
      return;
    }
    try {
      RRset records = ResponseReader.read(message, name, type);
      over = true;
      release();
      listener.answered(records);
    } catch (ResponseReader.Malformed e) {
      next(server() + ": " + Reasons.of(e));
    }
  }

  private void askOverTcp() {
    release();
    try {
      ask(
          new NioSocketChannel(),
          new LengthFieldBasedFrameDecoder(MAX_MESSAGE, 0, 2, 0, 2),
          new Stream());
    } catch (ChannelException e) {
      next("no socket can be opened: " + Reasons.of(e));
    }
  }

  /** Datagrams that answer something else are passed over, until time is up. */
  private final class Datagrams extends SimpleChannelInboundHandler<DatagramPacket> {
    private final int asked = attempt;

    @Override
    public void channelActive(ChannelHandlerContext context) {
      var _ = context.writeAndFlush(Unpooled.wrappedBuffer(query));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
      byte[] message = ByteBufUtil.getBytes(datagram.content());
      if (asked == attempt && isAnswer(message)) {
        answered(message, false);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      failed(asked, false, Reasons.of(cause));
    }
  }

  private final class Stream extends SimpleChannelInboundHandler<ByteBuf> {
    private final int asked = attempt;

    @Override
    public void channelActive(ChannelHandlerContext context) {
      byte[] length = new byte[2];
      Octets.putShort(length, 0, query.length);
      var _ = context.writeAndFlush(Unpooled.wrappedBuffer(length, query));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
      byte[] message = ByteBufUtil.getBytes(frame);
      if (asked == attempt && isAnswer(message)) {
        answered(message, true);
      } else {
        failed(asked, true, "it answered something else over TCP");
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      failed(asked, true, "it closed the connection without an answer");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      failed(asked, true, Reasons.of(cause));
    }
  }
}
