package dev.meridian.golden;

import dev.meridian.answer.Counter;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The four ways to ask, each with a plain blocking client. */
enum Transport {
  UDP4("127.0.0.1", false, Counter.UDP_IPV4),
  UDP6("::1", false, Counter.UDP_IPV6),
  TCP4("127.0.0.1", true, Counter.TCP_IPV4),
  TCP6("::1", true, Counter.TCP_IPV6);

  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int ID = 0x4D52;
  private static final int SENTINEL_ID = 0x5345;

  /** Asks for the root's A record; answered or refused, but always with its identifier. */
  private static final byte[] SENTINEL = {
    (byte) (SENTINEL_ID >>> 8), (byte) SENTINEL_ID, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1
  };

  private final InetAddress loopback;
  private final boolean tcp;
  private final Counter counter;

  Transport(String loopback, boolean tcp, Counter counter) {
    this.loopback = InetAddress.ofLiteral(loopback);
    this.tcp = tcp;
    this.counter = counter;
  }

  InetAddress loopback() {
    return loopback;
  }

  boolean tcp() {
    return tcp;
  }

  boolean ipv4() {
    return loopback.getAddress().length == 4;
  }

  /** What the server counts queries that come this way as. */
  Counter counter() {
    return counter;
  }

  /** What came back. */
  static final class Reply {
    private final byte[] response;
    private final int sentinels;

    private Reply(byte[] response, int sentinels) {
      this.response = response;
      this.sentinels = sentinels;
    }

    /** Empty for silence. */
    byte[] response() {
      return response;
    }

    /** Answers to the message sent behind the query, 0 or 1. */
    int sentinels() {
      return sentinels;
    }
  }

  /**
   * Sends a query and waits for its response.
   *
   * @param query its first two octets are overwritten
   * @param maybeSilence a second message, one that is answered for sure, is sent behind: if nothing
   *     comes before its answer, the server kept silent
   */
  Reply ask(
      InetSocketAddress server, @Nullable InetAddress source, byte[] query, boolean maybeSilence) {
    byte[] message = query.clone();
    if (message.length >= 2) {
      message[0] = (byte) (ID >>> 8);
      message[1] = (byte) ID;
    }
    try {
      return tcp
          ? overTcp(server, source, message, maybeSilence)
          : overUdp(server, source, message, maybeSilence);
    } catch (IOException e) {
      throw new UncheckedIOException(this + ": " + e.getMessage(), e);
    }
  }

  private static Reply overUdp(
      InetSocketAddress server, @Nullable InetAddress source, byte[] query, boolean maybeSilence)
      throws IOException {
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(source, 0))) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(server);
      socket.send(new DatagramPacket(query, query.length));
      if (!maybeSilence) {
        return new Reply(receive(socket), 0);
      }
      socket.send(new DatagramPacket(SENTINEL, SENTINEL.length));
      byte[] first = receive(socket);
      if (id(first) == SENTINEL_ID) {
        return new Reply(new byte[0], 1);
      }
      receive(socket);
      return new Reply(first, 1);
    }
  }

  private static byte[] receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[0xFFFF], 0xFFFF);
    socket.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  private static Reply overTcp(
      InetSocketAddress server, @Nullable InetAddress source, byte[] query, boolean maybeSilence)
      throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(source, 0));
      socket.connect(server, TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      OutputStream out = socket.getOutputStream();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      send(out, query);
      if (!maybeSilence) {
        return new Reply(receive(in), 0);
      }
      send(out, SENTINEL);
      byte[] first = receive(in);
      if (first.length == 0 || id(first) == SENTINEL_ID) {
        return new Reply(new byte[0], first.length == 0 ? 0 : 1);
      }
      return new Reply(first, receive(in).length == 0 ? 0 : 1);
    }
  }

  private static void send(OutputStream out, byte[] message) throws IOException {
    byte[] framed = new byte[message.length + 2];
    framed[0] = (byte) (message.length >>> 8);
    framed[1] = (byte) message.length;
    System.arraycopy(message, 0, framed, 2, message.length);
    out.write(framed);
    out.flush();
  }

  /** Empty at the end of the stream: a connection may be closed on a client that talks nonsense. */
  private static byte[] receive(DataInputStream in) throws IOException {
    try {
      byte[] message = new byte[in.readUnsignedShort()];
      in.readFully(message);
      return message;
    } catch (EOFException e) {
      return new byte[0];
    }
  }

  private static int id(byte[] message) {
    return ((message[0] & 0xFF) << 8) | (message[1] & 0xFF);
  }
}
