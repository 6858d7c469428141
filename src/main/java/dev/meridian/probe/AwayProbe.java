package dev.meridian.probe;

import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Reason;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A probe that has to wait for a disk or a program, and so is done on another thread; its deadline
 * and its result are the health thread's.
 */
final class AwayProbe implements Prober.Running {
  /** What is done away. */
  interface Work {
    /** Does it, on the other thread; what it throws is our own trouble. */
    Finding find() throws Exception;

    /** Makes {@link #find} end soon; on the health thread, perhaps before it has begun. */
    default void cancel() {}
  }

  private final ProbeEnvironment environment;
  private final Work work;
  private final Consumer<Observation> done;
  private final long startedNanos;
  private @Nullable Future<?> deadline;
  private boolean over;

  private AwayProbe(ProbeEnvironment environment, Work work, Consumer<Observation> done) {
    this.environment = environment;
    this.work = work;
    this.done = done;
    this.startedNanos = environment.nanoTime();
  }

  /** Begins a probe; {@code done} is called at most once, at the latest when the budget is used. */
  static AwayProbe start(
      ProbeEnvironment environment,
      Duration budget,
      Executor elsewhere,
      Work work,
      Consumer<Observation> done) {
    AwayProbe probe = new AwayProbe(environment, work, done);
    if (!environment.sockets().take()) {
      probe.over = true;
      probe.tell(environment.sockets().exhausted());
      return probe;
    }
    probe.deadline =
        environment.loop().schedule(probe::expire, budget.toNanos(), TimeUnit.NANOSECONDS);
    try {
      elsewhere.execute(probe::work);
    } catch (RejectedExecutionException e) {
      probe.conclude(Failures.ofBeginning(e));
    }
    return probe;
  }

  private void work() {
    Finding finding;
    try {
      finding = work.find();
    } catch (Exception e) {
      finding = Failures.ofBeginning(e);
    }
    Finding found = finding;
    environment.loop().execute(() -> conclude(found));
  }

  private void expire() {
    long millis = TimeUnit.NANOSECONDS.toMillis(environment.nanoTime() - startedNanos);
    conclude(new Finding(Reason.RESPONSE_TIMEOUT, "no result after " + millis + " ms"));
  }

  private void conclude(Finding finding) {
    if (!over) {
      release();
      tell(environment.believed(finding, startedNanos));
    }
  }

  private void tell(Finding finding) {
    Duration took = Duration.ofNanos(environment.nanoTime() - startedNanos);
    done.accept(new Observation(finding.reason(), finding.detail(), startedNanos, took));
  }

  private void release() {
    over = true;
    environment.sockets().giveBack();
    if (deadline != null) {
      deadline.cancel(false);
    }
    work.cancel();
  }

  @Override
  public void abort() {
    if (!over) {
      release();
    }
  }
}
