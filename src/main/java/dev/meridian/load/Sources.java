package dev.meridian.load;

import dev.meridian.wire.DomainName;
import dev.meridian.zone.Zones;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The zones of a folder as its listing has them, numbered in the order of their files' names: the
 * numbers that they will have in {@link Zones}. Immutable.
 */
final class Sources implements KnownZone.ApexFinder {
  static final Sources NONE = new Sources(new Source[0], _ -> null);

  /**
   * Where one zone is read from.
   *
   * @param file that it is named after
   * @param policy the policy file beside it; null: there is none
   * @param beside which of the files beside it that it may have are there
   */
  record Source(
      int number, DomainName apex, String file, @Nullable String policy, Set<String> beside) {
    /** Whether a file is its own, and never another zone's unless that includes it. */
    boolean owns(String name) {
      return name.equals(file) || name.equals(policy);
    }
  }

  private final Source[] byNumber;
  private final Function<DomainName, @Nullable Source> byApex;

  private Sources(Source[] byNumber, Function<DomainName, @Nullable Source> byApex) {
    this.byNumber = byNumber;
    this.byApex = byApex;
  }

  /** Those of a listing, in its order. */
  static Sources of(Map<DomainName, Source> listed) {
    return new Sources(listed.values().toArray(new Source[0]), listed::get);
  }

  /**
   * The same, looked up in what is served of them: a second table is not kept.
   *
   * @param zones one for each
   */
  Sources in(Zones zones) {
    return new Sources(
        byNumber,
        apex -> {
          int number = zones.indexOf(apex);
          return number < 0 ? null : byNumber[number];
        });
  }

  int size() {
    return byNumber.length;
  }

  Source get(int number) {
    return byNumber[number];
  }

  /** In the order of the numbers. */
  List<Source> all() {
    return Arrays.asList(byNumber);
  }

  /** The one of this very zone; null: there is none. */
  @Nullable Source at(DomainName apex) {
    return byApex.apply(apex);
  }

  /** The one of the zone that a name is in; null: it is in none. */
  @Nullable Source above(DomainName name) {
    DomainName at = name;
    Source found = at(at);
    while (found == null && !at.equals(DomainName.ROOT)) {
      at = at.parent();
      found = at(at);
    }
    return found;
  }

  @Override
  public Optional<DomainName> find(DomainName name) {
    return Optional.ofNullable(above(name)).map(Source::apex);
  }
}
