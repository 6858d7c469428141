package dev.meridian.answer;

import dev.meridian.wire.Rcode;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that one client may be answered at one moment, each with its exact probability.
 *
 * @param endings how the response can end; the probabilities add up to 1
 * @param endpoints what an operator calls the places that answer (endpoint, SetIdentifier or alias
 *     target), wherever policies choose on the way; with the probability that it is in the answer
 * @param records of the answer section, {@code TYPE RDATA}; with the probability that it is there
 * @param sources which of the endpoints a record comes from; not in it: the zone file
 * @param ttls the smallest and the largest TTL a record of the answer can have; 0 to 0 if there are
 *     no records
 * @param scopes the smallest and the largest ECS scope
 */
public record Outcome(
    Map<Ending, Double> endings,
    Map<String, Double> endpoints,
    Map<String, Double> records,
    Map<String, String> sources,
    Range ttls,
    Range scopes) {
  /** How a response can end. */
  public enum Ending {
    /** With records, of the type asked or of a CNAME that leads elsewhere. */
    ANSWER(Rcode.NOERROR),
    /** The name exists, records of the type do not, or not for this client. */
    NODATA(Rcode.NOERROR),
    /** The name is delegated. */
    REFERRAL(Rcode.NOERROR),
    NXDOMAIN(Rcode.NXDOMAIN),
    SERVFAIL(Rcode.SERVFAIL),
    /** The name is in no zone served here, or in one that the client may not ask. */
    REFUSED(Rcode.REFUSED),
    /** A DNAME makes the name too long. */
    YXDOMAIN(Rcode.YXDOMAIN);

    private final int rcode;

    Ending(int rcode) {
      this.rcode = rcode;
    }

    /** The RCODE of the response. */
    public int rcode() {
      return rcode;
    }
  }

  /** Numbers from {@code low} to {@code high}. */
  public record Range(long low, long high) {
    /** Nothing but zero. */
    static final Range ZERO = new Range(0, 0);
  }

  /** Copies the maps; they are sorted by key, so equal outcomes read alike. */
  public Outcome {
    endings = Collections.unmodifiableMap(new LinkedHashMap<>(endings));
    endpoints = Collections.unmodifiableMap(new TreeMap<>(endpoints));
    records = Collections.unmodifiableMap(new TreeMap<>(records));
    sources = Map.copyOf(sources);
  }

  /** The probability of an ending. */
  public double chance(Ending ending) {
    return endings.getOrDefault(ending, 0.0);
  }

  /** Whether dice have a say. */
  public boolean isRandom() {
    return endings.size() > 1
        || endpoints.values().stream().anyMatch(share -> share < 1)
        || records.values().stream().anyMatch(share -> share < 1);
  }

  /** Adds up what the branches of a chain come to. Owned by one thread. */
  static final class Sum {
    private final Map<Ending, Double> endings = new EnumMap<>(Ending.class);
    private final Map<String, Double> endpoints = new TreeMap<>();
    private final Map<String, Double> records = new TreeMap<>();
    private final Map<String, String> sources = new TreeMap<>();
    private Range ttls = new Range(Long.MAX_VALUE, 0);
    private Range scopes = new Range(Long.MAX_VALUE, 0);

    void end(Ending ending, double chance, int scope) {
      if (chance > 0) {
        endings.merge(ending, chance, Double::sum);
        scope(scope);
      }
    }

    void endpoint(String id, double chance) {
      endpoints.merge(id, chance, Sum::atMostOne);
    }

    void record(String text, double chance) {
      records.merge(text, chance, Sum::atMostOne);
    }

    void scope(int length) {
      scopes = new Range(Math.min(scopes.low, length), Math.max(scopes.high, length));
    }

    void source(String record, String endpoint) {
      sources.putIfAbsent(record, endpoint);
    }

    void ttl(long seconds) {
      ttls = new Range(Math.min(ttls.low, seconds), Math.max(ttls.high, seconds));
    }

    private static double atMostOne(double left, double right) {
      return Math.min(1, left + right);
    }

    Outcome total() {
      return new Outcome(
          endings,
          endpoints,
          records,
          sources,
          records.isEmpty() ? Range.ZERO : ttls,
          endings.isEmpty() ? Range.ZERO : scopes);
    }
  }
}
