package dev.meridian.peers;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;

/**
 * A blocking client of one server. Whether a server keeps silent is not left to the clock: a second
 * message is sent behind, and when that is answered first, the server has said nothing.
 */
final class DnsClient implements AutoCloseable {
  /** What is added to a query's identifier for that of its second message. */
  private static final int SENTINEL = 0x8000;

  private static final int PATIENCE_MILLIS = 200;
  private static final int ATTEMPTS = 25;

  private final InetSocketAddress server;
  private final DatagramPacket packet = new DatagramPacket(new byte[0xFFFF], 0xFFFF);
  private final DatagramSocket udp;
  private int id;

  DnsClient(InetSocketAddress server) throws IOException {
    this.server = server;
    udp = new DatagramSocket();
    udp.setSoTimeout(PATIENCE_MILLIS);
    udp.connect(server);
  }

  /** The response; empty for silence, or for a connection that was closed. */
  byte[] ask(byte[] query, boolean tcp) throws IOException {
    byte[] message = query.clone();
    id = (id + 1) & 0x3FFF;
    if (message.length >= 2) {
      message[0] = (byte) (id >>> 8);
      message[1] = (byte) id;
    }
    return tcp ? overTcp(message) : overUdp(message);
  }

  private byte[] overUdp(byte[] query) throws IOException {
    udp.send(new DatagramPacket(query, query.length));
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        byte[] response = receive();
        if (id(response) == (id | SENTINEL)) {
          return new byte[0];
        }
        if (id(response) == id || (query.length < 2 && id(response) < SENTINEL)) {
          return response;
        }
      } catch (SocketTimeoutException e) {
        byte[] sentinel = sentinel();
        udp.send(new DatagramPacket(sentinel, sentinel.length));
      } catch (PortUnreachableException e) {
        pause(); // it has not started yet
        udp.send(new DatagramPacket(query, query.length));
      }
    }
    return new byte[0];
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks for the root's A record: answered or refused, but always with its identifier. */
  private byte[] sentinel() {
    return new byte[] {
      (byte) ((id | SENTINEL) >>> 8), (byte) id, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1
    };
  }

  private byte[] receive() throws IOException {
    packet.setLength(0xFFFF);
    udp.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  private byte[] overTcp(byte[] query) throws IOException {
    try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      send(socket, query);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        try {
          byte[] response = new byte[in.readUnsignedShort()];
          in.readFully(response);
          return id(response) == (id | SENTINEL) ? new byte[0] : response;
        } catch (SocketTimeoutException e) {
          send(socket, sentinel());
        }
      }
      return new byte[0];
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      return new byte[0]; // closed or reset: a client that talks nonsense is hung up on
    }
  }

  private static void send(Socket socket, byte[] message) throws IOException {
    byte[] framed = new byte[message.length + 2];
    framed[0] = (byte) (message.length >>> 8);
    framed[1] = (byte) message.length;
    System.arraycopy(message, 0, framed, 2, message.length);
    socket.getOutputStream().write(framed);
  }

  private static int id(byte[] message) {
    return message.length < 2 ? -1 : ((message[0] & 0xFF) << 8) | (message[1] & 0xFF);
  }

  @Override
  public void close() {
    udp.close();
  }
}
