package dev.meridian.peers;

import dev.meridian.testkit.Answering;
import dev.meridian.wire.Header;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A response without what is nobody's business: the order of records, letter case, the RCODE and
 * the sections of a truncated response (RFC 2181 §9), the size and the extended errors in OPT, and
 * addresses added to an answer other than NS as a service (RFC 2181 §5.4.1: no client may use them
 * as an answer).
 *
 * @param head RCODE, flags and EDNS
 */
record Reply(
    String head,
    SortedSet<String> answer,
    SortedSet<String> authority,
    SortedSet<String> additional) {

  private static final String[] FLAGS = {"aa", "tc", "rd", "ra", "ad", "cd"};
  private static final int[] FLAG_BITS = {
    Flags.AA, Flags.TC, Flags.RD, Flags.RA, Flags.AD, Flags.CD
  };
  private static final int DO = 0x8000;
  private static final int EXTENDED_ERROR = 15;
  private static final int SHOWN = 2;

  /** Reads a response; none in it is silence. */
  static Reply of(byte[] response) {
    if (response.length == 0) {
      return new Reply("silence", new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    }
    Message message;
    try {
      message = Answering.parse(response);
    } catch (UncheckedIOException e) {
      return new Reply("nonsense: " + e, new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    }
    SortedSet<String> answer = section(message, Section.ANSWER);
    SortedSet<String> authority = section(message, Section.AUTHORITY);
    SortedSet<String> additional = section(message, Section.ADDITIONAL);
    boolean truncated = message.getHeader().getFlag(Flags.TC);
    if (truncated) {
      answer.clear();
      authority.clear();
    }
    if (truncated || !(hasServers(answer) || hasServers(authority))) {
      additional.clear();
    }
    return new Reply(head(message), answer, authority, additional);
  }

  private static boolean hasServers(SortedSet<String> section) {
    return section.stream().anyMatch(record -> record.contains(" IN NS "));
  }

  /**
   * How many octets the one response has more than the other, extended errors not counted; 0 if
   * they have not the same number of records.
   */
  static int excess(byte[] we, byte[] they) {
    int counts = Header.QDCOUNT_OFFSET;
    boolean comparable =
        they.length >= Header.LENGTH
            && Arrays.equals(we, counts, Header.LENGTH, they, counts, Header.LENGTH);
    return comparable ? Math.max(0, octets(we) - octets(they)) : 0;
  }

  private static int octets(byte[] response) {
    OPTRecord opt = Answering.parse(response).getOPT();
    int errors =
        opt == null
            ? 0
            : opt.getOptions(EXTENDED_ERROR).stream().mapToInt(e -> e.toWire().length).sum();
    return response.length - errors;
  }

  private static String head(Message message) {
    boolean truncated = message.getHeader().getFlag(Flags.TC);
    StringBuilder text = new StringBuilder(truncated ? "-" : Rcode.string(message.getRcode()));
    for (int i = 0; i < FLAGS.length; i++) {
      if (message.getHeader().getFlag(FLAG_BITS[i])) {
        text.append(' ').append(FLAGS[i]);
      }
    }
    int opcode = message.getHeader().getOpcode();
    if (opcode != Opcode.QUERY) {
      text.append(" opcode ").append(opcode);
    }
    OPTRecord opt = message.getOPT();
    if (opt != null) {
      text.append(" edns").append(opt.getVersion() == 0 ? "" : opt.getVersion());
      text.append((opt.getFlags() & DO) != 0 ? " do" : "");
      text.append((opt.getFlags() & ~DO) != 0 ? " z" : "");
      for (EDNSOption option : opt.getOptions()) {
        text.append(option.getCode() == EXTENDED_ERROR ? "" : " option " + option.getCode());
      }
    }
    return text.toString();
  }

  private static SortedSet<String> section(Message message, int section) {
    SortedSet<String> lines = new TreeSet<>();
    for (Record record : message.getSection(section)) {
      if (record.getType() != Type.OPT) {
        lines.add(line(record));
      }
    }
    return lines;
  }

  private static String line(Record record) {
    return (record.getName().toString().toLowerCase(Locale.ROOT)
            + " "
            + record.getTTL()
            + " "
            + DClass.string(record.getDClass())
            + " "
            + Type.string(record.getType())
            + " "
            + record.rdataToString().toLowerCase(Locale.ROOT))
        .strip();
  }

  boolean isTruncated() {
    return head.contains(" tc");
  }

  /** Only such addresses in a referral as cannot be found without it (RFC 9471 §2.1). */
  Reply withoutSiblingGlue() {
    SortedSet<String> needed = new TreeSet<>(additional);
    needed.removeIf(
        glue -> {
          String owner = "." + glue.substring(0, glue.indexOf(' '));
          return authority.stream()
              .filter(record -> record.contains(" IN NS "))
              .noneMatch(ns -> owner.endsWith("." + ns.substring(0, ns.indexOf(' '))));
        });
    return new Reply(head, answer, authority, needed);
  }

  /** What is here and not there: the head, and of each section that differs some records. */
  String unlike(Reply other) {
    List<String> parts = new ArrayList<>(List.of(head));
    part("answer", answer, other.answer, parts);
    part("authority", authority, other.authority, parts);
    part("additional", additional, other.additional, parts);
    return String.join("; ", parts).replace("|", "&#124;").replaceAll("\\s+", " ");
  }

  private static void part(
      String title, SortedSet<String> here, SortedSet<String> there, List<String> parts) {
    if (here.equals(there)) {
      return;
    }
    List<String> extra = here.stream().filter(line -> !there.contains(line)).toList();
    String shown = extra.stream().limit(SHOWN).collect(Collectors.joining(", "));
    parts.add(
        title
            + ": "
            + (extra.isEmpty() ? "−" : shown)
            + (extra.size() > SHOWN ? " and " + (extra.size() - SHOWN) + " more" : ""));
  }
}
