package dev.meridian.testkit;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A recursive resolver on a loopback port, over UDP and TCP, that says what a test tells it to:
 * nothing is known at first, and what is not known is NXDOMAIN.
 */
public final class FakeResolver implements AutoCloseable {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final Map<String, List<Record>> answers = new ConcurrentHashMap<>();
  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private final BlockingQueue<List<Integer>> marks = new LinkedBlockingQueue<>();
  private volatile boolean silent;
  private volatile boolean cuts;
  private volatile int rcode = -1;
  private volatile UnaryOperator<byte[]> spoil = UnaryOperator.identity();

  /** Starts its threads. */
  public FakeResolver() {
    int port = FreePort.on(LOOPBACK.getHostAddress());
    try {
      udp = new DatagramSocket(new InetSocketAddress(LOOPBACK, port));
      tcp = new ServerSocket(port, 16, LOOPBACK);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::serveUdp);
    Thread.ofVirtual().start(this::serveTcp);
  }

  /** Where it is to be asked. */
  public InetSocketAddress address() {
    return new InetSocketAddress(LOOPBACK, udp.getLocalPort());
  }

  /**
   * From now on a name and type are answered with these records.
   *
   * @param question such as {@code lb.example.net. A}
   * @param records such as {@code lb.example.net. 60 IN A 192.0.2.1}; none: NODATA
   */
  public FakeResolver answer(String question, String... records) {
    answers.put(question, List.of(records).stream().map(FakeResolver::record).toList());
    return this;
  }

  /** The name does not exist any more. */
  public void forget(String question) {
    answers.remove(question);
  }

  /** Whether nothing is answered at all. */
  public void silent(boolean now) {
    silent = now;
  }

  /** Whether UDP answers are empty and truncated. */
  public void cuts(boolean now) {
    cuts = now;
  }

  /** Answers with this code; below 0: with what is known. */
  public void rcode(int now) {
    rcode = now;
  }

  /** What is done to each response before it is sent. */
  public void spoil(UnaryOperator<byte[]> now) {
    spoil = now;
  }

  /** Each question since the start, once, with the transport: {@code lb.example.net. A udp}. */
  public BlockingQueue<String> asked() {
    return asked;
  }

  /** Id and source port of each query over UDP. */
  public BlockingQueue<List<Integer>> marks() {
    return marks;
  }

  private static Record record(String text) {
    String[] words = text.split(" +", 5);
    try {
      return Record.fromString(
          Name.fromString(words[0]),
          Type.value(words[3]),
          1,
          Long.parseLong(words[1]),
          words[4],
          Name.root);
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  private void serveUdp() {
    DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
    while (!udp.isClosed()) {
      try {
        packet.setLength(4096);
        udp.receive(packet);
        byte[] query = new byte[packet.getLength()];
        System.arraycopy(packet.getData(), 0, query, 0, query.length);
        marks.add(List.of((query[0] & 0xFF) << 8 | (query[1] & 0xFF), packet.getPort()));
        byte[] response = respond(query, "udp");
        if (!silent) {
          udp.send(new DatagramPacket(response, response.length, packet.getSocketAddress()));
        }
      } catch (SocketException e) {
        return; // closed
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serveTcp() {
    while (!tcp.isClosed()) {
      try (Socket socket = tcp.accept()) {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] query = new byte[in.readUnsignedShort()];
        in.readFully(query);
        byte[] response = respond(query, "tcp");
        byte[] frame =
            ByteBuffer.allocate(response.length + 2)
                .putShort((short) response.length)
                .put(response)
                .array();
        socket.getOutputStream().write(frame);
      } catch (IOException e) {
        // the client went away, or the test is over
      }
    }
  }

  private byte[] respond(byte[] query, String transport) throws IOException {
    Message message = new Message(query);
    Record question = message.getQuestion();
    String key = question.getName() + " " + Type.string(question.getType());
    asked.add(key + " " + transport);
    message.getHeader().setFlag(Flags.QR);
    message.getHeader().setFlag(Flags.RA);
    List<Record> records = answers.get(key);
    if (cuts && transport.equals("udp")) {
      message.getHeader().setFlag(Flags.TC);
    } else if (rcode >= 0) {
      message.getHeader().setRcode(rcode);
    } else if (records == null) {
      message.getHeader().setRcode(Rcode.NXDOMAIN);
    } else {
      records.forEach(
          each -> message.addRecord(each, each.getType() == Type.SOA ? Section.AUTHORITY : 1));
    }
    return spoil.apply(message.toWire());
  }

  @Override
  public void close() {
    udp.close();
    try {
      tcp.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
