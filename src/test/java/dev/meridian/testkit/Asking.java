package dev.meridian.testkit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import org.xbill.DNS.Message;

/** Asks a server one question at a time, and waits for the answer. */
public final class Asking {
  private static final int PATIENCE_MILLIS = 10_000;

  private Asking() {}

  /** The response over UDP. */
  public static Message udp(InetSocketAddress server, Message query) {
    try (DatagramSocket socket = new DatagramSocket()) {
      byte[] octets = query.toWire();
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.send(new DatagramPacket(octets, octets.length, server));
      DatagramPacket answer = new DatagramPacket(new byte[0xFFFF], 0xFFFF);
      socket.receive(answer);
      return Answering.parse(Arrays.copyOf(answer.getData(), answer.getLength()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The response over TCP. */
  public static Message tcp(InetSocketAddress server, Message query) {
    try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
      byte[] octets = query.toWire();
      socket.setSoTimeout(PATIENCE_MILLIS);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeShort(octets.length);
      out.write(octets);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      return Answering.parse(in.readNBytes(in.readUnsignedShort()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
