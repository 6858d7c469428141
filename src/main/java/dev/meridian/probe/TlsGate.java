package dev.meridian.probe;

import dev.meridian.health.Observation.Reason;
import dev.meridian.wire.Octets;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the TLS handler, which collects whatever a record says it has and decrypts whatever
 * comes, and lets through only what a server has reason to send.
 *
 * <pre>
 * the first record    an alert, or a handshake record that begins with a ServerHello
 * until secured       as many octets as the JDK accepts in one handshake message
 * once secured        no second handshake
 * in all              what the longest response that is looked at takes, in records of a fair size
 * </pre>
 */
final class TlsGate extends ChannelInboundHandlerAdapter {
  /** Of a whole handshake. */
  static final int HANDSHAKE_OCTETS = 32_768;

  /** Of one connection. */
  static final int OCTETS = 131_072;

  /** Of one connection; each costs a decryption, however little is in it. */
  static final int RECORDS = 128;

  private static final int HEADER = 5;
  private static final int ALERT = 21;
  private static final int HANDSHAKE = 22;
  private static final int FIRST_TYPE = 20;
  private static final int LAST_TYPE = 23;
  private static final int MAJOR_VERSION = 3;

  /** RFC 5246 §6.2.3: what encryption may add to 2^14 octets; TLS 1.3 allows less. */
  private static final int MAX_RECORD = 16_384 + 2048;

  private static final int SERVER_HELLO = 2;
  private static final int HELLO_HEADER = 4;

  /** Three times one with a hybrid key share. */
  private static final int MAX_HELLO = 4096;

  private static final String NO_HELLO = "the target does not begin with a TLS ServerHello";

  private final Consumer<Finding> refuse;
  private final BooleanSupplier secured;

  private final byte[] header = new byte[HEADER];
  private final byte[] hello = new byte[HELLO_HEADER];
  private int headerLength;
  private int helloLength;
  private int rest;
  private int records;
  private int octets;
  private int pieces;
  private boolean shut;

  /**
   * A gate for one connection.
   *
   * @param refuse gets what is wrong, once; nothing passes from then on
   * @param secured whether the handshake is complete
   */
  TlsGate(Consumer<Finding> refuse, BooleanSupplier secured) {
    this.refuse = refuse;
    this.secured = secured;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Finding problem = shut ? null : problem((ByteBuf) message);
    if (problem != null) {
      shut = true;
      refuse.accept(problem);
    }
    if (shut) {
      ReferenceCountUtil.release(message);
    } else {
      context.fireChannelRead(message);
    }
  }

  /** What is wrong with what came, without moving its reader index. */
  private @Nullable Finding problem(ByteBuf piece) {
    octets += piece.readableBytes();
    ByteBuf in = piece.duplicate();
    Finding problem = null;
    while (problem == null && in.isReadable()) {
      problem = headerLength < HEADER ? readHeader(in) : readFragment(in);
      if (headerLength == HEADER && rest == 0) {
        headerLength = 0;
      }
    }
    return problem == null ? tooMuch() : problem;
  }

  private @Nullable Finding readHeader(ByteBuf in) {
    int count = Math.min(HEADER - headerLength, in.readableBytes());
    in.readBytes(header, headerLength, count);
    headerLength += count;
    int type = header[0];
    if (type < FIRST_TYPE || type > LAST_TYPE || (headerLength > 1 && header[1] != MAJOR_VERSION)) {
      return failed("the target does not speak TLS on this port");
    }
    return headerLength < HEADER ? null : beginRecord(type);
  }

  private @Nullable Finding beginRecord(int type) {
    rest = Octets.getShort(header, HEADER - 2);
    records++;
    if (rest > MAX_RECORD) {
      return failed("a TLS record of " + rest + " octets");
    }
    if (records == 1 && type != ALERT && (type != HANDSHAKE || rest < HELLO_HEADER)) {
      return failed(NO_HELLO);
    }
    return type == HANDSHAKE && secured.getAsBoolean()
        ? failed("the target asks for another TLS handshake")
        : null;
  }

  private @Nullable Finding readFragment(ByteBuf in) {
    if (records == 1 && header[0] == HANDSHAKE && helloLength < HELLO_HEADER) {
      int count = Math.min(HELLO_HEADER - helloLength, in.readableBytes());
      in.readBytes(hello, helloLength, count);
      helloLength += count;
      rest -= count;
      return judgeHello();
    }
    int count = Math.min(rest, in.readableBytes());
    in.skipBytes(count);
    rest -= count;
    return null;
  }

  private @Nullable Finding judgeHello() {
    boolean other = hello[0] != SERVER_HELLO;
    boolean large = helloLength == HELLO_HEADER && (Octets.getInt(hello, 0) & 0xFFFFFF) > MAX_HELLO;
    return other || large ? failed(NO_HELLO) : null;
  }

  private @Nullable Finding tooMuch() {
    if (!secured.getAsBoolean() && octets > HANDSHAKE_OCTETS) {
      return failed("TLS handshake is larger than " + HANDSHAKE_OCTETS + " octets");
    }
    if (++pieces > Probe.MAX_PIECES) {
      return Probe.TOO_MANY_PIECES;
    }
    if (octets > OCTETS || records > RECORDS) {
      return new Finding(
          Reason.RESPONSE_TOO_LARGE,
          "no verdict within " + OCTETS + " octets and " + RECORDS + " records of TLS");
    }
    return null;
  }

  private static Finding failed(String detail) {
    return new Finding(Reason.TLS_FAILED, detail);
  }
}
