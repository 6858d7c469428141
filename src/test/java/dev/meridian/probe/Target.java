package dev.meridian.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A listener on 127.0.0.1 that behaves as told to every connection, each on a thread of its own.
 */
final class Target implements AutoCloseable {
  static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  /** What happens on a connection; it is closed when this returns or fails. */
  @FunctionalInterface
  interface Behaviour {
    void serve(Socket connection) throws IOException, InterruptedException;
  }

  private final ServerSocket listener;
  private final AtomicReference<Behaviour> behaviour;
  private final List<Socket> connections = new CopyOnWriteArrayList<>();

  private Target(ServerSocket listener, Behaviour behaviour) {
    this.listener = listener;
    this.behaviour = new AtomicReference<>(behaviour);
    Thread.ofVirtual().start(this::accept);
  }

  static Target of(Behaviour behaviour) throws IOException {
    return on(new ServerSocket(0, 50, LOOPBACK), behaviour);
  }

  static Target on(ServerSocket listener, Behaviour behaviour) {
    return new Target(listener, behaviour);
  }

  /** Reads the request, then sends exactly this and closes. */
  static Behaviour answering(String response) {
    return connection -> {
      readRequest(connection);
      send(connection, response);
    };
  }

  /** A response with a length, as a well-behaved server sends it. */
  static String response(String status, String body) {
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  /** Sends something over and over until the other side has had enough. */
  static void flood(Socket connection, String piece) throws IOException {
    byte[] octets = piece.repeat(200).getBytes(ISO_8859_1);
    OutputStream out = connection.getOutputStream();
    while (true) {
      out.write(octets);
    }
  }

  static void send(Socket connection, String text) throws IOException {
    connection.getOutputStream().write(text.getBytes(ISO_8859_1));
    connection.getOutputStream().flush();
  }

  /** Everything up to the empty line. */
  static String readRequest(Socket connection) throws IOException {
    InputStream in = connection.getInputStream();
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    while (!request.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int octet = in.read();
      if (octet < 0) {
        throw new IOException("closed within the request: " + request);
      }
      request.write(octet);
    }
    return request.toString(ISO_8859_1);
  }

  /** Waits until the other side closes. */
  static void holdOpen(Socket connection) throws IOException {
    while (connection.getInputStream().read() >= 0) {
      // whatever it says
    }
  }

  void behave(Behaviour next) {
    behaviour.set(next);
  }

  int port() {
    return listener.getLocalPort();
  }

  int connectionsSoFar() {
    return connections.size();
  }

  /** Connections that neither side has closed. */
  long openConnections() {
    return connections.stream().filter(each -> !each.isClosed()).count();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket connection = listener.accept();
        connections.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      behaviour.get().serve(connection);
    } catch (IOException e) {
      // The prober hung up, or failed a handshake: what these tests are about.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket connection : connections) {
      connection.close();
    }
  }
}
