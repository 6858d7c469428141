package dev.meridian.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What other vantage points said, by check, and when it was heard on this one's monotonic clock: no
 * other clock counts. A vote that was not said again for {@link #LASTS} has no voice. For one
 * thread.
 */
final class VoteBox {
  /** Three times the pause between two rounds of votes, and some for the way. */
  static final Duration LASTS = Duration.ofMillis(3500);

  private final Map<String, Map<Long, Vote>> byVantage = new HashMap<>();

  private record Vote(Observation.Outcome outcome, long heardNanos) {
    boolean hasVoice(long nowNanos) {
      return outcome != Observation.Outcome.UNKNOWN && nowNanos - heardNanos <= LASTS.toNanos();
    }
  }

  void put(Votes votes, long nowNanos) {
    Map<Long, Vote> known = byVantage.computeIfAbsent(votes.vantage(), _ -> new HashMap<>());
    votes.byKey().forEach((key, outcome) -> known.put(key, new Vote(outcome, nowNanos)));
  }

  /** The ballots of all others that have a voice. */
  List<Quorum.Ballot> ballots(long key, long nowNanos) {
    List<Quorum.Ballot> ballots = new ArrayList<>(byVantage.size() + 1);
    byVantage.forEach(
        (vantage, votes) -> {
          Vote vote = votes.get(key);
          if (vote != null && vote.hasVoice(nowNanos)) {
            boolean up = vote.outcome() == Observation.Outcome.PASS;
            ballots.add(new Quorum.Ballot(Votes.region(vantage), up));
          }
        });
    return ballots;
  }

  /** Forgets what is too old to matter. */
  void clean(long nowNanos) {
    byVantage.values().forEach(v -> v.values().removeIf(vote -> !vote.hasVoice(nowNanos)));
    byVantage.values().removeIf(Map::isEmpty);
  }
}
