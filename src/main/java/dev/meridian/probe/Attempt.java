package dev.meridian.probe;

import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Measures;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What every probe is, whatever it does: one deadline for all of it, one observation at the end.
 * Everything happens on the health thread.
 */
abstract class Attempt implements Prober.Running {
  private final ProbeEnvironment environment;
  private final Consumer<Observation> done;
  private final long startedNanos;
  private @Nullable Future<?> deadline;
  private boolean hasSocket;
  private boolean over;

  /** Begins now; {@code done} is called exactly once, but never after {@link #abort()}. */
  Attempt(ProbeEnvironment environment, Consumer<Observation> done) {
    this.environment = environment;
    this.done = done;
    this.startedNanos = environment.nanoTime();
  }

  /** Has this end when the budget is used up, at the latest. */
  final void expireAfter(Duration budget) {
    deadline = environment.loop().schedule(this::expire, budget.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Takes one of the descriptors that probes may have; false if there is none, which ends this. */
  final boolean takeSocket() {
    hasSocket = environment.sockets().take();
    if (!hasSocket) {
      conclude(environment.sockets().exhausted());
    }
    return hasSocket;
  }

  private void expire() {
    conclude(late(elapsed().toMillis()));
  }

  /** What it means that time is up. */
  abstract Finding late(long millis);

  /** Gives back what was taken; called once, when this is over. */
  abstract void release();

  /** What a finding means for this kind of check. */
  Finding meaning(Finding finding) {
    return finding;
  }

  /** What was measured on the way. */
  Measures measures() {
    return Measures.NONE;
  }

  final ProbeEnvironment environment() {
    return environment;
  }

  final long startedNanos() {
    return startedNanos;
  }

  final boolean isOver() {
    return over;
  }

  /** Ends this with its result; whatever comes later changes nothing. */
  final void conclude(Finding finding) {
    if (over) {
      return;
    }
    end();
    Finding found = meaning(environment.believed(finding, startedNanos));
    done.accept(
        new Observation(found.reason(), found.detail(), startedNanos, elapsed(), measures()));
  }

  /** Ends this without a result. */
  @Override
  public final void abort() {
    if (!over) {
      end();
    }
  }

  private void end() {
    over = true;
    if (hasSocket) {
      environment.sockets().giveBack();
    }
    if (deadline != null) {
      deadline.cancel(false);
    }
    release();
  }

  private Duration elapsed() {
    return Duration.ofNanos(environment.nanoTime() - startedNanos);
  }
}
