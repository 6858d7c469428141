package dev.meridian.answer;

import dev.meridian.geo.GeoAnswer;
import dev.meridian.net.Prefix;
import dev.meridian.policy.Explained;
import dev.meridian.wire.DomainName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a question is answered as it is: the look-ups that it led to, one after the other, and for
 * those that policies answer the whole tree of reasons.
 *
 * @param client the client explained for
 * @param place what the geo database says of it
 * @param geo which geo database that was
 * @param links look-ups in the order they were made; more than one after a CNAME or DNAME
 * @param rcode of the response
 * @param scopeLength ECS scope of the response: 0 if the client does not matter
 * @param scopeReason one sentence
 * @param outcome all that this client may be answered, and how likely; the links are one of these
 */
public record Explanation(
    DomainName name,
    int type,
    Prefix client,
    GeoAnswer place,
    String geo,
    List<Link> links,
    int rcode,
    int scopeLength,
    String scopeReason,
    Outcome outcome) {

  /**
   * One look-up.
   *
   * @param zone the zone's apex; null if the name is in none
   * @param outcome one sentence
   * @param records what it puts into the answer section
   * @param ttlReason where the TTL comes from; empty without records
   * @param policy the tree, if policies answer
   */
  public record Link(
      DomainName name,
      @Nullable DomainName zone,
      String outcome,
      List<AnswerRecord> records,
      String ttlReason,
      @Nullable Explained policy) {
    /** Copies the list. */
    public Link {
      records = List.copyOf(records);
    }
  }

  /** Copies the list. */
  public Explanation {
    links = List.copyOf(links);
  }
}
