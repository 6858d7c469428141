package dev.meridian.publish;

import dev.meridian.text.Reasons;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when files change. The kernel's notices make it quick; a fingerprint taken every second
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

  /** Looking takes at most this part of the time, however many files there are. */
  private static final int REST_PER_SCAN = 50;

  private final List<Path> roots;
  private final Runnable listener;
  private final @Nullable WatchService notices;
  private final Map<Path, WatchKey> watched = new HashMap<>();
  private final Thread thread;
  private Fingerprint known;
  private long restNanos = POLL.toNanos();
  private volatile boolean closed;

  private FolderWatch(
      List<Path> roots, Fingerprint known, Runnable listener, @Nullable WatchService notices) {
    this.roots = roots;
    this.listener = listener;
    this.notices = notices;
    this.known = known;
    this.thread = Thread.ofPlatform().name("meridian-watch").daemon().unstarted(this::watch);
  }

  /**
   * Remembers what the roots look like now; changes from here on will be told, though not before
   * {@link #start}. To be called before the files are first read.
   *
   * @param roots files and folders
   * @param listener called on the watching thread after each change
   */
  public static FolderWatch of(Collection<Path> roots, Runnable listener) {
    return new FolderWatch(List.copyOf(roots), Fingerprint.of(roots), listener, notices());
  }

  /**
   * The same where one of the roots has been looked at already.
   *
   * @param look since when its changes count
   */
  public static FolderWatch of(Collection<Path> roots, FirstLook look, Runnable listener) {
    List<Path> others = roots.stream().filter(root -> !look.isOf(root)).toList();
    Fingerprint known = Fingerprint.of(others).plus(look.seen());
    return new FolderWatch(List.copyOf(roots), known, listener, notices());
  }

  /** The same without notices, as on network file systems. */
  static FolderWatch polling(Collection<Path> roots, Runnable listener) {
    return new FolderWatch(List.copyOf(roots), Fingerprint.of(roots), listener, null);
  }

  /** Starts the thread that watches. */
  public void start() {
    thread.start();
  }

  /** Without notices (their number is limited per user) the fingerprint still finds everything. */
  private static @Nullable WatchService notices() {
    try {
      return FileSystems.getDefault().newWatchService();
    } catch (IOException | UnsupportedOperationException e) {
      LOG.warn("No file notices from the system, looking every second: {}", Reasons.of(e));
      return null;
    }
  }

  private void watch() {
    try {
      while (!closed) {
        turnOrRest();
      }
    } catch (InterruptedException | ClosedWatchServiceException e) {
      LOG.debug("No longer watching {}", roots);
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
        LOG.error("Looking for changes of {} failed; trying again", roots, e);
      }
      TimeUnit.NANOSECONDS.sleep(restNanos);
    }
  }

  /** A change counts as known only once it has been told. */
  private void turn() throws InterruptedException {
    Burst burst = awaitNotice();
    if (burst.isOfWholeFiles()) {
      awaitQuiet(burst);
    }
    Fingerprint seen = look();
    if (!seen.sees(known)) {
      Fingerprint changed = burst.isOfWholeFiles() ? seen : settled(seen);
      listener.run();
      known = changed;
    }
  }

  /** What is noted only says how soon to look: the fingerprint knows what has changed. */
  private Burst awaitNotice() throws InterruptedException {
    Burst burst = new Burst();
    if (notices == null) {
      TimeUnit.NANOSECONDS.sleep(restNanos);
      return burst;
    }
    register(notices);
    WatchKey key = notices.poll(restNanos, TimeUnit.NANOSECONDS);
    while (key != null) {
      burst.take(key);
      key = notices.poll();
    }
    return burst;
  }

  /** Waits until nothing more is noted; whoever goes on for long has to settle. */
  private void awaitQuiet(Burst burst) throws InterruptedException {
    WatchService service = notices;
    for (int i = 0; service != null && i < MAX_NOTED; i++) {
      WatchKey key = service.poll(QUIET.toNanos(), TimeUnit.NANOSECONDS);
      if (key == null) {
        return;
      }
      burst.take(key);
    }
  }

  private void register(WatchService service) {
    watched
        .entrySet()
        .removeIf(
            entry -> {
              boolean stale = !known.folders().contains(entry.getKey());
              if (stale) {
                entry.getValue().cancel();
              }
              return stale || !entry.getValue().isValid();
            });
    for (Path folder : known.folders()) {
      if (!watched.containsKey(folder)) {
        register(folder, service);
      }
    }
  }

  private void register(Path folder, WatchService service) {
    try {
      WatchKey key =
          folder.register(
              service,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_DELETE,
              StandardWatchEventKinds.ENTRY_MODIFY);
      watched.put(folder, key);
    } catch (IOException e) {
      LOG.debug("No notices for {}: {}", folder, e.getMessage());
    }
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
    long begun = System.nanoTime();
    Fingerprint seen = Fingerprint.of(roots);
    long took = System.nanoTime() - begun;
    restNanos = Math.max(POLL.toNanos(), took * REST_PER_SCAN);
    return seen;
  }

  /** Stops watching; the listener may still be called once. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    if (notices != null) {
      try {
        notices.close();
      } catch (IOException e) {
        LOG.debug("Closing the watch failed", e);
      }
    }
  }
}
