package dev.meridian.answer;

import dev.meridian.master.RdataText;
import dev.meridian.rr.EncodedRRset;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A record of an answer, for people.
 *
 * @param ttl seconds
 * @param data RDATA in presentation format
 */
public record AnswerRecord(DomainName owner, long ttl, int type, String data) {
  /**
   * Takes octets in the form of {@link EncodedRRset} apart.
   *
   * @param ttl seconds, for all of them; negative: each has its own
   */
  static List<AnswerRecord> of(DomainName owner, byte[] records, int ttl) {
    List<AnswerRecord> all = new ArrayList<>();
    for (int at = 0; at < records.length; ) {
      int next = EncodedRRset.next(records, at);
      int type = Octets.getShort(records, at + EncodedRRset.TYPE_OFFSET);
      long seconds = ttl >= 0 ? ttl : Octets.getInt(records, at + EncodedRRset.TTL_OFFSET);
      byte[] rdata = Arrays.copyOfRange(records, at + EncodedRRset.RDATA_OFFSET, next);
      all.add(new AnswerRecord(owner, seconds, type, RdataText.of(type, rdata)));
      at = next;
    }
    return all;
  }

  /** As dig prints it, class left out. */
  @Override
  public String toString() {
    return owner + " " + ttl + " " + RRType.toText(type) + " " + data;
  }
}
