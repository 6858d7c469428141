package dev.meridian.testkit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;

/**
 * Asks a server one question over UDP several hundred times a second, answered or not, and over TCP
 * with a connection for each. What is not answered in the end, however late, was lost.
 */
public final class OpenLoop implements AutoCloseable {
  private static final long PAUSE_NANOS = 2_000_000;
  private static final int PATIENCE_MILLIS = 20_000;
  private static final long PATIENCE_NANOS = PATIENCE_MILLIS * 1_000_000L;
  private static final long SHORT_NANOS = 500_000_000L;
  private static final int LOOK_MILLIS = 20;
  private static final int IDS = 1 << 16;
  private static final int BATCH = 32;

  private final InetSocketAddress server;
  private final byte[] query;
  private final String expected;
  private final DatagramSocket socket;
  private final Thread asking;
  private final Thread listening;
  private final Thread overTcp;
  private final boolean[] answered = new boolean[IDS];
  private volatile boolean stopped;
  private volatile boolean patient = true;
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger received = new AtomicInteger();
  private volatile String wrong = "";

  private OpenLoop(InetSocketAddress server, Message query, String expected) throws IOException {
    this.server = server;
    this.query = query.toWire();
    this.expected = expected;
    this.socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    socket.setReceiveBufferSize(1 << 20);
    socket.setSoTimeout(LOOK_MILLIS);
    asking = Thread.ofPlatform().daemon().start(this::ask);
    listening = Thread.ofPlatform().daemon().start(this::listen);
    overTcp = Thread.ofPlatform().daemon().start(this::askOverTcp);
  }

  /**
   * Begins to ask for an A record.
   *
   * @param expected the address in every answer
   */
  public static OpenLoop start(InetSocketAddress server, String name, String expected)
      throws IOException {
    return new OpenLoop(server, Answering.query(name, "A"), expected);
  }

  private void ask() {
    try {
      while (!stopped && sent.get() < IDS) {
        byte[] message = query.clone();
        message[0] = (byte) (sent.get() >> 8);
        message[1] = (byte) sent.get();
        socket.send(new DatagramPacket(message, message.length, server));
        sent.incrementAndGet();
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (IOException e) {
      wrong = "sending: " + e;
    }
  }

  private void listen() {
    byte[] buffer = new byte[0xFFFF];
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    long lastNews = System.nanoTime();
    while (!stopped
        || (received.get() < sent.get()
            && System.nanoTime() - lastNews < (patient ? PATIENCE_NANOS : SHORT_NANOS))) {
      try {
        packet.setLength(buffer.length);
        socket.receive(packet);
        byte[] message = Arrays.copyOf(buffer, packet.getLength());
        check(message);
        answered[(message[0] & 0xFF) << 8 | (message[1] & 0xFF)] = true;
        received.incrementAndGet();
        lastNews = System.nanoTime();
      } catch (SocketTimeoutException e) {
        // to see whether there is anything to wait for
      } catch (IOException e) {
        wrong = "receiving: " + e;
        return;
      }
    }
  }

  private void askOverTcp() {
    while (!stopped && wrong.isEmpty()) {
      try (Socket client = new Socket()) {
        client.setSoTimeout(PATIENCE_MILLIS);
        client.connect(server, PATIENCE_MILLIS);
        DataOutputStream out = new DataOutputStream(client.getOutputStream());
        byte[] framed = new byte[2 + query.length];
        framed[1] = (byte) query.length;
        System.arraycopy(query, 0, framed, 2, query.length);
        out.write(framed);
        DataInputStream in = new DataInputStream(client.getInputStream());
        check(in.readNBytes(in.readUnsignedShort()));
      } catch (IOException e) {
        wrong = "over TCP: " + e;
      }
      LockSupport.parkNanos(5 * PAUSE_NANOS);
    }
  }

  private void check(byte[] message) {
    Message response = Answering.parse(message);
    boolean right =
        response.getSection(Section.ANSWER).stream()
            .anyMatch(answer -> answer.rdataToString().equals(expected));
    if (!right) {
      wrong = "an answer: " + response;
    }
  }

  /** Asks no more, and waits for the answers. */
  public void stop() throws InterruptedException {
    stopped = true;
    asking.join();
    overTcp.join();
    listening.join();
  }

  /** Asks no more, and takes what has been answered already. */
  public void stopSoon() throws InterruptedException {
    patient = false;
    stop();
  }

  private int lost() {
    int lost = 0;
    for (int id = 0; id < sent.get(); id++) {
      lost += answered[id] ? 0 : 1;
    }
    return lost;
  }

  /** Queries without an answer that were asked before one that has an answer. */
  public int gaps() {
    int last = sent.get() - 1;
    while (last >= 0 && !answered[last]) {
      last--;
    }
    int gaps = 0;
    for (int id = 0; id <= last; id++) {
      gaps += answered[id] ? 0 : 1;
    }
    return gaps;
  }

  /** Waits until so many queries have an answer. */
  public void awaitAnswers(int count) throws InterruptedException {
    while (received.get() < count && listening.isAlive()) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  /** What went wrong; empty: nothing, and every query has its answer. */
  public String wrong() {
    int lost = lost();
    return lost == 0 ? wrong : lost + " of " + sent + " queries have no answer; " + wrong;
  }

  /** The same, but for what a process that was killed had in its hands. */
  public String wrongButAtMostOneBatch() {
    return lost() <= BATCH && (wrong.isEmpty() || wrong.startsWith("over TCP")) ? "" : wrong();
  }

  @Override
  public void close() {
    stopped = true;
    socket.close();
  }
}
