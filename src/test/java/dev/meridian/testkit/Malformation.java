package dev.meridian.testkit;

import dev.meridian.wire.Edns;
import dev.meridian.wire.Header;
import dev.meridian.wire.LookupName;
import dev.meridian.wire.Octets;
import java.util.Arrays;
import java.util.Random;

/**
 * A way to make a query that no resolver sends out of one that resolvers do send. Each takes any
 * octets, so that several can be laid over each other, and never changes the array it is given.
 * With the same random numbers the result is the same.
 */
public enum Malformation {
  /** Ends too early, anywhere. */
  CUT((packet, random) -> Arrays.copyOf(packet, random.nextInt(packet.length))),

  /** Goes on behind its end. */
  TRAILING((packet, random) -> Arrays.copyOf(packet, packet.length + 1 + random.nextInt(40))),

  /** One of the four counts lies. */
  COUNT(Malformation::count),

  /** A compression pointer to anywhere, itself and what lies ahead included. */
  POINTER(Malformation::pointer),

  /** A first label of one of the retired types 01 and 10, or a pointer. */
  LABEL_TYPE((packet, random) -> with(packet, Header.LENGTH, (1 + random.nextInt(3)) << 6)),

  /** A name of more than 255 octets. */
  LONG_NAME(Malformation::longName),

  /** More than one question. */
  QUESTIONS(Malformation::questions),

  /** No question, and nothing that would make up for it. */
  NO_QUESTION((packet, random) -> header(packet, 0, 0)),

  /** QR is set: an answer, not a question. */
  RESPONSE((packet, random) -> with(packet, Header.FLAGS_OFFSET, packet[2] | 0x80)),

  /** An opcode other than QUERY. */
  OPCODE((packet, random) -> with(packet, 2, (packet[2] & 0x87) | (1 + random.nextInt(15)) << 3)),

  /** A class other than IN. */
  CLASS((packet, random) -> withShort(packet, questionEnd(packet) - 2, random.nextInt())),

  /** Any type, the meta types among them. */
  TYPE(
      (packet, random) ->
          withShort(
              packet,
              questionEnd(packet) - 4,
              random.nextBoolean() ? 245 + random.nextInt(12) : random.nextInt())),

  /** Two OPT records. */
  TWO_OPTS((packet, random) -> records(packet, 0, opt(0), opt(0))),

  /** An OPT record in the answer or authority section. */
  MISPLACED_OPT(
      (packet, random) ->
          withShort(
              records(packet, 1, opt(0)),
              random.nextBoolean() ? Header.ANCOUNT_OFFSET : Header.NSCOUNT_OFFSET,
              1)),

  /** An OPT record that is not the root's. */
  OWNED_OPT((packet, random) -> records(packet, 0, join(new byte[] {1, 'a'}, opt(0)))),

  /** An EDNS version that does not exist. */
  VERSION((packet, random) -> records(packet, 0, opt(1 + random.nextInt(255)))),

  /** An option whose length, or that of the OPT record, is not so. */
  OPTION_LENGTH(Malformation::optionLength),

  /** A client subnet with a bad family, length or scope, or bits behind the prefix. */
  CLIENT_SUBNET(Malformation::clientSubnet),

  /** A cookie of any length from 0 to 47. */
  COOKIE((packet, random) -> option(packet, Edns.COOKIE, noise(random, random.nextInt(48)))),

  /** A keepalive timeout, which only servers send. */
  KEEPALIVE(
      (packet, random) -> option(packet, Edns.TCP_KEEPALIVE, noise(random, 1 + random.nextInt(4)))),

  /** Hundreds of options. */
  MANY_OPTIONS(
      (packet, random) -> records(packet, 0, opt(0, new byte[4 * (1 + random.nextInt(200))]))),

  /** A record after the other, and OPT behind them. */
  MANY_RECORDS(Malformation::manyRecords),

  /** A TSIG record, with a key that is not known, often no real one or at a wrong place. */
  TSIG(
      (packet, random) ->
          random.nextInt(3) == 0
              ? records(packet, 0, tsig(random), opt(0))
              : records(packet, 0, opt(0), tsig(random))),

  /** A SIG(0) record, rarely a real one. */
  SIG(Malformation::publicKey),

  /** Octets of any value at any place. */
  NOISE(Malformation::octets);

  private static final int OPT_TYPE = 41;
  private static final int TSIG_TYPE = 250;
  private static final int SIG_TYPE = 24;
  private static final int FIXED_LENGTH = 11;

  /** What a class does to a packet that is longer than a header. Immutable. */
  private interface Change {
    byte[] apply(byte[] packet, Random random);
  }

  @SuppressWarnings("ImmutableEnumChecker") // no change has a state
  private final Change change;

  Malformation(Change change) {
    this.change = change;
  }

  /** A packet malformed in this way; one that is no longer than a header is only made shorter. */
  public byte[] apply(byte[] packet, Random random) {
    if (packet.length <= Header.LENGTH + 4) {
      return Arrays.copyOf(packet, random.nextInt(packet.length + 1));
    }
    return change.apply(packet, random);
  }

  /** One to three malformations of any kind, one upon the other. */
  public static byte[] any(byte[] packet, Random random) {
    byte[] changed = packet;
    for (int left = 1 + random.nextInt(3); left > 0; left--) {
      changed = values()[random.nextInt(values().length)].apply(changed, random);
    }
    return changed;
  }

  private static byte[] count(byte[] packet, Random random) {
    int at = Header.QDCOUNT_OFFSET + 2 * random.nextInt(4);
    int before = Octets.getShort(packet, at);
    int other = random.nextBoolean() ? before + 1 + random.nextInt(3) : 0x100 + random.nextInt();
    return withShort(packet, at, other);
  }

  private static byte[] pointer(byte[] packet, Random random) {
    int at = Header.LENGTH + random.nextInt(questionEnd(packet) - Header.LENGTH - 1);
    int target = random.nextBoolean() ? at : random.nextInt(packet.length);
    return withShort(packet, at, 0xC000 | target);
  }

  private static byte[] longName(byte[] packet, Random random) {
    int size = 1 + random.nextInt(63);
    byte[] label = new byte[size + 1];
    Arrays.fill(label, (byte) 'a');
    label[0] = (byte) size;
    byte[] question = new byte[0];
    while (question.length <= LookupName.MAX_LENGTH) {
      question = join(question, label);
    }
    return join(header(packet, 1, 0), question, new byte[] {0, 0, 1, 0, 1});
  }

  private static byte[] questions(byte[] packet, Random random) {
    int more = 1 + random.nextInt(20);
    byte[] again = {(byte) 0xC0, Header.LENGTH, 0, 1, 0, 1};
    byte[] changed = header(packet, 1 + more, 0);
    changed = join(changed, Arrays.copyOfRange(packet, Header.LENGTH, questionEnd(packet)));
    for (int i = 0; i < more; i++) {
      changed = join(changed, again);
    }
    return changed;
  }

  private static byte[] optionLength(byte[] packet, Random random) {
    byte[] option = {0, (byte) random.nextInt(16), 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
    Octets.putShort(option, 2, random.nextBoolean() ? 9 + random.nextInt(40) : random.nextInt());
    byte[] opt = opt(0, option);
    if (random.nextInt(4) == 0) {
      Octets.putShort(opt, FIXED_LENGTH - 2, random.nextInt());
    }
    return records(packet, 0, opt);
  }

  private static byte[] clientSubnet(byte[] packet, Random random) {
    byte[] data = noise(random, random.nextInt(22));
    if (data.length >= 4 && random.nextInt(4) != 0) { // further in: a family that exists
      Octets.putShort(data, 0, 1 + random.nextInt(2));
      data[2] = (byte) (8 * (data.length - 4) - random.nextInt(8));
      data[3] = (byte) (random.nextInt(4) == 0 ? 24 : 0);
    }
    return option(packet, Edns.CLIENT_SUBNET, data);
  }

  private static byte[] octets(byte[] packet, Random random) {
    byte[] changed = packet.clone();
    for (int left = 1 + random.nextInt(4); left > 0; left--) {
      changed[random.nextInt(packet.length)] = (byte) random.nextInt();
    }
    return changed;
  }

  /** The packet's header and question with these records behind them. */
  private static byte[] records(byte[] packet, int misplaced, byte[]... records) {
    byte[] changed = join(header(packet, 1, records.length - misplaced), new byte[0]);
    changed = join(changed, Arrays.copyOfRange(packet, Header.LENGTH, questionEnd(packet)));
    return join(changed, join(records));
  }

  private static byte[] option(byte[] packet, int code, byte[] data) {
    byte[] option = join(new byte[] {0, (byte) code, 0, (byte) data.length}, data);
    return records(packet, 0, opt(0, option));
  }

  private static byte[] header(byte[] packet, int questions, int additional) {
    byte[] header = Arrays.copyOf(packet, Header.LENGTH);
    Octets.putLong(header, Header.QDCOUNT_OFFSET, 0);
    Octets.putShort(header, Header.QDCOUNT_OFFSET, questions);
    Octets.putShort(header, Header.ARCOUNT_OFFSET, additional);
    return header;
  }

  private static byte[] opt(int version, byte[]... options) {
    byte[] rdata = join(options);
    byte[] opt = Arrays.copyOf(new byte[] {0, 0, OPT_TYPE, 4, (byte) 0xD0}, FIXED_LENGTH);
    opt[6] = (byte) version;
    Octets.putShort(opt, FIXED_LENGTH - 2, rdata.length);
    return join(opt, rdata);
  }

  /** Algorithm, time, fudge, MAC, original ID, error, other data: as it is, cut, or disturbed. */
  private static byte[] tsig(Random random) {
    byte[] rdata = new byte[2 + 6 + 2 + 2 + 16 + 2 + 2 + 2];
    rdata[0] = (byte) random.nextInt(2);
    rdata[rdata[0] == 0 ? 10 : 12] = 16;
    rdata = Arrays.copyOf(rdata, rdata.length - 1 + rdata[0]);
    return switch (random.nextInt(4)) {
      case 0 -> signature(TSIG_TYPE, Arrays.copyOf(rdata, random.nextInt(rdata.length)));
      case 1 -> signature(TSIG_TYPE, with(rdata, random.nextInt(rdata.length), random.nextInt()));
      default -> signature(TSIG_TYPE, rdata);
    };
  }

  private static byte[] manyRecords(byte[] packet, Random random) {
    byte[] empty = Arrays.copyOf(new byte[] {0, (byte) 0xFF, 0, 0, 1}, FIXED_LENGTH);
    byte[][] records = new byte[2 + random.nextInt(100)][];
    Arrays.fill(records, empty);
    records[records.length - 1] = opt(0);
    return records(packet, 0, records);
  }

  private static byte[] publicKey(byte[] packet, Random random) {
    return records(packet, 0, signature(SIG_TYPE, noise(random, random.nextInt(40))));
  }

  private static byte[] signature(int type, byte[] rdata) {
    byte[] fixed = Arrays.copyOf(new byte[] {0, 0, (byte) type, 0, (byte) 255}, FIXED_LENGTH);
    Octets.putShort(fixed, FIXED_LENGTH - 2, rdata.length);
    return join(fixed, rdata);
  }

  /** The offset behind the first question as far as there is one; at least one name octet. */
  private static int questionEnd(byte[] packet) {
    int at = Header.LENGTH;
    while (at < packet.length && packet[at] > 0) {
      at += packet[at] + 1;
    }
    return Math.max(Header.LENGTH + 5, Math.min(at + 5, packet.length));
  }

  private static byte[] with(byte[] packet, int at, int octet) {
    byte[] changed = packet.clone();
    changed[at] = (byte) octet;
    return changed;
  }

  private static byte[] withShort(byte[] packet, int at, int value) {
    byte[] changed = packet.clone();
    Octets.putShort(changed, at, value);
    return changed;
  }

  private static byte[] noise(Random random, int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  private static byte[] join(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] joined = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    return joined;
  }
}
