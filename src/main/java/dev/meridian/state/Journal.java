package dev.meridian.state;

import dev.meridian.text.Reasons;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One time line of all that happened: health, overrides, reloads. The newest entries are in memory,
 * many more on disk, written by a thread of its own a few milliseconds later, so that no disk and
 * no subscriber holds up who has something to tell.
 *
 * <p>After an end that was not in order, numbering goes on with a gap, so that no number is used
 * twice although the last few entries may have missed the disk.
 *
 * <p>All methods may be called from any thread.
 */
public final class Journal implements StateWriter, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  /** So many of the newest entries are in memory. */
  public static final int REMEMBERED = 4096;

  private static final int BATCH = 256;
  private static final int MAX_SUBSCRIPTIONS = 128;
  private static final long RETRY_SECONDS = 1;
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

  private final JournalFolder folder;
  private final InstantSource clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("meridian-journal").daemon().factory());
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private final AtomicBoolean writing = new AtomicBoolean();

  // Guarded by this.
  private final Deque<JournalEntry> newest = new ArrayDeque<>(REMEMBERED);
  private long last;
  private long onDisk;

  /** Nothing up to here is in memory. */
  private long forgotten;

  /** Entries that left memory before they could be written, and are still to be told of. */
  private long lost;

  private long lostInAll;
  private long written;

  /** Whether another process writes; what happens is for it to tell. */
  private boolean suspended;

  // The thread's own.
  private boolean failing;

  /** Takes what happens to subscriptions. Called by the subscription's executor. */
  public interface Subscriber {
    /** One entry more; in order, none left out. */
    void next(JournalEntry entry);

    /** It was too slow: entries it had not taken are gone from memory. Nothing more will come. */
    void dropped();
  }

  private Journal(
      JournalFolder folder, InstantSource clock, List<JournalEntry> before, boolean whole) {
    this.folder = folder;
    this.clock = clock;
    newest.addAll(before);
    if (!before.isEmpty()) {
      JournalEntry end = before.getLast();
      boolean inOrder = whole || end.kind() == JournalEntry.Kind.STOP;
      last = end.sequence() + (inOrder ? 0 : REMEMBERED);
      onDisk = end.sequence();
      forgotten = before.size() < REMEMBERED ? 0 : before.getFirst().sequence() - 1;
    }
  }

  /**
   * Goes on where the last process ended. A folder that cannot be read is told in the log, and no
   * reason not to begin.
   *
   * @param maxOctets on the disk, about
   */
  public static Journal open(Path folder, long maxOctets, InstantSource clock) {
    return open(folder, maxOctets, clock, false);
  }

  /**
   * As above.
   *
   * @param whole whether the last process is known to have written all that happened
   */
  public static Journal open(Path folder, long maxOctets, InstantSource clock, boolean whole) {
    JournalFolder files = new JournalFolder(folder, maxOctets);
    List<JournalEntry> before = List.of();
    try {
      before = files.open(REMEMBERED, complaint -> LOG.warn("{}", complaint));
    } catch (IOException e) {
      LOG.warn("The journal in {} cannot be read: {}", folder, Reasons.of(e));
    }
    return new Journal(files, clock, before, whole);
  }

  /** Says what happened; see {@link JournalEntry}. Never waits. */
  public void add(
      JournalEntry.Kind kind, String subject, String from, String to, String cause, String reason) {
    synchronized (this) {
      if (suspended) {
        return;
      }
      last++;
      remember(new JournalEntry(last, clock.instant(), kind, subject, from, to, cause, reason));
    }
    writeAfter(0);
    subscriptions.forEach(Subscription::wake);
  }

  private void remember(JournalEntry entry) {
    newest.addLast(entry);
    if (newest.size() > REMEMBERED) {
      forgotten = newest.removeFirst().sequence();
      lost += forgotten > onDisk ? 1 : 0;
      lostInAll += forgotten > onDisk ? 1 : 0;
    }
  }

  private void writeAfter(long seconds) {
    if (writing.compareAndSet(false, true)) {
      try {
        thread.schedule(this::write, seconds, TimeUnit.SECONDS);
      } catch (RejectedExecutionException e) {
        LOG.debug("The journal is closed; it goes on in memory", e);
      }
    }
  }

  /** Everything up to here has been given out already; the next entry's number is one more. */
  public synchronized long position() {
    return last;
  }

  /** The number of the newest entry; 0: there is none. */
  public synchronized long last() {
    return newest.isEmpty() ? 0 : newest.getLast().sequence();
  }

  /**
   * What is in memory and follows a sequence number, the oldest first.
   *
   * @param limit of entries; the oldest of all that there are
   */
  public synchronized List<JournalEntry> recent(long after, int limit) {
    Iterator<JournalEntry> backwards = newest.descendingIterator();
    Deque<JournalEntry> found = new ArrayDeque<>();
    while (backwards.hasNext()) {
      JournalEntry entry = backwards.next();
      if (entry.sequence() <= after) {
        break;
      }
      found.addFirst(entry);
      if (found.size() > limit) {
        found.removeLast();
      }
    }
    return List.copyOf(found);
  }

  /**
   * What follows a sequence number, the oldest first, from the disk if memory does not go back so
   * far: not for a thread that must not wait.
   *
   * @param limit of entries; the oldest of all that there are
   * @throws IOException if the disk cannot be read
   */
  public List<JournalEntry> since(long after, int limit) throws IOException {
    if (reachesBackTo(after)) {
      return recent(after, limit);
    }
    List<JournalEntry> found = new ArrayList<>(folder.after(after, limit));
    if (found.size() < limit) {
      long reached = found.isEmpty() ? after : found.getLast().sequence();
      found.addAll(recent(reached, limit - found.size()));
    }
    return found;
  }

  private synchronized boolean reachesBackTo(long sequence) {
    return forgotten <= sequence;
  }

  /**
   * Delivers what follows a sequence number, as far as memory goes back, and then everything as it
   * happens. A subscriber that falls behind by all that is in memory is dropped.
   *
   * @param executor runs the subscriber, one call at a time; an event loop, for instance
   * @throws IllegalStateException if there are as many subscriptions as there may be
   */
  public Subscription subscribe(long after, Executor executor, Subscriber subscriber) {
    Subscription subscription = new Subscription(after, executor, subscriber);
    synchronized (subscriptions) {
      if (subscriptions.size() >= MAX_SUBSCRIPTIONS) {
        throw new IllegalStateException("there are " + MAX_SUBSCRIPTIONS + " subscribers already");
      }
      subscriptions.add(subscription);
    }
    subscription.wake();
    return subscription;
  }

  /** A subscriber's place in the journal; closing ends it. */
  public final class Subscription implements AutoCloseable {
    private final Executor executor;
    private final Subscriber subscriber;
    private final AtomicBoolean awake = new AtomicBoolean();
    private volatile boolean closed;

    /** Everything up to here is delivered. Only one run at a time has it. */
    private volatile long delivered;

    private Subscription(long after, Executor executor, Subscriber subscriber) {
      this.executor = executor;
      this.subscriber = subscriber;
      synchronized (Journal.this) {
        this.delivered = Math.max(after, forgotten);
      }
    }

    private void wake() {
      if (!closed && awake.compareAndSet(false, true)) {
        try {
          executor.execute(this::deliver);
        } catch (RuntimeException e) {
          LOG.debug("A subscriber's executor takes nothing any more", e);
          close();
        }
      }
    }

    private void deliver() {
      if (!reachesBackTo(delivered)) {
        close();
        subscriber.dropped();
        return;
      }
      for (JournalEntry entry : recent(delivered, BATCH)) {
        if (closed) {
          return;
        }
        subscriber.next(entry);
        delivered = entry.sequence();
      }
      awake.set(false);
      if (delivered < last()) {
        wake(); // others have a turn between two batches
      }
    }

    @Override
    public void close() {
      closed = true;
      subscriptions.remove(this);
    }
  }

  private void write() {
    writing.set(false);
    try {
      List<JournalEntry> batch = recent(onDisk(), BATCH);
      while (!batch.isEmpty()) {
        folder.append(batch);
        wrote(batch);
        batch = recent(onDisk(), BATCH);
      }
    } catch (IOException | RuntimeException e) {
      if (!failing) {
        LOG.warn("The journal cannot be written; it goes on in memory: {}", Reasons.withFile(e));
        failing = true;
      }
      writeAfter(RETRY_SECONDS);
    }
  }

  private synchronized long onDisk() {
    return onDisk;
  }

  @Override
  public void suspend() {
    synchronized (this) {
      suspended = true;
    }
    OwnThread.run(thread, this::write);
  }

  @Override
  public void resume() {
    List<JournalEntry> before = List.of();
    try {
      before = folder.open(REMEMBERED, complaint -> LOG.warn("{}", complaint));
    } catch (IOException e) {
      LOG.warn("What happened meanwhile is not in the journal: {}", Reasons.withFile(e));
    }
    synchronized (this) {
      for (JournalEntry entry : before) {
        if (entry.sequence() > last) {
          onDisk = entry.sequence();
          remember(entry);
        }
      }
      last = onDisk > last ? onDisk + REMEMBERED : last; // the other one may have ended suddenly
      suspended = false;
    }
    writeAfter(0);
    subscriptions.forEach(Subscription::wake);
  }

  /** How it fares; looks at its files. */
  public JournalFigures figures() {
    long octets = folder.octets();
    synchronized (this) {
      long waiting = newest.stream().filter(entry -> entry.sequence() > onDisk).count();
      return new JournalFigures(written, waiting, lostInAll, octets);
    }
  }

  private void wrote(List<JournalEntry> batch) {
    long missing;
    synchronized (this) {
      onDisk = batch.getLast().sequence();
      written += batch.size();
      missing = lost;
      lost = 0;
    }
    if (failing) {
      LOG.info("The journal is written again; entries that it lacks: {}", missing);
      failing = false;
    }
  }

  /** Writes what is left and ends the thread. */
  @Override
  public void close() {
    writing.set(false);
    writeAfter(0);
    OwnThread.end(
        thread,
        CLOSE_PATIENCE,
        () -> LOG.warn("The disk is slow; the end of the journal may not be kept"));
  }
}
