package dev.meridian.master;

import dev.meridian.master.RdataReader.MalformedRdata;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries that are records: {@code [owner] [TTL] [class] type RDATA}, TTL and class in either
 * order (RFC 1035 §5.1).
 */
final class RecordReader {
  private static final long UNKNOWN = MasterFrame.NO_TTL;
  private static final byte[] NOTHING = {};
  private static final int NO_TYPE = -1;
  private static final int[] COMMON = {
    RRType.A, RRType.AAAA, RRType.CNAME, RRType.NS, RRType.MX, RRType.TXT, RRType.PTR, RRType.SRV
  };
  private static final String[] COMMON_TEXT =
      IntStream.of(COMMON).mapToObj(RRType::toText).toArray(String[]::new);

  private final RecordCollector records;
  private final RdataReader rdata;

  /** From {@code $TTL} (RFC 2308 §4). */
  private long defaultTtl = UNKNOWN;

  /** The last one written at a record; RFC 1035 §5.1 has it stand in where $TTL is missing. */
  private long lastTtl = UNKNOWN;

  /** The last owner that was read, and from what. */
  private @Nullable DomainName owner;

  private byte[] ownerText = NOTHING;

  private DomainName ownerOrigin = DomainName.ROOT;

  RecordReader(RecordCollector records, RdataReader rdata) {
    this.records = records;
    this.rdata = rdata;
  }

  /**
   * @param seconds 0 to 2^31-1
   */
  void defaultTtl(long seconds) {
    defaultTtl = seconds;
  }

  /** What the next entry of a frame depends on. */
  ZoneText.Context context(MasterFrame frame) {
    return new ZoneText.Context(frame.origin(), frame.owner(), defaultTtl, lastTtl);
  }

  /** Goes on as if all before had been read; the frame has its origin already. */
  void resume(ZoneText.Context context, MasterFrame frame) {
    defaultTtl = context.defaultTtl();
    lastTtl = context.lastTtl();
    if (context.owner() != null) {
      frame.owner(context.owner());
    }
  }

  /** Reads the frame's entry; mistakes in it are reported there. */
  void read(MasterFrame frame) {
    MasterEntry entry = frame.entry();
    int token = entry.blankOwner() ? 0 : 1;
    DomainName owner = token == 1 ? newOwner(frame) : frame.owner();
    if (owner == null) {
      if (token == 0) {
        frame.error(0, "no owner: the line begins with white space, and no record is before it");
      }
      return;
    }
    frame.owner(owner);
    boolean ttlSeen = false;
    boolean classSeen = false;
    long ttl = UNKNOWN;
    for (; token < entry.size(); token++) {
      if (!ttlSeen && startsWithDigit(entry, token)) {
        ttlSeen = true;
        ttl = frame.ttl(token);
      } else if (!classSeen && isClass(entry, token)) {
        classSeen = true;
        if (!isInternet(entry, token)) {
          frame.error(token, "class " + entry.quote(token) + "; only IN is served");
          return;
        }
      } else {
        break;
      }
    }
    if (!ttlSeen || ttl != UNKNOWN) {
      typeAndData(frame, owner, ttl, token);
    }
  }

  /** The owner written on the line; the same text below the same origin is not read again. */
  private @Nullable DomainName newOwner(MasterFrame frame) {
    MasterEntry entry = frame.entry();
    int from = entry.from(0);
    int to = entry.to(0);
    boolean known =
        Arrays.equals(entry.octets(), from, to, ownerText, 0, ownerText.length)
            && frame.origin().equals(ownerOrigin)
            && !entry.isQuoted(0);
    if (!known) {
      owner = frame.name(0);
      ownerText = owner == null ? NOTHING : Arrays.copyOfRange(entry.octets(), from, to);
      ownerOrigin = frame.origin();
    }
    return owner;
  }

  private static boolean startsWithDigit(MasterEntry entry, int token) {
    byte first = entry.to(token) > entry.from(token) ? entry.octets()[entry.from(token)] : 0;
    return first >= '0' && first <= '9' && !entry.isQuoted(token);
  }

  private static boolean isClass(MasterEntry entry, int token) {
    return entry.is(token, "IN")
        || entry.is(token, "CH")
        || entry.is(token, "HS")
        || entry.is(token, "CS")
        || entry.is(token, "ANY")
        || entry.is(token, "NONE")
        || (entry.length(token) > 5 && entry.string(token).regionMatches(true, 0, "CLASS", 0, 5));
  }

  private static boolean isInternet(MasterEntry entry, int token) {
    return entry.is(token, "IN") || entry.is(token, "CLASS1");
  }

  private void typeAndData(MasterFrame frame, DomainName owner, long writtenTtl, int token) {
    MasterEntry entry = frame.entry();
    if (token == entry.size()) {
      frame.error(token - 1, "a record type is missing behind " + entry.quote(token - 1));
      return;
    }
    int type = entry.isQuoted(token) ? NO_TYPE : type(entry, token);
    if (type == NO_TYPE) {
      frame.error(token, entry.quote(token) + " is not a record type" + hint(entry, token));
      return;
    }
    if (RRType.isMeta(type)) {
      frame.error(token, RRType.toText(type) + " is for messages only, never for zone data");
      return;
    }
    long ttl = effectiveTtl(writtenTtl);
    if (ttl == UNKNOWN) {
      frame.error(token, "no TTL: put a line such as '$TTL 3600' at the top of the file");
      lastTtl = 0; // once is enough
      return;
    }
    try {
      byte[] data = rdata.read(type, entry, token + 1, frame.origin());
      records.add(owner, type, ttl, data, frame.position(entry.blankOwner() ? token : 0));
    } catch (MalformedRdata e) {
      frame.error(e.token(), String.valueOf(e.getMessage()));
    }
  }

  /** Most records of most zones are of few types: those take no detour. */
  private static int type(MasterEntry entry, int token) {
    for (int i = 0; i < COMMON.length; i++) {
      if (entry.is(token, COMMON_TEXT[i])) {
        return COMMON[i];
      }
    }
    return RRType.parse(entry.string(token)).orElse(NO_TYPE);
  }

  private static String hint(MasterEntry entry, int token) {
    return startsWithDigit(entry, token)
        ? "; only one TTL can stand before the type"
        : "; write TYPEnnn for one that has no name here (RFC 3597)";
  }

  private long effectiveTtl(long written) {
    if (written != UNKNOWN) {
      lastTtl = written;
      return written;
    }
    return defaultTtl != UNKNOWN ? defaultTtl : lastTtl;
  }
}
