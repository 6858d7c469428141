package dev.meridian.judge;

import dev.meridian.judge.Judgement.Answer;
import dev.meridian.net.Prefix;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.xbill.DNS.Address;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A client of a server, from any address of loopback: UDP, and TCP for what was cut off. */
final class Wire implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 1000;
  private static final int ATTEMPTS = 10;
  private static final int PAYLOAD = 1232;

  private final InetSocketAddress server;
  private final Map<String, DatagramSocket> sockets = new HashMap<>();
  private int id;

  Wire(InetSocketAddress server) {
    this.server = server;
  }

  /**
   * A response.
   *
   * @param scope of the client subnet; -1 if there is none in it
   * @param cut whether it had no room over UDP
   */
  record Response(Answer answer, int scope, boolean authoritative, boolean cut) {}

  Response ask(Question question) throws IOException {
    Message query = query(question);
    Message response = new Message(overUdp(question, query));
    boolean cut = response.getHeader().getFlag(Flags.TC);
    if (cut) {
      response = new Message(overTcp(question, query));
    }
    if (!response
        .getQuestion()
        .getName()
        .toString()
        .equals(query.getQuestion().getName().toString())) {
      throw new AssertionError("another question in " + response);
    }
    return read(question, response, cut);
  }

  private Message query(Question question) throws IOException {
    Name name = Name.fromString(question.spelled());
    Message query =
        Message.newQuery(Record.newRecord(name, Type.value(question.type()), DClass.IN));
    id = (id + 1) & 0xFFFF;
    query.getHeader().setID(id);
    Prefix subnet = question.subnet();
    if (subnet != null) {
      String text = subnet.toString();
      InetAddress address = Address.getByAddress(text.substring(0, text.indexOf('/')));
      EDNSOption option = new ClientSubnetOption(subnet.length(), address);
      query.addRecord(new OPTRecord(PAYLOAD, 0, 0, 0, List.of(option)), Section.ADDITIONAL);
    }
    return query;
  }

  private byte[] overUdp(Question question, Message query) throws IOException {
    DatagramSocket socket = socket(question.source());
    byte[] octets = query.toWire();
    DatagramPacket packet = new DatagramPacket(new byte[0xFFFF], 0xFFFF);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      socket.send(new DatagramPacket(octets, octets.length, server));
      try {
        do {
          packet.setLength(0xFFFF);
          socket.receive(packet);
        } while (packet.getData()[0] != octets[0] || packet.getData()[1] != octets[1]);
        return Arrays.copyOf(packet.getData(), packet.getLength());
      } catch (SocketTimeoutException lost) {
        // once more
      }
    }
    throw new AssertionError("no answer to " + question);
  }

  private DatagramSocket socket(String source) throws IOException {
    DatagramSocket socket = sockets.get(source);
    if (socket == null) {
      socket = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral(source), 0));
      socket.setSoTimeout(TIMEOUT_MILLIS);
      sockets.put(source, socket);
    }
    return socket;
  }

  private byte[] overTcp(Question question, Message query) throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(question.source()), 0));
      socket.connect(server);
      socket.setSoTimeout(ATTEMPTS * TIMEOUT_MILLIS);
      byte[] octets = query.toWire();
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      byte[] framed = new byte[octets.length + 2];
      framed[0] = (byte) (octets.length >>> 8);
      framed[1] = (byte) octets.length;
      System.arraycopy(octets, 0, framed, 2, octets.length);
      out.write(framed);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] response = new byte[in.readUnsignedShort()];
      in.readFully(response);
      return response;
    }
  }

  private static Response read(Question question, Message response, boolean cut) {
    List<Record> answer = response.getSection(Section.ANSWER);
    Set<String> records = texts(answer);
    if (records.size() != answer.size()) {
      throw new AssertionError(question + ": a record twice in " + response);
    }
    boolean negative = answer.isEmpty() || answer.getLast().getType() == Type.CNAME;
    Answer read =
        new Answer(
            Rcode.string(response.getRcode()),
            records,
            negative ? texts(response.getSection(Section.AUTHORITY)) : Set.of());
    return new Response(
        read, scope(question, response), response.getHeader().getFlag(Flags.AA), cut);
  }

  private static Set<String> texts(List<Record> records) {
    Set<String> texts = new TreeSet<>();
    records.forEach(record -> texts.add(Rdata.of(record)));
    return texts;
  }

  private static int scope(Question question, Message response) {
    if (response.getOPT() == null) {
      return -1;
    }
    List<EDNSOption> options = response.getOPT().getOptions(EDNSOption.Code.CLIENT_SUBNET);
    if (options.isEmpty()) {
      return -1;
    }
    ClientSubnetOption option = (ClientSubnetOption) options.getFirst();
    Prefix echoed = Prefix.of(option.getAddress().getAddress(), option.getSourcePrefixLength());
    if (!echoed.equals(question.subnet())) {
      throw new AssertionError(question + ": " + echoed + " in the response");
    }
    return option.getScopePrefixLength();
  }

  @Override
  public void close() {
    new ArrayList<>(sockets.values()).forEach(DatagramSocket::close);
  }
}
