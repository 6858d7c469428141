package dev.meridian.analysis;

import dev.meridian.analysis.AddressSpace.Share;
import dev.meridian.analysis.Comparison.Addresses;
import dev.meridian.analysis.Meetings.Cell;
import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixSet;
import dev.meridian.zone.Zone;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What becomes of who may ask a zone.
 *
 * @param lose the largest prefixes of clients that will be refused, and were answered
 * @param gain of those that were refused
 * @param lost how much of the address space loses
 * @param gained and gains
 */
public record AccessChange(List<Prefix> lose, List<Prefix> gain, Addresses lost, Addresses gained) {
  /** More of them are not read; the shares are of all. */
  private static final int MAX_LISTED = 10;

  /** Copies the lists. */
  public AccessChange {
    lose = List.copyOf(lose);
    gain = List.copyOf(gain);
  }

  /** Empty if the same clients may ask before and after. */
  static Optional<AccessChange> of(Zone was, Zone now, Meetings meetings) {
    PrefixSet before = was.clients();
    PrefixSet after = now.clients();
    if (before.partition().equals(after.partition())) {
      return Optional.empty();
    }
    List<Cell> cells = meetings.of(before.partition(), after.partition());
    return Optional.of(
        new AccessChange(
            largest(before.minus(after)),
            largest(after.minus(before)),
            share(cells, cell -> cell.before() > cell.after()),
            share(cells, cell -> cell.before() < cell.after())));
  }

  private static List<Prefix> largest(List<Prefix> prefixes) {
    return prefixes.stream()
        .sorted(Comparator.comparingInt(Prefix::length))
        .limit(MAX_LISTED)
        .toList();
  }

  private static Addresses share(List<Cell> cells, Predicate<Cell> which) {
    Share sum = cells.stream().filter(which).map(Cell::share).reduce(Share.NONE, Share::plus);
    return new Addresses(sum.ipv4(), sum.ipv6());
  }
}
