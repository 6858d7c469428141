package dev.meridian.probe;

import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Reason;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * A probe that has to wait for a disk or a program, and so is done on another thread; its deadline
 * and its result are the health thread's.
 */
final class AwayProbe extends Attempt {
  /** What is done away. */
  interface Work {
    /** Does it, on the other thread; what it throws is our own trouble. */
    Finding find() throws Exception;

    /**
     * Makes {@link #find} end soon; on the health thread, which must not wait, perhaps before it
     * has begun and perhaps after it has ended.
     */
    default void cancel() {}
  }

  private final Work work;

  private AwayProbe(ProbeEnvironment environment, Work work, Consumer<Observation> done) {
    super(environment, done);
    this.work = work;
  }

  /** Begins a probe; it is over at the latest when the budget is used. */
  static AwayProbe start(
      ProbeEnvironment environment,
      Duration budget,
      Executor elsewhere,
      Work work,
      Consumer<Observation> done) {
    AwayProbe probe = new AwayProbe(environment, work, done);
    probe.expireAfter(budget);
    if (probe.takeSocket()) {
      probe.begin(elsewhere);
    }
    return probe;
  }

  private void begin(Executor elsewhere) {
    try {
      elsewhere.execute(this::work);
    } catch (RejectedExecutionException e) {
      conclude(Failures.ofBeginning(e));
    }
  }

  private void work() {
    Finding finding;
    try {
      finding = work.find();
    } catch (Exception e) {
      finding = Failures.ofBeginning(e);
    }
    Finding found = finding;
    environment().loop().execute(() -> conclude(found));
  }

  @Override
  Finding late(long millis) {
    return new Finding(Reason.RESPONSE_TIMEOUT, "no result after " + millis + " ms");
  }

  @Override
  void release() {
    work.cancel();
  }
}
