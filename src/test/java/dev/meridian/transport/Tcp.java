package dev.meridian.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** Servers with limits on TCP, and plain blocking clients of them. */
final class Tcp {
  private static final int TIMEOUT_MILLIS = 5000;

  private Tcp() {}

  static DnsServer start(TcpSettings tcp) {
    return start(tcp, Echo::answer);
  }

  /** One loop, so that limits are exact. */
  static DnsServer start(TcpSettings tcp, MessageHandler handler) {
    return DnsServer.start(
        List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)),
        TransportSettings.defaults().withLoops(1).withTcp(tcp),
        Echo.factory(handler));
  }

  static TcpSettings limits(int connections, int perAddress, long idleMillis, long messageMillis) {
    return new TcpSettings(
        connections,
        perAddress,
        Duration.ofMillis(idleMillis),
        Duration.ofMillis(messageMillis),
        TcpSettings.defaults().writeBufferOctets());
  }

  static Socket connect(DnsServer server) throws IOException {
    Socket client = new Socket();
    client.setTcpNoDelay(true);
    client.setSoTimeout(TIMEOUT_MILLIS);
    client.connect(server.boundAddresses().getFirst());
    return client;
  }

  static byte[] framed(byte[] message) {
    return ByteBuffer.allocate(2 + message.length)
        .putShort((short) message.length)
        .put(message)
        .array();
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static void send(Socket client, byte[] octets) throws IOException {
    new DataOutputStream(client.getOutputStream()).write(octets);
  }

  static byte[] receive(Socket client) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    byte[] message = new byte[in.readUnsignedShort()];
    in.readFully(message);
    return message;
  }

  /** The server may close before all is sent, which is what the caller waits for. */
  static void flood(Socket client, byte[] query, int times) {
    try {
      for (int i = 0; i < times; i++) {
        send(client, query);
      }
    } catch (IOException closed) {
      assertThat(closed).isInstanceOf(SocketException.class);
    }
  }

  static void assertClosed(DnsServer server, Socket client, TransportCounter reason)
      throws IOException {
    assertThat(endOfStream(client)).isTrue();
    UdpTest.awaitCount(server, reason, 1);
  }

  static boolean endOfStream(Socket client) throws IOException {
    try {
      return client.getInputStream().read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }
}
