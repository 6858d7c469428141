package dev.meridian.control;

import dev.meridian.answer.QueryContext;
import dev.meridian.answer.QueryProcessor;
import dev.meridian.answer.ServerState;
import dev.meridian.answer.StateHolder;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.Zone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the loaded zones for their own names until the compiler has seen the query path, so that the
 * first clients are not served by cold code. Nothing is counted: the context is thrown away.
 */
public final class WarmUp {
  /**
   * With the class cache the rest of a second of ten thousand queries goes as well after these as
   * after ten times as many; without it, time is over first.
   */
  private static final int ENOUGH = 2_000;

  private static final int MAX_NAMES = 200;
  private static final int EDNS_OCTETS = 11;
  private static final int HEADER_OCTETS = 12;
  private static final int[] TYPES = {
    RRType.A, RRType.AAAA, RRType.NS, RRType.SOA, RRType.TXT, RRType.MX
  };

  private WarmUp() {}

  /**
   * Runs until that is enough, but for at most {@code limit}, on the calling thread.
   *
   * @return how many queries were answered
   */
  public static int run(StateHolder states, int udpPayload, Duration limit) {
    List<byte[]> queries = queries(states.get());
    if (queries.isEmpty()) {
      return 0;
    }
    QueryContext context = new QueryContext(0, states.choices());
    QueryProcessor processor = new QueryProcessor(states, udpPayload);
    long end = System.nanoTime() + limit.toNanos();
    int answered = 0;
    while (answered < ENOUGH && System.nanoTime() - end < 0) {
      byte[] query = queries.get(answered % queries.size());
      System.arraycopy(query, 0, context.request(), 0, query.length);
      context.source().setIpv4(0xC0000200 | (answered & 0xFF), 32); // 192.0.2.0/24, RFC 5737
      context.begin(query.length, false);
      if (processor.process(context) > 0) {
        answered++;
      } else {
        return answered;
      }
    }
    return answered;
  }

  private static List<byte[]> queries(ServerState state) {
    List<byte[]> queries = new ArrayList<>();
    for (int i = 0; i < state.zones().size() && queries.size() < MAX_NAMES * TYPES.length; i++) {
      Zone zone = state.zones().get(i);
      int names = MAX_NAMES / state.zones().size() + 1;
      for (int node = zone.firstNode(); node >= 0 && names > 0; node = zone.nextNode(node)) {
        names--;
        for (int type : TYPES) {
          queries.add(query(zone.name(node), type, (type & 1) == 0));
        }
      }
    }
    return queries;
  }

  /** A query as a resolver sends it (RFC 1035 §4.1), with an OPT record (RFC 6891 §6.1) or not. */
  public static byte[] query(DomainName name, int type, boolean edns) {
    byte[] owner = name.toWire();
    int question = HEADER_OCTETS + owner.length;
    byte[] query = new byte[question + 4 + (edns ? EDNS_OCTETS : 0)];
    query[5] = 1; // QDCOUNT
    System.arraycopy(owner, 0, query, HEADER_OCTETS, owner.length);
    query[question] = (byte) (type >> 8);
    query[question + 1] = (byte) type;
    query[question + 3] = 1; // class IN
    if (edns) {
      query[11] = 1; // ARCOUNT
      query[question + 6] = RRType.OPT;
      query[question + 7] = 0x10; // 4096 octets
    }
    return query;
  }
}
