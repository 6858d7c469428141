package dev.meridian.answer;

import dev.meridian.wire.Header;
import dev.meridian.wire.Octets;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends packets of any kind in one go, a good query behind them, and collects what comes back until
 * that is answered.
 */
final class PacketClient {
  private static final int TIMEOUT_MILLIS = 20_000;

  private PacketClient() {}

  /**
   * The responses by ID, the good query's among them.
   *
   * @param packets no two of them with the same ID
   * @param good answered for sure; with an ID of its own
   */
  static Map<Integer, byte[]> ask(
      InetSocketAddress server, boolean tcp, List<byte[]> packets, byte[] good) throws IOException {
    return tcp ? overTcp(server, packets, good) : overUdp(server, packets, good);
  }

  private static Map<Integer, byte[]> overUdp(
      InetSocketAddress server, List<byte[]> packets, byte[] good) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(server);
      for (byte[] packet : packets) {
        socket.send(new DatagramPacket(packet, packet.length));
      }
      socket.send(new DatagramPacket(good, good.length));
      Map<Integer, byte[]> responses = new HashMap<>();
      DatagramPacket received = new DatagramPacket(new byte[0xFFFF], 0xFFFF);
      while (!responses.containsKey(id(good))) {
        received.setLength(0xFFFF);
        socket.receive(received);
        keep(responses, Arrays.copyOf(received.getData(), received.getLength()));
      }
      return responses;
    }
  }

  /** A message shorter than a header, or cut, ends its connection: each has one of its own. */
  private static Map<Integer, byte[]> overTcp(
      InetSocketAddress server, List<byte[]> packets, byte[] good) throws IOException {
    Map<Integer, byte[]> responses = new HashMap<>();
    try (Socket socket = new Socket()) {
      socket.connect(server, TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      OutputStream out = socket.getOutputStream();
      for (byte[] packet : packets) {
        if (packet.length < Header.LENGTH) {
          expectTheEnd(server, packet, packet.length);
        } else {
          out.write(framed(packet, packet.length));
        }
      }
      out.write(framed(good, good.length));
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (!responses.containsKey(id(good))) {
        byte[] message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        keep(responses, message);
      }
    }
    byte[] last = packets.getLast();
    expectTheEnd(server, last, last.length + 1); // a message that says to be longer than it is
    return responses;
  }

  private static void expectTheEnd(InetSocketAddress server, byte[] packet, int length)
      throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(server, TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write(framed(packet, length));
      socket.shutdownOutput();
      int octet = socket.getInputStream().read();
      if (octet >= 0) {
        throw new AssertionError("an answer to half a message");
      }
    } catch (SocketException | EOFException e) {
      // closed before all was read: just as good
    }
  }

  private static byte[] framed(byte[] packet, int length) {
    byte[] framed = new byte[packet.length + 2];
    Octets.putShort(framed, 0, length);
    System.arraycopy(packet, 0, framed, 2, packet.length);
    return framed;
  }

  private static void keep(Map<Integer, byte[]> responses, byte[] response) {
    if (responses.put(id(response), response) != null) {
      throw new AssertionError("two responses to one packet");
    }
  }

  static int id(byte[] message) {
    return Octets.getShort(message, Header.ID_OFFSET);
  }
}
