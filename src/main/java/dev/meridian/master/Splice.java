package dev.meridian.master;

import dev.meridian.rr.RRset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An RRset of which a part of the file has other records than before: they come where the old ones
 * were, among those that stand elsewhere in the file.
 *
 * @param isPlain whether it is known what comes out, and that there is nothing to say about it
 * @param result null: no record is left
 */
record Splice(boolean isPlain, @Nullable RRset result) {
  private static final Splice NOT_PLAIN = new Splice(false, null);

  /**
   * Puts records in the place of others.
   *
   * @param all in the order of the file, those of before among them
   * @param was in the part before; null: none
   * @param is in the part now; null: none
   * @param last whether all others stand before the part
   */
  static Splice of(@Nullable RRset all, @Nullable RRset was, @Nullable RRset is, boolean last) {
    List<byte[]> now = new ArrayList<>();
    int from = place(all, was, last);
    if (from < 0) {
      return NOT_PLAIN;
    }
    int before = all == null ? 0 : all.size();
    int gone = was == null ? 0 : was.size();
    boolean oneTtl = all == null || is == null || gone == before || all.ttl() == is.ttl();
    for (int i = 0; all != null && i < from; i++) {
      now.add(all.rdata(i));
    }
    for (int i = 0; is != null && i < is.size(); i++) {
      now.add(is.rdata(i));
    }
    for (int i = from + gone; all != null && i < before; i++) {
      now.add(all.rdata(i));
    }
    if (now.isEmpty()) {
      return new Splice(true, null);
    }
    RRset any = is != null ? is : all;
    if (any == null || !oneTtl || !RecordCollector.fits(now)) {
      return NOT_PLAIN;
    }
    RRset result = new RRset(any.type(), any.ttl(), now);
    return result.withoutDuplicates().size() == now.size() ? new Splice(true, result) : NOT_PLAIN;
  }

  /** Where the records of the part begin among all; negative: it cannot be told. */
  private static int place(@Nullable RRset all, @Nullable RRset was, boolean last) {
    if (all == null) {
      return was == null ? 0 : -1;
    }
    if (was == null) {
      return last ? all.size() : -1;
    }
    for (int from = 0; from + was.size() <= all.size(); from++) {
      int i = 0;
      while (i < was.size() && Arrays.equals(all.rdata(from + i), was.rdata(i))) {
        i++;
      }
      if (i == was.size()) {
        return from;
      }
    }
    return -1;
  }
}
