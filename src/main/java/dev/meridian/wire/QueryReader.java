package dev.meridian.wire;

/**
 * Reads a query in place. Holds the result until the next {@link #read}; reused from query to query
 * and owned by one thread. Never allocates, never throws, and its work is bounded by the length of
 * the message: no name but the question's is looked into, and pointers are never followed.
 */
public final class QueryReader {
  /** Stands for the length of an option that is not there. */
  public static final int ABSENT = -1;

  private static final int OPT_TYPE = 41;
  private static final int TSIG_TYPE = 250;
  private static final int SIG_TYPE = 24;

  /** Octets of a record between its owner and its RDATA. */
  static final int FIXED = 10;

  /** More options than this are not looked at; no client sends as many. */
  private static final int MAX_OPTIONS = 16;

  /** More records than this make no query: a SOA for IXFR, OPT and a signature are three. */
  private static final int MAX_RECORDS = 8;

  private final LookupName qname = new LookupName();
  private int flags;
  private int qtype;
  private int qclass;
  private int questionEnd;

  private boolean edns;
  private int payloadSize;
  private boolean dnssecOk;

  private boolean nsid;
  private int cookieAt;
  private int cookieLength;
  private int keepaliveLength;

  private final SignatureReader signature = new SignatureReader();

  private boolean clientSubnet;
  private int subnetFamily;
  private int subnetSourceLength;
  private long subnetHigh;
  private long subnetLow;

  /** An empty reader. */
  public QueryReader() {}

  /** Reads the message in {@code message[0..length)}; the array must have 8 octets to spare. */
  public Verdict read(byte[] message, int length) {
    reset();
    if (length < Header.LENGTH) {
      return Verdict.DROP;
    }
    flags = Octets.getShort(message, Header.FLAGS_OFFSET);
    if ((flags & Header.QR) != 0) {
      return Verdict.DROP; // never answer an answer: two servers would talk for ever
    }
    if ((flags & Header.OPCODE_MASK) != 0) {
      return Verdict.NOTIMP;
    }
    int questions = Octets.getShort(message, Header.QDCOUNT_OFFSET);
    if (questions > 1 // RFC 9619 §4
        || Octets.getShort(message, Header.ANCOUNT_OFFSET) != 0) {
      return Verdict.FORMERR;
    }
    return questions == 0 ? readCookieOnly(message, length) : readQuestion(message, length);
  }

  /** RFC 7873 §5.4: without a question there must be a cookie. */
  private Verdict readCookieOnly(byte[] message, int length) {
    questionEnd = Header.LENGTH;
    Verdict verdict = readRest(message, length);
    if (verdict == Verdict.OK) {
      return hasCookie() ? Verdict.COOKIE_ONLY : Verdict.FORMERR;
    }
    return verdict;
  }

  private Verdict readQuestion(byte[] message, int length) {
    int taken = qname.read(message, Header.LENGTH, length);
    int at = Header.LENGTH + taken;
    if (taken < 0 || at + 4 > length) {
      return Verdict.FORMERR;
    }
    qtype = Octets.getShort(message, at);
    qclass = Octets.getShort(message, at + 2);
    questionEnd = at + 4;
    return readRest(message, length);
  }

  private void reset() {
    flags = 0;
    questionEnd = 0;
    edns = false;
    dnssecOk = false;
    nsid = false;
    cookieLength = 0;
    keepaliveLength = ABSENT;
    signature.reset();
    clientSubnet = false;
    payloadSize = Edns.MIN_PAYLOAD;
  }

  /** Authority (an IXFR query has a SOA there) and additional: OPT is all that matters. */
  private Verdict readRest(byte[] message, int length) {
    int authority = Octets.getShort(message, Header.NSCOUNT_OFFSET);
    int count = authority + Octets.getShort(message, Header.ARCOUNT_OFFSET);
    int at = questionEnd;
    if (count > MAX_RECORDS) {
      return Verdict.FORMERR;
    }
    Verdict verdict = Verdict.OK;
    for (int i = 0; i < count; i++) {
      int fixed = LookupName.skip(message, at, length, true);
      if (fixed < 0 || fixed + FIXED > length) {
        return Verdict.FORMERR;
      }
      int end = fixed + FIXED + Octets.getShort(message, fixed + 8);
      if (end > length) {
        return Verdict.FORMERR;
      }
      Verdict here =
          switch (Octets.getShort(message, fixed)) {
            // RFC 6891 §6.1.1: one OPT, owned by the root, in the additional section
            case OPT_TYPE ->
                edns || i < authority || fixed != at + 1
                    ? Verdict.FORMERR
                    : readOpt(message, fixed, end);
            // RFC 8945 §5.1: one TSIG, the last record of all
            case TSIG_TYPE ->
                i < authority || i != count - 1
                    ? Verdict.FORMERR
                    : signature.read(message, at, fixed, end);
            case SIG_TYPE -> SignatureReader.readPublicKey(message, fixed, end);
            default -> Verdict.OK;
          };
      if (here == Verdict.FORMERR) {
        return here;
      }
      if (verdict == Verdict.OK) { // an EDNS version that is not spoken comes before a signature
        verdict = here;
      }
      at = end;
    }
    return at == length ? verdict : Verdict.FORMERR; // trailing octets: as Knot
  }

  private Verdict readOpt(byte[] message, int fixed, int end) {
    edns = true;
    // RFC 6891 §6.2.3: values below 512 are treated as 512
    payloadSize = Math.max(Edns.MIN_PAYLOAD, Octets.getShort(message, fixed + 2));
    int version = message[fixed + 5];
    dnssecOk = (Octets.getShort(message, fixed + 6) & Edns.DO) != 0;
    if (version != 0) {
      return Verdict.BADVERS; // options of an unknown version are not looked at
    }
    int at = fixed + FIXED;
    for (int options = 0; at < end && options < MAX_OPTIONS; options++) {
      if (at + Edns.OPTION_HEADER_LENGTH > end) {
        return Verdict.FORMERR;
      }
      int code = Octets.getShort(message, at);
      int size = Octets.getShort(message, at + 2);
      at += Edns.OPTION_HEADER_LENGTH;
      if (at + size > end) {
        return Verdict.FORMERR;
      }
      if (!readOption(message, code, at, size)) {
        return Verdict.FORMERR;
      }
      at += size;
    }
    return Verdict.OK;
  }

  private boolean readOption(byte[] message, int code, int at, int size) {
    switch (code) {
      case Edns.CLIENT_SUBNET -> {
        return readClientSubnet(message, at, size);
      }
      case Edns.COOKIE -> {
        return readCookie(at, size);
      }
      case Edns.NSID -> nsid = true;
      case Edns.TCP_KEEPALIVE -> keepaliveLength = size;
      default -> {} // RFC 6891 §6.1.2: what is not understood is ignored
    }
    return true;
  }

  /** RFC 7873 §5.2: the first cookie counts; §5.2.2: one of impossible length is malformed. */
  private boolean readCookie(int at, int size) {
    if (hasCookie()) {
      return true;
    }
    cookieAt = at;
    cookieLength = size;
    return size == Edns.CLIENT_COOKIE_LENGTH
        || (size >= Edns.MIN_COOKIE_LENGTH && size <= Edns.MAX_COOKIE_LENGTH);
  }

  /**
   * The first client subnet counts, as with cookies. RFC 7871 §6, §7.1.2: the address has just the
   * octets that the prefix needs, with no bit set behind it, and the scope is zero in a query;
   * anything else is FORMERR.
   */
  private boolean readClientSubnet(byte[] message, int at, int size) {
    if (clientSubnet) {
      return true;
    }
    if (size < 4) {
      return false;
    }
    int family = Octets.getShort(message, at);
    int source = message[at + 2] & 0xFF;
    int scope = message[at + 3];
    int max = maxSourceLength(family);
    if (source > max || scope != 0 || size - 4 != ((source + 7) >>> 3)) {
      return false;
    }
    if (hasBitsBehind(message[at + size - 1], source)) {
      return false;
    }
    long high = 0;
    long low = 0;
    for (int i = 0; i < size - 4; i++) {
      long octet = message[at + 4 + i] & 0xFF;
      if (i < 8) {
        high |= octet << (56 - 8 * i);
      } else {
        low |= octet << (120 - 8 * i);
      }
    }
    clientSubnet = true;
    subnetFamily = family;
    subnetSourceLength = source;
    subnetHigh = high;
    subnetLow = low;
    return true;
  }

  /** Family 0 with no address is how {@code dig +subnet=0} says "do not place me". */
  private static int maxSourceLength(int family) {
    return switch (family) {
      case Edns.FAMILY_IPV4 -> 32;
      case Edns.FAMILY_IPV6 -> 128;
      case 0 -> 0;
      default -> -1;
    };
  }

  /** Whether the octet in which a prefix ends has a bit set behind it. */
  private static boolean hasBitsBehind(int lastOctet, int length) {
    int unused = -length & 7;
    return (lastOctet & ((1 << unused) - 1)) != 0;
  }

  /** The question's name; valid unless the verdict was DROP, or FORMERR before the name's end. */
  public LookupName qname() {
    return qname;
  }

  public int qtype() {
    return qtype;
  }

  public int qclass() {
    return qclass;
  }

  /** The header's second word as received. */
  public int flags() {
    return flags;
  }

  /** The offset behind the question; 0 if no whole question was read, 12 if there is none. */
  public int questionEnd() {
    return questionEnd;
  }

  /** Whether a whole question was read. */
  public boolean hasQuestion() {
    return questionEnd > Header.LENGTH;
  }

  /** Whether there was a well-formed OPT record. */
  public boolean edns() {
    return edns;
  }

  /** The client's UDP payload size, at least 512. */
  public int payloadSize() {
    return payloadSize;
  }

  /** The DO bit. */
  public boolean dnssecOk() {
    return dnssecOk;
  }

  /** Whether the client wants to know which server answers (RFC 5001). */
  public boolean nsid() {
    return nsid;
  }

  /** Whether there was a well-formed cookie; the next two are valid then. */
  public boolean hasCookie() {
    return cookieLength > 0;
  }

  /** Where the client's cookie begins; the server's, if it sent one, follows. */
  public int cookieAt() {
    return cookieAt;
  }

  /** Octets of both cookies: 8, or 16 to 40. */
  public int cookieLength() {
    return cookieLength;
  }

  /** Octets of the edns-tcp-keepalive option (RFC 7828); {@link #ABSENT} if it is not there. */
  public int keepaliveLength() {
    return keepaliveLength;
  }

  /** The TSIG record; valid after {@link Verdict#NOTAUTH}. */
  public SignatureReader signature() {
    return signature;
  }

  /** Whether there was a well-formed client subnet option; the next four are valid then. */
  public boolean hasClientSubnet() {
    return clientSubnet;
  }

  /** {@link Edns#FAMILY_IPV4} or {@link Edns#FAMILY_IPV6}. */
  public int subnetFamily() {
    return subnetFamily;
  }

  /** SOURCE PREFIX-LENGTH: 0-32 or 0-128. */
  public int subnetSourceLength() {
    return subnetSourceLength;
  }

  /** The upper 64 bits of the address, left-aligned in both families. */
  public long subnetHigh() {
    return subnetHigh;
  }

  /** The lower 64 bits of an IPv6 address. */
  public long subnetLow() {
    return subnetLow;
  }
}
