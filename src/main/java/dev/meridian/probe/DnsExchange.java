package dev.meridian.probe;

import dev.meridian.health.CheckKind;
import dev.meridian.health.Observation.Reason;
import dev.meridian.rr.RRType;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** A DNS query, and what to think of the message that answers it (RFC 1035 §4.1). */
final class DnsExchange {
  private static final int HEADER_OCTETS = 12;
  private static final int CLASS_IN = 1;
  private static final int RECURSION_DESIRED = 0x01;
  private static final int RESPONSE = 0x80;
  private static final int OPCODE = 0x78;
  private static final int TRUNCATED = 0x02;
  private static final int POINTER = 0xC0;

  private static final Finding MALFORMED =
      new Finding(Reason.RESPONSE_MALFORMED, "the answer is not a DNS message (RFC 1035)");

  private final CheckKind.Dns dns;
  private final byte[] query;

  /**
   * One exchange.
   *
   * @param id of the query; only the low 16 bits count
   */
  DnsExchange(CheckKind.Dns dns, int id) {
    this.dns = dns;
    int name = dns.name().length();
    byte[] octets = new byte[HEADER_OCTETS + name + 4];
    octets[0] = (byte) (id >> 8);
    octets[1] = (byte) id;
    octets[2] = RECURSION_DESIRED;
    octets[5] = 1;
    int at = dns.name().copyTo(octets, HEADER_OCTETS);
    octets[at] = (byte) (dns.type() >> 8);
    octets[at + 1] = (byte) dns.type();
    octets[at + 3] = CLASS_IN;
    this.query = octets;
  }

  /** The message to send; not to be changed. */
  byte[] query() {
    return query;
  }

  /** Whether a message responds to this query: id and question are the same. */
  boolean isAnswer(byte[] message) {
    int length = query.length;
    return message.length >= length
        && message[0] == query[0]
        && message[1] == query[1]
        && (message[2] & (RESPONSE | OPCODE)) == RESPONSE
        && Arrays.equals(message, 4, 6, query, 4, 6)
        && Arrays.equals(message, HEADER_OCTETS, length, query, HEADER_OCTETS, length);
  }

  /** What an answer says. Never throws, whatever the octets are. */
  Finding judge(byte[] message) {
    int rcode = message[3] & 0xF;
    if (rcode != dns.rcode()) {
      return unexpected("response code " + rcode + ", not " + dns.rcode());
    }
    if (rcode != 0) {
      return new Finding(Reason.OK, "response code " + rcode);
    }
    int count = unsigned(message, 6);
    int at = query.length;
    int ofType = 0;
    for (int i = 0; i < count; i++) {
      int fixed = afterName(message, at);
      if (fixed < 0 || fixed + 10 > message.length) {
        return MALFORMED;
      }
      int end = fixed + 10 + unsigned(message, fixed + 8);
      if (end > message.length) {
        return MALFORMED;
      }
      if (unsigned(message, fixed) == dns.type() && unsigned(message, fixed + 2) == CLASS_IN) {
        ofType++;
        if (dns.answers().isEmpty() || isWanted(message, fixed + 10, end)) {
          return new Finding(Reason.OK, "answered with " + RRType.toText(dns.type()));
        }
      }
      at = end;
    }
    boolean cut = (message[2] & TRUNCATED) != 0;
    return unexpected(
        ofType
            + " records of type "
            + RRType.toText(dns.type())
            + " in the answer, none of them expected"
            + (cut ? "; the answer is truncated" : ""));
  }

  private static Finding unexpected(String detail) {
    return new Finding(Reason.RESPONSE_UNEXPECTED, detail);
  }

  private boolean isWanted(byte[] message, int from, int end) {
    try {
      return dns.answers()
          .contains(InetAddress.getByAddress(Arrays.copyOfRange(message, from, end)));
    } catch (UnknownHostException e) {
      return false; // neither 4 nor 16 octets
    }
  }

  /** The offset behind a name, or -1 if the message ends within it. Pointers are not followed. */
  private static int afterName(byte[] message, int from) {
    int at = from;
    while (at < message.length) {
      int length = message[at] & 0xFF;
      if (length >= POINTER) {
        return at + 2;
      }
      at += 1 + length;
      if (length == 0) {
        return at;
      }
    }
    return -1;
  }

  private static int unsigned(byte[] message, int at) {
    return ((message[at] & 0xFF) << 8) | (message[at + 1] & 0xFF);
  }
}
