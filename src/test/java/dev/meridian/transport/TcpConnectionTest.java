package dev.meridian.transport;

import static dev.meridian.transport.Tcp.concat;
import static dev.meridian.transport.Tcp.framed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.answer.QueryContext;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Rfc;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One connection without a socket or a clock: what comes in which piece, and when, is exact. */
class TcpConnectionTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long IDLE = 10 * SECOND;
  private static final long MESSAGE = 5 * SECOND;

  /** Long enough for the loop's own looks never to come in a test. */
  private static final Duration NEVER = Duration.ofDays(1);

  private static final int CONNECTIONS = 100;

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final LoopState loop =
      new LoopState(0, group.next(), new QueryLoop(new QueryContext(0), Echo::answer));
  private final TcpSettings settings =
      new TcpSettings(CONNECTIONS, CONNECTIONS, NEVER, NEVER, 64 * 1024);
  private final ConnectionLimits limits = new ConnectionLimits(settings, 1);
  private final List<TcpConnections> peers = new ArrayList<>();
  private long now = SECOND;
  private final TcpConnections connections =
      new TcpConnections(loop, settings, limits, peers, () -> now);

  TcpConnectionTest() {
    peers.add(connections);
  }

  @AfterEach
  void end() {
    group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @Test
  @Rfc(number = 7766, sections = "8")
  void queriesAreAnsweredWhereverTheirSegmentsEnd() {
    byte[][] queries = {Echo.query(1, 1), Echo.query(2, 22), Echo.query(3, 333)};
    byte[] stream = concat(framed(queries[0]), framed(queries[1]), framed(queries[2]));
    byte[] expected =
        concat(
            framed(Echo.response(queries[0])),
            framed(Echo.response(queries[1])),
            framed(Echo.response(queries[2])));
    for (int first = 0; first <= stream.length; first++) {
      for (int second = first; second <= stream.length; second++) {
        Client client = new Client();
        client.send(Arrays.copyOf(stream, first));
        client.send(Arrays.copyOfRange(stream, first, second));
        client.send(Arrays.copyOfRange(stream, second, stream.length));
        assertThat(client.answers()).as("cut at %s and %s", first, second).isEqualTo(expected);
        client.channel.close();
      }
    }
    assertThat(limits.all().open()).isZero();
  }

  @Test
  void thoseThatFallDueTogetherAreClosedAFewAtATime() {
    for (int i = 0; i < CONNECTIONS; i++) {
      new Client();
    }
    assertThat(connections.closeOverdue()).isZero();
    now += 2 * NEVER.toNanos();
    assertThat(connections.closeOverdue()).isEqualTo(TcpConnections.CLOSED_IN_A_TURN);
    assertThat(limits.all().open()).isEqualTo(CONNECTIONS - TcpConnections.CLOSED_IN_A_TURN);
    assertThat(connections.closeOverdue()).isPositive().isLessThan(TcpConnections.CLOSED_IN_A_TURN);
    assertThat(limits.all().open()).isZero();
  }

  @Test
  @Rfc(number = 7766, sections = "8")
  void aLengthLeavesTogetherWithItsMessage() {
    Client client = new Client();
    client.send(framed(Echo.query(1, 1)));
    ByteBuf write = client.channel.readOutbound();
    assertThat(ByteBufUtil.getBytes(write)).isEqualTo(framed(Echo.response(Echo.query(1, 1))));
    write.release();
  }

  @Test
  void answersThatArriveTogetherLeaveTogether() {
    Client client = new Client();
    client.send(concat(framed(Echo.query(1, 1)), framed(Echo.query(2, 2))));
    assertThat(client.channel.outboundMessages()).hasSize(1);
    client.answers();
  }

  @Test
  void aMessageHasItsTimeFromItsFirstOctetWhateverCameBefore() {
    Client client = new Client();
    client.send(framed(Echo.query(1, 1)));
    now += 4 * SECOND;
    byte[] next = framed(Echo.query(2, 2));
    client.send(Arrays.copyOf(next, 1));
    now += MESSAGE;
    assertThat(client.overdue()).isNull();
    client.send(Arrays.copyOfRange(next, 1, 2));
    now += 1;
    assertThat(client.overdue()).isEqualTo(TransportCounter.TCP_CLOSED_MESSAGE_TIMEOUT);
    client.send(Arrays.copyOfRange(next, 2, next.length));
    assertThat(client.overdue()).isNull();
    client.answers();
  }

  @Test
  @Rfc(number = 7766, sections = "6.2.3")
  void anAnswerRenewsTheIdleTimeAndNothingElseDoes() {
    Client client = new Client();
    client.send(framed(Echo.query(1, 1)));
    now += IDLE;
    assertThat(client.overdue()).isNull();
    client.send(framed(Echo.query(2, 2)));
    now += IDLE;
    assertThat(client.overdue()).isNull();
    client.send(Arrays.copyOf(framed(Echo.query(3, 3)), 5));
    now += 1;
    assertThat(client.overdue()).isEqualTo(TransportCounter.TCP_CLOSED_IDLE);
    client.answers();
  }

  @Test
  @Rfc(number = 7766, sections = "6.2.4")
  @Check("S28")
  void theSideThatTheClientEndsIsClosedBehindTheLastAnswer() {
    Client client = new Client();
    client.send(framed(Echo.query(1, 1)));
    client.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    assertThat(client.answers()).isEqualTo(framed(Echo.response(Echo.query(1, 1))));
    assertThat(client.channel.isOpen()).isFalse();
    assertThat(loop.stats().value(TransportCounter.TCP_CLOSED_BY_CLIENT)).isEqualTo(1);
  }

  @Test
  @Rfc(number = 7766, sections = "6.2.4")
  void allThatAStalledClientSentBeforeItEndedItsSideIsAnswered() {
    byte[] query = Echo.query(1, 1);
    int queries = 2 * 64 * 1024 / query.length;
    Client client = new Client();
    client.takesNothing = true;
    for (int i = 0; i < queries; i++) {
      client.send(framed(query));
    }
    assertThat(client.channel.config().isAutoRead()).isFalse();
    assertThat(loop.stats().value(TransportCounter.TCP_RECEIVED)).isLessThan(queries);
    client.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    assertThat(client.channel.isOpen()).isTrue();
    client.takesNothing = false;
    client.channel.flush();
    assertThat(client.answers()).hasSize(queries * framed(Echo.response(query)).length);
    assertThat(client.channel.isOpen()).isFalse();
  }

  @Test
  void aResetUnderTheLastAnswersGivesBackOnePlaceAndLeavesTheOthersTheirs() {
    Client other = new Client();
    Client gone = new Client();
    gone.reset = true;
    gone.send(concat(framed(Echo.query(1, 1)), framed(new byte[1])));
    assertThat(gone.channel.isOpen()).isFalse();
    assertThat(limits.all().open()).isEqualTo(1);
    assertThat(loop.stats().value(TransportCounter.TCP_OPEN)).isEqualTo(1);
    IdleList.Entry left = limits.all().onLoop(0).longestIdle();
    assertThat(left).isNotNull();
    assertThat(left.connection()).isSameAs(other.connection);
    other.send(framed(Echo.query(2, 2)));
    assertThat(other.answers()).isEqualTo(framed(Echo.response(Echo.query(2, 2))));
  }

  /** The far end of a connection. */
  private final class Client {
    private boolean reset;
    private boolean takesNothing;
    private final EmbeddedChannel channel = new Wire(this);
    private final TcpConnection connection = new TcpConnection(channel, connections);

    Client() {
      channel.pipeline().addLast(connection);
      connection.channelActive(channel.pipeline().lastContext());
    }

    void send(byte[] octets) {
      if (octets.length > 0) {
        channel.writeInbound(Unpooled.directBuffer().writeBytes(octets));
      }
    }

    /** All that has been answered, as a stream of octets. */
    byte[] answers() {
      ByteBuf all = Unpooled.buffer();
      for (ByteBuf each = channel.readOutbound(); each != null; each = channel.readOutbound()) {
        all.writeBytes(each);
        each.release();
      }
      return ByteBufUtil.getBytes(all);
    }

    @Nullable TransportCounter overdue() {
      return connection.overdue(now, IDLE, MESSAGE);
    }
  }

  /**
   * A channel with an address, whose writes fail once the client has gone, and wait while it takes
   * none.
   */
  private static final class Wire extends EmbeddedChannel {
    private final Client client;

    Wire(Client client) {
      this.client = client;
    }

    @Override
    protected SocketAddress remoteAddress0() {
      return new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 4242);
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) throws Exception {
      if (client.reset) {
        throw new IOException("Broken pipe");
      }
      if (!client.takesNothing) {
        super.doWrite(out);
      }
    }
  }
}
