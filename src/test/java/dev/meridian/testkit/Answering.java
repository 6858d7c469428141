package dev.meridian.testkit;

import dev.meridian.answer.AnswerSettings;
import dev.meridian.answer.QueryContext;
import dev.meridian.answer.QueryProcessor;
import dev.meridian.answer.ServerState;
import dev.meridian.answer.StateHolder;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.net.Prefix;
import dev.meridian.zone.Zone;
import dev.meridian.zone.ZoneBuilder;
import dev.meridian.zone.Zones;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** The answer path without sockets: zones from text, questions in, responses in dig's words out. */
public final class Answering {
  private final StateHolder states = new StateHolder();
  private final QueryContext context = new QueryContext(1);
  private final QueryProcessor processor;

  /** Serves the given zones, without cookies and identity. */
  public Answering(List<Zone> zones) {
    this(zones, AnswerSettings.plain(1232));
  }

  /** Serves the given zones. */
  public Answering(List<Zone> zones, AnswerSettings settings) {
    processor = new QueryProcessor(states, settings);
    publish(ServerState.of(new Zones(zones), EligibilitySnapshot.ALL, 1));
  }

  /** Serves {@code example.com.} with nothing in it but 192.0.2.34 at its apex. */
  public static Answering oneAddress(AnswerSettings settings) {
    String text =
        """
        @ 300 SOA ns1 hostmaster 1 2 3 4 5
        @ 300 NS ns1
        @ 300 A 192.0.2.34
        """;
    return new Answering(List.of(zone("example.com.", text).build()), settings);
  }

  /** Serves another state from now on. */
  public void publish(ServerState state) {
    states.publish(state);
  }

  public ServerState state() {
    return states.get();
  }

  public QueryContext context() {
    return context;
  }

  public QueryProcessor processor() {
    return processor;
  }

  /** Reads a master file with dnsjava; {@code origin} is the apex. */
  public static ZoneBuilder zone(String origin, String text) {
    try (Master master =
        new Master(
            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
            Name.fromString(origin),
            300)) {
      ZoneBuilder builder = new ZoneBuilder(dev.meridian.wire.DomainName.parse(origin));
      for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
        builder.add(
            record.getName().toWire(),
            record.getType(),
            record.getTTL(),
            record.rdataToWireCanonical(),
            0);
      }
      return builder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A question as dig makes it; {@code subnet} adds EDNS client subnet. */
  public static Message query(String name, String type, String... subnet) {
    try {
      Message message =
          Message.newQuery(Record.newRecord(Name.fromString(name), Type.value(type), DClass.IN));
      if (subnet.length > 0) {
        Prefix prefix = Prefix.parse(subnet[0]);
        String address = prefix.toString().substring(0, prefix.toString().indexOf('/'));
        message.addRecord(
            new OPTRecord(
                1232,
                0,
                0,
                0,
                List.of(
                    new org.xbill.DNS.ClientSubnetOption(
                        prefix.length(), org.xbill.DNS.Address.getByAddress(address)))),
            Section.ADDITIONAL);
      }
      return message;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A question with EDNS and one option. */
  public static Message queryWithOption(String name, String type, int code, byte[] data) {
    Message message = query(name, type);
    message.addRecord(
        new OPTRecord(1232, 0, 0, 0, List.of(new GenericEDNSOption(code, data))),
        Section.ADDITIONAL);
    return message;
  }

  /** Tells how long a TCP connection may be idle from here on, as the transport does. */
  public void limitIdle(Duration idle) {
    context.limitIdle(idle.toMillis());
  }

  /** The octets that answer, empty for silence. */
  public byte[] raw(byte[] query, boolean tcp) {
    return raw(query, tcp, Prefix.parse("127.0.0.1/32"));
  }

  /** The octets that answer a client, empty for silence. */
  public byte[] raw(byte[] query, boolean tcp, Prefix client) {
    System.arraycopy(query, 0, context.request(), 0, query.length);
    context.source().set(client);
    context.begin(query.length, tcp);
    int length = processor.process(context);
    return Arrays.copyOf(context.response(), length);
  }

  /** The parsed response to a question over UDP. */
  public Message ask(Message query) {
    return parse(raw(query.toWire(), false));
  }

  /** The parsed response to a plain question over UDP. */
  public Message ask(String name, String type, String... subnet) {
    return ask(query(name, type, subnet));
  }

  /** Reads a response. */
  public static Message parse(byte[] octets) {
    try {
      return new Message(octets);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A response in a few lines: status and flags, then {@code section: record} lines. */
  public static List<String> digest(Message response) {
    List<String> lines = new ArrayList<>();
    lines.add(
        org.xbill.DNS.Rcode.string(response.getRcode())
            + (response.getHeader().getFlag(org.xbill.DNS.Flags.AA) ? " aa" : "")
            + (response.getHeader().getFlag(org.xbill.DNS.Flags.TC) ? " tc" : ""));
    String[] names = {"", "answer", "authority", "additional"};
    for (int section = Section.ANSWER; section <= Section.ADDITIONAL; section++) {
      for (Record record : response.getSection(section)) {
        if (record.getType() != Type.OPT) {
          lines.add(
              names[section]
                  + ": "
                  + record.getName()
                  + " "
                  + record.getTTL()
                  + " "
                  + Type.string(record.getType())
                  + " "
                  + record.rdataToString());
        }
      }
    }
    return lines;
  }

  /** {@link #digest} of the answer to a question. */
  public List<String> dig(String name, String type, String... subnet) {
    return digest(ask(name, type, subnet));
  }
}
