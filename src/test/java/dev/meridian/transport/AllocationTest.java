package dev.meridian.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.netty.channel.epoll.Epoll;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What a query costs in garbage on epoll, seen from the thread that serves it. */
class AllocationTest {
  private static final int WINDOW = 32;
  private static final int QUERIES_PER_ROUND = 64 * WINDOW;

  /** Interpreted code allocates where compiled code does not, and compilation takes its time. */
  private static final int MAX_ROUNDS = 2000;

  private static final int QUIET_ROUNDS = 10;

  /** Leaves the processor to the compilers, which give way to everything else. */
  private static final long REST_NANOS = 5_000_000;

  /** A client that asks {@link #QUERIES_PER_ROUND} times and has all the answers. */
  private interface Round {
    void run() throws IOException;
  }

  @Test
  void theForeignPathAllocatesNothingPerDatagram() throws IOException {
    AtomicLong serving = new AtomicLong();
    try (DnsServer server = start(serving);
        DatagramChannel client = DatagramChannel.open()) {
      client.connect(server.boundAddresses().getFirst());
      assertQuiet(serving, () -> datagrams(client));
    }
  }

  @Test
  void aTcpConnectionAllocatesNothingPerQuery() throws IOException {
    AtomicLong serving = new AtomicLong();
    try (DnsServer server = start(serving);
        Socket client = Tcp.connect(server)) {
      assumeFalse(ResourceLeakDetector.isEnabled(), "Netty follows buffers, which costs garbage");
      byte[] query = Tcp.framed(Echo.query(1, 1));
      assertQuiet(serving, () -> exchanges(client, query, QUERIES_PER_ROUND));
      byte[] window = Tcp.concat(Collections.nCopies(WINDOW, query).toArray(byte[][]::new));
      assertQuiet(serving, () -> exchanges(client, window, QUERIES_PER_ROUND / WINDOW));
    }
  }

  private static DnsServer start(AtomicLong serving) {
    assumeTrue(Epoll.isAvailable() && ForeignUdp.isAvailable(), "needs the foreign path");
    MessageHandler handler =
        context -> {
          serving.setPlain(Thread.currentThread().threadId());
          return Echo.answer(context);
        };
    return UdpTest.start(UdpPath.FOREIGN, "127.0.0.1", Echo.factory(handler));
  }

  private static void assertQuiet(AtomicLong serving, Round round) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    round.run();
    int quiet = 0;
    long allocated = 0;
    for (int i = 0; i < MAX_ROUNDS && quiet < QUIET_ROUNDS; i++) {
      long before = threads.getThreadAllocatedBytes(serving.get());
      round.run();
      allocated = threads.getThreadAllocatedBytes(serving.get()) - before;
      if (allocated < QUERIES_PER_ROUND) {
        quiet++;
      } else {
        quiet = 0;
        LockSupport.parkNanos(REST_NANOS);
      }
    }
    assertThat(quiet)
        .as(
            "rounds in a row without garbage; %s octets in the last of %s queries",
            allocated, QUERIES_PER_ROUND)
        .isEqualTo(QUIET_ROUNDS);
  }

  /** One client has one socket of the server, so one thread serves all of it. */
  private static void datagrams(DatagramChannel client) throws IOException {
    ByteBuffer query = ByteBuffer.wrap(Echo.query(1, 1));
    ByteBuffer answer = ByteBuffer.allocate(512);
    for (int sent = 0; sent < QUERIES_PER_ROUND; sent += WINDOW) {
      for (int i = 0; i < WINDOW; i++) {
        client.write(query.rewind());
      }
      for (int i = 0; i < WINDOW; i++) {
        answer.clear();
        client.read(answer);
        assertThat(answer.position()).isEqualTo(query.capacity());
      }
    }
  }

  /** An answer has as many octets as its query. */
  private static void exchanges(Socket client, byte[] queries, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      Tcp.send(client, queries);
      assertThat(client.getInputStream().readNBytes(queries.length)).hasSize(queries.length);
    }
  }
}
