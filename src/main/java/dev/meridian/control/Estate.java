package dev.meridian.control;

import dev.meridian.alert.Alerts;
import dev.meridian.health.HealthMemory;
import dev.meridian.publish.KeptSets;
import dev.meridian.state.CookieKeeper;
import dev.meridian.state.Journal;
import dev.meridian.state.StateInUseException;
import dev.meridian.state.StateLock;
import dev.meridian.state.StateWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All of a server that only one process may do: change what is served, probe, write to the state
 * folder. {@link #suspend} ends it here, {@link #resume} takes it up again with what another
 * process may have left. What is served meanwhile stays served. For one thread.
 */
final class Estate {
  private static final Logger LOG = LoggerFactory.getLogger(Estate.class);

  /** A load of a large set that is under way is waited for. */
  private static final Duration LOAD = Duration.ofMinutes(2);

  /** A process that was killed is gone within less. */
  private static final Duration LOCK = Duration.ofSeconds(20);

  private final Control control;
  private final Parts.HealthStarter health;
  private final @Nullable CookieKeeper cookies;
  private final Journal journal;
  private final StateLock lock;

  /** In the order in which they are suspended. */
  private final List<StateWriter> writers;

  private final List<StateWriter> suspended = new ArrayList<>();

  Estate(
      Control control,
      Parts.HealthStarter health,
      @Nullable CookieKeeper cookies,
      @Nullable Names names,
      KeptSets kept,
      Alerts alerts,
      Journal journal,
      StateLock lock) {
    this.control = control;
    this.health = health;
    this.cookies = cookies;
    this.journal = journal;
    this.lock = lock;
    this.writers =
        Stream.<@Nullable StateWriter>of(cookies, names, kept, alerts, journal)
            .flatMap(Stream::ofNullable)
            .toList();
  }

  /**
   * Does nothing more of it and gives the state folder up.
   *
   * @throws IllegalStateException if something cannot be brought to rest; {@link #resume} then
   */
  HandoverMessage.Inheritance suspend() {
    try {
      long generation = control.suspend().orTimeout(LOAD.toSeconds(), TimeUnit.SECONDS).join();
      HealthMemory memory = health.suspend();
      byte[] secrets = cookies == null ? new byte[0] : cookies.octets();
      for (StateWriter writer : writers) {
        suspended.addFirst(writer);
        writer.suspend();
      }
      lock.close();
      return new HandoverMessage.Inheritance(memory.octets(), secrets, generation);
    } catch (CompletionException e) {
      throw new IllegalStateException("a load has not ended in time", e);
    }
  }

  /**
   * Does it again.
   *
   * @param version of this process
   * @param why another process has not taken over
   */
  void resume(String version, String why) {
    takeLock();
    for (StateWriter writer : suspended) {
      attempt(writer::resume);
    }
    suspended.clear();
    attempt(health::resume);
    new JournalKeeper(journal).wentOn(version, why);
    control.resume();
  }

  /** Whoever had it may take a moment to be gone. */
  private void takeLock() {
    long end = System.nanoTime() + LOCK.toNanos();
    while (true) {
      try {
        lock.retake();
        return;
      } catch (StateInUseException e) {
        if (System.nanoTime() - end > 0) {
          LOG.error("Going on without the lock: {}", e.getMessage());
          return;
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One that fails must not keep the others from going on. */
  private static void attempt(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.error("Something does not go on as before; a restart will mend it", e);
    }
  }
}
