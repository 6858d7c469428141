package dev.meridian.load;

import dev.meridian.wire.DomainName;
import dev.meridian.zone.Zones;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The zones of a folder as its listing has them, numbered in the order of their files' names: the
 * numbers that they will have in {@link Zones}. Immutable.
 */
final class Sources implements KnownZone.ApexFinder {
  static final Sources NONE = new Sources(new Source[0], _ -> -1);

  /**
   * Where one zone is read from.
   *
   * @param file that it is named after
   * @param policy the policy file beside it; null: there is none
   * @param beside which of the files beside it that it may have are there
   */
  record Source(
      int number, DomainName apex, String file, @Nullable String policy, Set<String> beside) {}

  private final Source[] byNumber;

  /** By apex; negative: there is none. */
  private final ToIntFunction<DomainName> numbers;

  private Sources(Source[] byNumber, ToIntFunction<DomainName> numbers) {
    this.byNumber = byNumber;
    this.numbers = numbers;
  }

  /** Those of a listing, in its order. */
  static Sources of(Map<DomainName, Source> listed) {
    return new Sources(
        listed.values().toArray(new Source[0]),
        apex -> {
          Source source = listed.get(apex);
          return source == null ? -1 : source.number();
        });
  }

  /**
   * The same, looked up in what is served of them: a second table is not kept.
   *
   * @param zones one for each
   */
  Sources in(Zones zones) {
    return new Sources(byNumber, zones::indexOf);
  }

  /** The same where some zones have other files; their numbers and names stay. */
  Sources with(Collection<Source> others) {
    if (others.isEmpty()) {
      return this;
    }
    Source[] all = byNumber.clone();
    others.forEach(source -> all[source.number()] = source);
    return new Sources(all, numbers);
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
    int number = numbers.applyAsInt(apex);
    return number < 0 ? null : byNumber[number];
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
