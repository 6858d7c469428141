package dev.meridian.health;

import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * All vantage points as this one knows them: what they say, and what comes of it. For the thread of
 * the {@link HealthMonitor}.
 */
final class Assembly {
  private static final long REVIEW_NANOS = 1_000_000_000;

  /** So many failures may be one's own trouble. */
  private static final int MANY = 10;

  private final Electorate electorate;
  private final LongSupplier nanoTime;
  private final VoteBox votes = new VoteBox();
  private boolean abstaining;
  private long reviewedNanos;

  Assembly(Electorate electorate, LongSupplier nanoTime) {
    this.electorate = electorate;
    this.nanoTime = nanoTime;
    this.reviewedNanos = nanoTime.getAsLong();
  }

  /** Whether this vantage point keeps its own view back; see {@link #isReviewDue}. */
  boolean isAbstaining() {
    return abstaining;
  }

  /** Takes what another vantage point says. */
  void hear(Votes heard) {
    votes.put(heard, nanoTime.getAsLong());
  }

  /** What all together say of a check. */
  Quorum.Verdict verdict(Watched each) {
    HealthStatus status = each.status();
    if (electorate.isAlone() || !status.check().isProbed()) {
      return Quorum.Verdict.alone(status.state().up());
    }
    List<Quorum.Ballot> ballots = votes.ballots(each.key(), nanoTime.getAsLong());
    Observation.Outcome own = status.vote();
    if (!abstaining && own != Observation.Outcome.UNKNOWN) {
      ballots.add(
          new Quorum.Ballot(Votes.region(electorate.vantage()), own == Observation.Outcome.PASS));
    }
    return electorate.quorum().decide(ballots, electorate.size(), status.agreed().up());
  }

  /**
   * Once a second, among others: votes that were not said again lose their voice, and this vantage
   * point may lose its own.
   *
   * @return whether verdicts may have changed
   */
  boolean isReviewDue(Collection<Watched> watched) {
    long now = nanoTime.getAsLong();
    if (electorate.isAlone() || now - reviewedNanos < REVIEW_NANOS) {
      return false;
    }
    reviewedNanos = now;
    votes.clean(now);
    abstaining = isCutOff(watched, now);
    return true;
  }

  /**
   * Whether most of what this vantage point sees fail, and that is much, is seen to work by others:
   * then the trouble is its own, and it has no voice.
   */
  private boolean isCutOff(Collection<Watched> watched, long now) {
    int voted = 0;
    int failed = 0;
    int contradicted = 0;
    for (Watched each : watched) {
      Observation.Outcome vote = each.status().vote();
      voted += vote == Observation.Outcome.UNKNOWN ? 0 : 1;
      if (vote == Observation.Outcome.FAIL) {
        failed++;
        List<Quorum.Ballot> others = votes.ballots(each.key(), now);
        long up = others.stream().filter(Quorum.Ballot::up).count();
        contradicted += 2 * up > others.size() ? 1 : 0;
      }
    }
    return failed >= MANY && 2 * failed > voted && 2 * contradicted > failed;
  }
}
