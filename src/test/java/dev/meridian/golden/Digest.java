package dev.meridian.golden;

import dev.meridian.net.Prefix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIGRecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * A response in dig's form, a little shorter:
 *
 * <pre>
 * ;; NOERROR qr aa
 * ;; CLIENT-SUBNET: 203.0.113.0/24/24
 * ;; ANSWER
 * www.example.com. 30 IN A 192.0.2.1
 * </pre>
 *
 * Records of one RRset are sorted, as their order means nothing; RRsets keep theirs, as that of a
 * chain does.
 */
final class Digest {
  /** What stands for no response at all. */
  static final List<String> SILENCE = List.of(";; silence");

  private static final String[] FLAGS = {"qr", "aa", "tc", "rd", "ra", "ad", "cd"};
  private static final int[] FLAG_BITS = {
    Flags.QR, Flags.AA, Flags.TC, Flags.RD, Flags.RA, Flags.AD, Flags.CD
  };

  private Digest() {}

  /**
   * The lines for a response; none in it means silence.
   *
   * @param showEdns whether OPT is news; to dig's queries it comes back as it went
   */
  static List<String> of(byte[] response, boolean showEdns) {
    if (response.length == 0) {
      return SILENCE;
    }
    Message message = parse(response);
    List<String> lines = new ArrayList<>();
    lines.add(";; " + Rcode.string(message.getRcode()) + header(message));
    OPTRecord opt = message.getOPT();
    if (opt != null && showEdns) {
      lines.add(";; EDNS: version " + opt.getVersion() + ", udp " + opt.getPayloadSize());
    }
    if (opt != null) {
      options(opt, lines);
    }
    section(message, Section.ANSWER, ";; ANSWER", lines);
    section(message, Section.AUTHORITY, ";; AUTHORITY", lines);
    section(message, Section.ADDITIONAL, ";; ADDITIONAL", lines);
    return lines;
  }

  /** dnsjava's view of a response. */
  static Message parse(byte[] response) {
    try {
      return new Message(response);
    } catch (IOException e) {
      throw new UncheckedIOException("a response that cannot be parsed", e);
    }
  }

  private static String header(Message message) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < FLAGS.length; i++) {
      if (message.getHeader().getFlag(FLAG_BITS[i])) {
        text.append(' ').append(FLAGS[i]);
      }
    }
    int opcode = message.getHeader().getOpcode();
    return opcode == Opcode.QUERY ? text.toString() : text + " opcode " + Opcode.string(opcode);
  }

  private static void options(OPTRecord opt, List<String> lines) {
    if (opt.getFlags() != 0) {
      lines.add(";; EDNS-FLAGS: " + ((opt.getFlags() & 0x8000) != 0 ? "do" : opt.getFlags()));
    }
    for (EDNSOption option : opt.getOptions()) {
      lines.add(
          switch (option) {
            case ClientSubnetOption subnet ->
                ";; CLIENT-SUBNET: "
                    + address(subnet.getAddress())
                    + "/"
                    + subnet.getSourcePrefixLength()
                    + "/"
                    + subnet.getScopePrefixLength();
            case ExtendedErrorCodeOption error -> ";; EDE: " + error.getErrorCode();
            default -> ";; OPTION: " + option.getCode();
          });
    }
  }

  private static void section(Message message, int section, String heading, List<String> lines) {
    List<Record> records = new ArrayList<>(message.getSection(section));
    records.removeIf(record -> record.getType() == Type.OPT);
    if (records.isEmpty()) {
      return;
    }
    lines.add(heading);
    List<String> rrset = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      rrset.add(line(records.get(i)));
      if (i + 1 == records.size() || !records.get(i).sameRRset(records.get(i + 1))) {
        Collections.sort(rrset);
        lines.addAll(rrset);
        rrset.clear();
      }
    }
  }

  private static String line(Record record) {
    return record.getName()
        + " "
        + record.getTTL()
        + " "
        + DClass.string(record.getDClass())
        + " "
        + Type.string(record.getType())
        + (rdata(record).isEmpty() ? "" : " " + rdata(record));
  }

  private static String rdata(Record record) {
    return switch (record) {
      case AAAARecord aaaa -> address(aaaa.getAddress());
      case TXTRecord txt -> "\"" + String.join("\" \"", txt.getStrings()) + "\"";
      // dnsjava leaves two spaces where the MAC is empty, and cases have one
      case TSIGRecord tsig -> tsig.rdataToString().replaceAll(" +", " ");
      default -> record.rdataToString().strip();
    };
  }

  /** As RFC 5952 writes it. */
  private static String address(InetAddress address) {
    byte[] octets = address.getAddress();
    String prefix = Prefix.of(octets, octets.length * 8).toString();
    return prefix.substring(0, prefix.indexOf('/'));
  }
}
