package dev.meridian.answer;

import dev.meridian.policy.RoutedRRset;
import dev.meridian.zone.Zone;
import dev.meridian.zone.Zones;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.Predicate;

/**
 * Which routed RRsets each health check has a say in, so that a check that changes costs what
 * depends on it, however much there is beside. RRsets are numbered through all zones. Immutable.
 */
final class Dependents {
  private final Zones zones;

  /** By zone: the number of its first routed RRset; the count of all last. */
  private final int[] firstOf;

  /** By check: where its RRsets begin; they end where those of the next begin. */
  private final int[] beginOf;

  private final int[] rrsets;

  /** Those of some zones. */
  Dependents(Zones zones) {
    this.zones = zones;
    firstOf = new int[zones.size() + 1];
    int[] counts = new int[1];
    int next = zones.nextRouted(0);
    for (int i = 0; i < zones.size(); i++) {
      firstOf[i + 1] = firstOf[i];
      if (i == next) {
        Zone zone = zones.get(i);
        firstOf[i + 1] += zone.routedCount();
        for (int j = 0; j < zone.routedCount(); j++) {
          counts = counted(zone.routed(j), counts);
        }
        next = zones.nextRouted(i + 1);
      }
    }
    beginOf = new int[counts.length + 1];
    for (int i = 0; i < counts.length; i++) {
      beginOf[i + 1] = beginOf[i] + counts[i];
    }
    rrsets = new int[beginOf[counts.length]];
    fill();
  }

  private static int[] counted(RoutedRRset rrset, int[] counts) {
    int[] more = counts;
    for (int i = 0; i < rrset.checkCount(); i++) {
      int check = rrset.check(i);
      more = check < more.length ? more : Arrays.copyOf(more, Math.max(check + 1, 2 * check));
      more[check]++;
    }
    return more;
  }

  private void fill() {
    int[] at = beginOf.clone();
    for (int i = zones.nextRouted(0); i >= 0; i = zones.nextRouted(i + 1)) {
      for (int j = 0; j < zones.get(i).routedCount(); j++) {
        RoutedRRset rrset = zones.get(i).routed(j);
        for (int k = 0; k < rrset.checkCount(); k++) {
          rrsets[at[rrset.check(k)]++] = firstOf[i] + j;
        }
      }
    }
  }

  /** The numbers of the RRsets that one of some checks has a say in. */
  BitSet of(BitSet checks) {
    return of(checks, _ -> true);
  }

  /** The same, of RRsets for which a condition holds. */
  BitSet of(BitSet checks, Predicate<RoutedRRset> condition) {
    BitSet found = new BitSet();
    for (int check = checks.nextSetBit(0);
        check >= 0 && check < beginOf.length - 1;
        check = checks.nextSetBit(check + 1)) {
      for (int i = beginOf[check]; i < beginOf[check + 1]; i++) {
        if (condition.test(rrset(rrsets[i]))) {
          found.set(rrsets[i]);
        }
      }
    }
    return found;
  }

  /** The numbers of all RRsets for which a condition holds. */
  BitSet all(Predicate<RoutedRRset> condition) {
    BitSet found = new BitSet();
    for (int number = 0; number < firstOf[zones.size()]; number++) {
      if (condition.test(rrset(number))) {
        found.set(number);
      }
    }
    return found;
  }

  private RoutedRRset rrset(int number) {
    int zone = zone(number);
    return zones.get(zone).routed(number - firstOf[zone]);
  }

  /** The zone of an RRset. */
  int zone(int number) {
    int low = 0;
    int high = firstOf.length - 1;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (firstOf[middle] <= number) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The number of a zone's first RRset. */
  int firstOf(int zone) {
    return firstOf[zone];
  }
}
