package dev.meridian.publish;

import dev.meridian.answer.ServerState;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthRegistry;
import dev.meridian.state.JournalEntry;
import dev.meridian.text.RefusedException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the journal knows of one moment: what was served, and which health checks were down.
 *
 * @param generation of the set that was served; of the kept one, if one was in place of the files
 * @param health by id, what was last said of a check up to that moment; of those that first changed
 *     later, what they changed from
 */
public record Past(Instant at, long generation, Map<String, Known> health) {
  private static final String UNHEALTHY = "unhealthy";

  /** Copies the map. */
  public Past {
    health = Map.copyOf(health);
  }

  /**
   * What is known of a check.
   *
   * @param reason with the time since when; empty if it is known from a later change only
   */
  public record Known(boolean healthy, String reason) {}

  /**
   * Reads the journal.
   *
   * @param entries all that there are, the oldest first
   * @throws RefusedException if it does not say what was served at that moment
   */
  public static Past read(List<JournalEntry> entries, Instant at) {
    if (entries.isEmpty() || entries.getFirst().at().isAfter(at)) {
      String begins = entries.isEmpty() ? "is empty" : "begins at " + entries.getFirst().at();
      throw new RefusedException(
          at + " is not covered: the journal " + begins + " (journal-size says how much is kept)");
    }
    OptionalLong generation = OptionalLong.empty();
    Instant stopped = null;
    Map<String, Known> health = new HashMap<>();
    for (JournalEntry entry : entries) {
      if (entry.at().isAfter(at)) {
        if (entry.kind() == JournalEntry.Kind.HEALTH) {
          health.putIfAbsent(entry.subject(), new Known(!entry.from().equals(UNHEALTHY), ""));
        }
        continue;
      }
      switch (entry.kind()) {
        case RELOAD, ROLLBACK -> {
          generation = OptionalLong.of(Long.parseLong(entry.subject()));
          stopped = null;
        }
        case STOP -> stopped = entry.at();
        case HEALTH -> health.put(entry.subject(), known(entry));
        default -> {}
      }
    }
    return new Past(at, served(at, generation, stopped, entries.getFirst().at()), health);
  }

  private static Known known(JournalEntry entry) {
    String reason = "since " + entry.at() + ", " + entry.reason();
    return new Known(!entry.to().equals(UNHEALTHY), reason);
  }

  private static long served(
      Instant at, OptionalLong generation, @Nullable Instant stopped, Instant begins) {
    if (stopped != null) {
      throw new RefusedException(
          "at " + at + " nothing was answered: the server had stopped at " + stopped);
    }
    return generation.orElseThrow(
        () ->
            new RefusedException(
                at
                    + " is not covered: the journal begins at "
                    + begins
                    + ", and no load before that moment is in it"));
  }

  /**
   * The kept set that was served.
   *
   * @throws RefusedException if it is kept no longer
   */
  public KeptSet among(List<KeptSet> kept) {
    return kept.stream()
        .filter(set -> set.is(generation))
        .findFirst()
        .orElseThrow(
            () ->
                new RefusedException(
                    at
                        + " is not covered: generation "
                        + generation
                        + " was served then, and kept are only "
                        + kept.stream().map(KeptSet::generation).toList()));
  }

  /**
   * A set in the health of that moment.
   *
   * @param now what is down at present, for checks that the journal says nothing of: they have not
   *     changed since
   */
  public ServerState state(LoadedState set, Set<String> now, HealthRegistry registry) {
    EligibilitySnapshot eligibility = EligibilitySnapshot.ALL;
    for (HealthCheck check : set.checks()) {
      Known known = health.get(check.id());
      boolean healthy = known == null ? !now.contains(check.id()) : known.healthy;
      eligibility = eligibility.with(registry.indexOf(check.id()), healthy);
    }
    return ServerState.of(set.zones(), eligibility, generation);
  }
}
