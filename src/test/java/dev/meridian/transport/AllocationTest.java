package dev.meridian.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a datagram costs in garbage on the foreign path, seen from the thread that serves it. */
class AllocationTest {
  private static final int WINDOW = 32;
  private static final int DATAGRAMS_PER_ROUND = 64 * WINDOW;

  /** Interpreted code allocates where compiled code does not, and compilation takes its time. */
  private static final int MAX_ROUNDS = 500;

  private static final int QUIET_ROUNDS = 10;

  @Test
  void theForeignPathAllocatesNothingPerDatagram() throws IOException {
    assumeTrue(Epoll.isAvailable() && ForeignUdp.isAvailable(), "needs the foreign path");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    AtomicLong serving = new AtomicLong();
    MessageHandler handler =
        context -> {
          serving.setPlain(Thread.currentThread().threadId());
          return Echo.answer(context);
        };
    try (DnsServer server = UdpTest.start(UdpPath.FOREIGN, "127.0.0.1", Echo.factory(handler));
        DatagramChannel client = DatagramChannel.open()) {
      client.connect(server.boundAddresses().getFirst());
      client.socket().setSoTimeout(5000);
      round(client);
      int quiet = 0;
      long allocated = 0;
      for (int i = 0; i < MAX_ROUNDS && quiet < QUIET_ROUNDS; i++) {
        long before = threads.getThreadAllocatedBytes(serving.get());
        round(client);
        allocated = threads.getThreadAllocatedBytes(serving.get()) - before;
        quiet = allocated < DATAGRAMS_PER_ROUND ? quiet + 1 : 0;
      }
      assertThat(quiet)
          .as(
              "rounds in a row without garbage; %s octets in the last of %s datagrams",
              allocated, DATAGRAMS_PER_ROUND)
          .isEqualTo(QUIET_ROUNDS);
    }
  }

  /** One client has one socket of the server, so one thread serves all of it. */
  private static void round(DatagramChannel client) throws IOException {
    ByteBuffer query = ByteBuffer.wrap(Echo.query(1, 1));
    ByteBuffer answer = ByteBuffer.allocate(512);
    for (int sent = 0; sent < DATAGRAMS_PER_ROUND; sent += WINDOW) {
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
}
