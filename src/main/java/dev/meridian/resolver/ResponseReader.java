package dev.meridian.resolver;

import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what a recursive resolver says of a name's addresses (RFC 1035 §4.1): the records at the
 * end of the chain of CNAMEs, or that there are none. Octets of strangers; whatever they are,
 * nothing is thrown but {@link Malformed}.
 */
final class ResponseReader {
  /** Not a response that can be used; the message says why. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed(String message) {
      super(message, null, false, false);
    }
  }

  /** Addresses of one name; more are left out, the same ones each time. */
  static final int MAX_ADDRESSES = 64;

  /** How long it is believed that there is nothing, where no SOA says it (RFC 2308 §5), seconds. */
  static final long NEGATIVE_TTL = 30;

  static final int HEADER = 12;
  private static final int MAX_CHAIN = 16;
  private static final int MAX_NAME = 255;

  /** One before each label of the longest name; a chain of more only costs time. */
  private static final int MAX_POINTERS = 127;

  private static final int CLASS_IN = 1;
  private static final int NOERROR = 0;
  private static final int NXDOMAIN = 3;
  private static final int TRUNCATED = 0x0200;
  private static final long MAX_TTL = Integer.MAX_VALUE;

  private final byte[] message;
  private final int type;
  private final Map<DomainName, DomainName> aliases = new HashMap<>();
  private final Map<DomainName, List<byte[]>> addresses = new HashMap<>();
  private final Map<DomainName, Long> ttls = new HashMap<>();
  private long negativeTtl = NEGATIVE_TTL;
  private int at = HEADER;

  private ResponseReader(byte[] message, int type) {
    this.message = message;
    this.type = type;
  }

  /** Whether a message of at least a header's length is cut, and to be had whole over TCP. */
  static boolean isTruncated(byte[] message) {
    return (Octets.getShort(message, 2) & TRUNCATED) != 0;
  }

  /**
   * The records of a type that a response gives a name; none, with the time to believe it, if it
   * says so.
   *
   * @throws Malformed if it says neither
   */
  static RRset read(byte[] message, DomainName name, int type) throws Malformed {
    if (message.length < HEADER) {
      throw new Malformed("the response is shorter than a header");
    }
    int rcode = Octets.getShort(message, 2) & 0xF;
    if (rcode != NOERROR && rcode != NXDOMAIN) {
      throw new Malformed("the resolver answered with response code " + rcode);
    }
    return new ResponseReader(message, type).read(name);
  }

  private RRset read(DomainName name) throws Malformed {
    for (int i = Octets.getShort(message, 4); i > 0; i--) {
      name();
      need(4);
      at += 4;
    }
    for (int i = Octets.getShort(message, 6); i > 0; i--) {
      resourceRecord(true);
    }
    for (int i = Octets.getShort(message, 8); i > 0; i--) {
      resourceRecord(false);
    }
    return follow(name);
  }

  private void resourceRecord(boolean answer) throws Malformed {
    DomainName owner = name();
    need(10);
    int recordType = Octets.getShort(message, at);
    boolean internet = Octets.getShort(message, at + 2) == CLASS_IN;
    // RFC 2181 §8: the highest bit set means 0
    long ttl = Math.max(0, Octets.getInt(message, at + 4));
    int length = Octets.getShort(message, at + 8);
    at += 10;
    need(length);
    int end = at + length;
    if (answer && internet && recordType == RRType.CNAME) {
      aliases.putIfAbsent(owner, name());
      ttls.merge(owner, ttl, Math::min);
    } else if (answer && internet && recordType == type) {
      address(owner, ttl, Arrays.copyOfRange(message, at, end));
    } else if (!answer && recordType == RRType.SOA) {
      negative(ttl, end);
    }
    at = end;
  }

  private void address(DomainName owner, long ttl, byte[] rdata) throws Malformed {
    if (rdata.length != (type == RRType.A ? 4 : 16)) {
      throw new Malformed("an address of " + rdata.length + " octets");
    }
    addresses.computeIfAbsent(owner, _ -> new ArrayList<>()).add(rdata);
    ttls.merge(owner, ttl, Math::min);
  }

  /** RFC 2308 §5: the smaller of the SOA's TTL and its MINIMUM field. */
  private void negative(long ttl, int end) {
    if (end - at >= 4) {
      negativeTtl = Math.min(ttl, Math.max(0, Octets.getInt(message, end - 4)));
    }
  }

  private RRset follow(DomainName name) throws Malformed {
    DomainName owner = name;
    long ttl = MAX_TTL;
    for (int i = 0; aliases.containsKey(owner); i++) {
      if (i == MAX_CHAIN) {
        throw new Malformed("more than " + MAX_CHAIN + " CNAMEs lead to one another");
      }
      ttl = Math.min(ttl, ttls.getOrDefault(owner, MAX_TTL));
      owner = aliases.getOrDefault(owner, owner);
    }
    List<byte[]> found = addresses.getOrDefault(owner, List.of());
    if (found.isEmpty()) {
      return new RRset(type, Math.min(ttl, negativeTtl), List.of());
    }
    List<byte[]> sorted =
        found.stream().sorted(Arrays::compareUnsigned).limit(MAX_ADDRESSES).toList();
    return new RRset(type, Math.min(ttl, ttls.getOrDefault(owner, MAX_TTL)), sorted)
        .withoutDuplicates();
  }

  /** Reads the name at the cursor and leaves the cursor behind it (RFC 1035 §4.1.4). */
  private DomainName name() throws Malformed {
    byte[] wire = new byte[MAX_NAME + 1];
    int length = 0;
    int from = at;
    int behind = -1;
    int pointers = 0;
    while (true) {
      int size = octet(from);
      if (size >= 0xC0) {
        int target = (size & 0x3F) << 8 | octet(from + 1);
        behind = behind < 0 ? from + 2 : behind;
        if (target >= from) {
          throw new Malformed("a compression pointer leads forward");
        }
        if (++pointers > MAX_POINTERS) {
          throw new Malformed("a name has more than " + MAX_POINTERS + " compression pointers");
        }
        from = target;
        continue;
      }
      if (size > 63 || length + size + 1 > MAX_NAME || from + size >= message.length) {
        throw new Malformed("a name is not well-formed");
      }
      System.arraycopy(message, from, wire, length, size + 1);
      length += size + 1;
      from += size + 1;
      if (size == 0) {
        at = behind < 0 ? from : behind;
        return DomainName.ofWire(wire, 0);
      }
    }
  }

  private int octet(int offset) throws Malformed {
    if (offset >= message.length) {
      throw new Malformed("the response ends in the middle of a name");
    }
    return message[offset] & 0xFF;
  }

  private void need(int octets) throws Malformed {
    if (at + octets > message.length) {
      throw new Malformed("the response ends in the middle of a record");
    }
  }
}
