package dev.meridian.publish;

import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when files change. The kernel's notices make it quick; a look at everything every second
 * makes it sure, for notices do not cover a folder that is itself replaced (as when a symbolic link
 * is swapped) nor network file systems. Only a fingerprint that differs and then stays the same for
 * {@link #SETTLE} counts, so that an editor's or git's burst of changes is one change; files that
 * were renamed into place ({@link Burst}) are complete, and told after {@link #QUIET}.
 */
public final class FolderWatch implements AutoCloseable {
  static final Duration SETTLE = Duration.ofMillis(250);

  /** So long nothing may be noted between one file that is renamed and the next. */
  private static final Duration QUIET = Duration.ofMillis(30);

  private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);

  /** After so many a change is told though the next is already under way. */
  private static final int MAX_SETTLES = 40;

  private static final int MAX_NOTED = 1000;

  private static final Duration POLL = Duration.ofSeconds(1);

  /** Looking at everything takes at most this part of the time, however many files there are. */
  private static final int REST_PER_SCAN = 50;

  private final Sight sight;
  private final List<Path> others;
  private final Runnable listener;
  private final Thread thread;
  private Fingerprint known;
  private Set<Path> otherFolders;

  /** When to look at everything again, and how long not to; monotonic, in nanoseconds. */
  private long due;

  private long restNanos = POLL.toNanos();
  private volatile boolean closed;

  private FolderWatch(Sight sight, Collection<Path> others, Runnable listener) {
    this.sight = sight;
    this.others = List.copyOf(others);
    this.listener = listener;
    Fingerprint seen = Fingerprint.of(others);
    this.otherFolders = seen.folders();
    this.known = sight.seen().plus(seen);
    this.due = System.nanoTime() + restNanos;
    this.thread = Thread.ofPlatform().name("meridian-watch").daemon().unstarted(this::watch);
  }

  /**
   * Remembers what a folder looked like when it was last seen; changes from then on will be told,
   * though not before {@link #start}. To be called before the files are first read.
   *
   * @param sight of the folder
   * @param others files and folders to be watched, too; they are looked at now
   * @param listener called on the watching thread after each change
   */
  public static FolderWatch of(Sight sight, Collection<Path> others, Runnable listener) {
    return new FolderWatch(sight, others, listener);
  }

  /** Starts the thread that watches. */
  public void start() {
    thread.start();
  }

  private void watch() {
    try {
      while (!closed) {
        turnOrRest();
      }
    } catch (InterruptedException | ClosedWatchServiceException e) {
      LOG.debug("No longer watching {}", sight.root());
    }
  }

  /** Whatever goes wrong in one turn may go right in the next; only closing ends the watch. */
  private void turnOrRest() throws InterruptedException {
    try {
      turn();
    } catch (ClosedWatchServiceException e) {
      throw e;
    } catch (RuntimeException e) {
      if (!closed) {
        LOG.error("Looking for changes of {} failed; trying again", sight.root(), e);
      }
      TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
    }
  }

  /**
   * What is noted says how soon to look and, if it says all, at what: the fingerprint knows whether
   * anything has changed. A change counts as known only once it has been told.
   */
  private void turn() throws InterruptedException {
    sight.watchToo(otherFolders);
    boolean noted = sight.await(due - System.nanoTime());
    boolean overdue = System.nanoTime() - due > restNanos;
    Fingerprint seen = noted && !overdue ? look() : lookAtAll();
    Burst burst = sight.takeBurst();
    if (!seen.sees(known)) {
      Fingerprint changed = burst.isOfWholeFiles() ? quiet(burst) : settled(seen);
      listener.run();
      known = changed;
    }
  }

  /** Waits until nothing more is noted; whoever goes on for long has to settle. */
  private Fingerprint quiet(Burst burst) throws InterruptedException {
    for (int i = 0; i < MAX_NOTED && sight.await(QUIET.toNanos()); i++) {
      burst.add(sight.takeBurst());
    }
    Fingerprint seen = look();
    burst.add(sight.takeBurst());
    return burst.isOfWholeFiles() ? seen : settled(seen);
  }

  private Fingerprint settled(Fingerprint first) throws InterruptedException {
    Fingerprint before = first;
    for (int i = 0; i < MAX_SETTLES; i++) {
      TimeUnit.NANOSECONDS.sleep(SETTLE.toNanos());
      Fingerprint now = look();
      if (now.sees(before)) {
        return now;
      }
      before = now;
    }
    return before;
  }

  private Fingerprint look() {
    return sight.look().plus(lookAtOthers());
  }

  private Fingerprint lookAtOthers() {
    Fingerprint seen = Fingerprint.of(others);
    otherFolders = seen.folders();
    return seen;
  }

  private Fingerprint lookAtAll() {
    long begun = System.nanoTime();
    Fingerprint seen = sight.lookAtAll().plus(lookAtOthers());
    long end = System.nanoTime();
    restNanos = Math.max(POLL.toNanos(), (end - begun) * REST_PER_SCAN);
    due = end + restNanos;
    return seen;
  }

  /** Stops watching; the listener may still be called once. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    sight.close();
  }
}
