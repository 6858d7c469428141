package dev.meridian.reach;

import dev.meridian.answer.ServerState;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How things are at one moment, in the order in which somebody who has been woken wants to know it.
 *
 * @param at when it was worked out
 * @param checks how many there are
 * @param down how many of them are down
 * @param held how many of them would be, if the guard did not hold them
 * @param troubles what is wrong, the latest first
 * @param shares who is answered what now
 * @param affected names that somebody is answered differently for than when all is well
 * @param failOpen names of which unhealthy endpoints are answered, as nothing healthy is left
 * @param unanswered names that somebody gets no answer for, as nothing healthy is left
 * @param continents whose clients are answered differently than when all is well
 * @param countries the same by country, with the part of its answers that is another: the mean over
 *     all names
 */
public record Situation(
    Reach reach,
    ServerState state,
    Instant at,
    int checks,
    int down,
    int held,
    List<Trouble> troubles,
    Map<RoutedName, NameShares> shares,
    Set<RoutedName> affected,
    Set<RoutedName> failOpen,
    Set<RoutedName> unanswered,
    SortedSet<String> continents,
    Map<String, Double> countries) {

  /**
   * Works it out: a few milliseconds, more with many names that many checks are down for.
   *
   * @param at the time
   * @param before an earlier one, of which what still holds is taken over; null: there is none
   */
  public static Situation of(
      Reach reach, ServerState state, HealthBoard board, Instant at, @Nullable Situation before) {
    Map<RoutedName, NameShares> shares =
        reach.shares(state, before != null && before.reach() == reach ? before : null);
    Set<RoutedName> affected = new LinkedHashSet<>();
    Set<RoutedName> failOpen = new LinkedHashSet<>();
    Set<RoutedName> unanswered = new LinkedHashSet<>();
    TreeSet<String> continents = new TreeSet<>();
    Map<String, Double> countries = new TreeMap<>();
    for (RoutedName name : reach.names()) {
      NameShares is = shares.getOrDefault(name, reach.best(name));
      SortedSet<String> differ = is.continentsThatDiffer(reach.best(name), reach.sample());
      if (!differ.isEmpty()) {
        affected.add(name);
        continents.addAll(differ);
        is.addMovedByCountry(reach.best(name), reach.sample(), countries);
      }
      if (Troubles.failsOpen(name, is, state.eligibility())) {
        failOpen.add(name);
      }
      if (is.leavesOut(reach.best(name))) {
        unanswered.add(name);
      }
    }
    countries.replaceAll((_, sum) -> sum / reach.names().size());
    long down = board.statuses().stream().filter(status -> !status.isHealthy()).count();
    long held = board.statuses().stream().filter(HealthStatus::isHeld).count();
    return new Situation(
        reach,
        state,
        at,
        board.statuses().size(),
        (int) down,
        (int) held,
        new Troubles(reach, state.eligibility(), shares).find(board),
        shares,
        affected,
        failOpen,
        unanswered,
        continents,
        countries);
  }

  /** What a name answers now. */
  public NameShares now(RoutedName name) {
    return shares.getOrDefault(name, reach.best(name));
  }

  /** Whether somebody is answered differently for a name than when all is well. */
  public boolean differs(RoutedName name) {
    return affected.contains(name);
  }

  /** Whether a name answers with what is unhealthy, as nothing healthy is left. */
  public boolean failsOpen(RoutedName name) {
    return failOpen.contains(name);
  }

  /** Whether somebody gets no answer for a name, as nothing healthy is left. */
  public boolean leavesUnanswered(RoutedName name) {
    return unanswered.contains(name);
  }

  /** Part of a name's answers that is another than when all is well: 0 to 1. */
  public double moved(RoutedName name) {
    return now(name).moved(reach.best(name), reach.sample());
  }

  /**
   * An endpoint's share of the answers of the names that may answer with it, each name counting
   * alike.
   *
   * @param shares of names: now, at best, or in a model
   */
  public static double share(EndpointSite site, Function<RoutedName, NameShares> shares) {
    double sum = 0;
    for (EndpointSite.Use use : site.uses()) {
      sum += shares.apply(use.name()).overall(use.leaf());
    }
    return site.uses().isEmpty() ? 0 : sum / site.uses().size();
  }

  /** How many names these are: of several types they count once. */
  public static int owners(Collection<RoutedName> names) {
    return (int) names.stream().map(RoutedName::owner).distinct().count();
  }

  /** How bad it is. */
  public Level level() {
    if (!failOpen.isEmpty() || !unanswered.isEmpty()) {
      return Level.CRITICAL;
    }
    return down > 0 || held > 0 || !affected.isEmpty() ? Level.DEGRADED : Level.OK;
  }

  /** From nothing to do to get up now. */
  public enum Level {
    /** Everything answers as it is meant to. */
    OK,
    /** Something is down, and what is left answers for it. */
    DEGRADED,
    /** Some name answers with what is unhealthy, or not at all, as nothing healthy is left. */
    CRITICAL
  }
}
