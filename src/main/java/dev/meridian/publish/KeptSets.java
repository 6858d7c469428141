package dev.meridian.publish;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.geo.GeoException;
import dev.meridian.state.OwnThread;
import dev.meridian.state.StateWriter;
import dev.meridian.text.Reasons;
import dev.meridian.text.RefusedException;
import dev.meridian.transport.Background;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the last {@link #KEPT} good sets in the state folder, and reads them again. Writing is done
 * by a thread of its own, so that no disk holds up what is served; a disk that takes nothing is
 * told in the log and counted. Sets of another zone folder are left alone, and never served in
 * place of this one's.
 *
 * <p>All methods may be called from any thread.
 */
public final class KeptSets implements StateWriter, AutoCloseable {
  /** So many sets are kept, all different. */
  public static final int KEPT = 10;

  private static final Logger LOG = LoggerFactory.getLogger(KeptSets.class);

  /**
   * Copying takes at most this part of the time: of a hundred thousand files it takes seconds, and
   * there may be an edit each second. What comes meanwhile is kept with the last of it.
   */
  private static final int REST_PER_COPY = 10;

  /** A disk that hung for long need not hang again. */
  private static final Duration MAX_REST = Duration.ofMinutes(1);

  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

  private final KeptFolder folder;
  private final Path zones;
  private final long least;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, Background.threads("meridian-keep"));

  /** What is to be kept next; a slow disk keeps only the newest. */
  private final AtomicReference<@Nullable Order> next = new AtomicReference<>();

  /** Until when nothing is copied; monotonic, the thread's own. */
  private long restsUntil = System.nanoTime();

  private volatile List<KeptSet> sets;
  private volatile @Nullable Pin pin;
  private volatile long failures;
  private volatile boolean suspended;

  /** The database of the newest set, so that going back does not read it again. */
  private volatile @Nullable Known known;

  private record Known(String name, GeoDatabase geo) {}

  private record Order(
      Copying copying, GeoDatabase geo, long generation, Instant at, String reason) {
    KeptSet set(SetCopy copy) {
      return new KeptSet(
          generation, at, reason, List.of(), copy.digest(), copy.geo(), copying.look());
    }
  }

  /**
   * The newest two that were served, for as long as there is memory to spare: going back to what
   * was served just now reads nothing.
   */
  private volatile List<Recent> recent = List.of();

  private record Recent(
      long generation, Instant at, String reason, String look, SoftReference<LoadedState> state) {
    /** Whether that is the same set, for nothing had changed. */
    boolean is(LoadedState other) {
      LoadedState mine = state.get();
      return mine != null && mine.hasTheZonesOf(other) && mine.space().equals(other.space());
    }

    KeptSet set(String digest, String geo) {
      return new KeptSet(generation, at, reason, List.of(), digest, geo, look);
    }
  }

  private KeptSets(KeptFolder folder, Path zones, long least) {
    this.least = least;
    this.folder = folder;
    this.zones = zones;
    folder.tidy();
    this.sets = folder.list();
    this.pin = folder.pin();
  }

  /**
   * Looks at what is there; no folder is made before there is something to keep.
   *
   * @param state the state folder
   * @param zones the folder that sets are of
   */
  public static KeptSets open(Path state, Path zones) {
    return open(state, zones, 0);
  }

  /**
   * As above.
   *
   * @param least a number that no later generation may have, whatever is on the disk
   */
  public static KeptSets open(Path state, Path zones, long least) {
    return new KeptSets(new KeptFolder(state.resolve("kept"), zones), zones, least);
  }

  /** Newest first. */
  public List<KeptSet> list() {
    return sets;
  }

  /**
   * The set to go back to.
   *
   * @param generation that is wanted; empty: the newest before what is served
   * @throws RefusedException if there is no such set
   */
  public KeptSet choose(OptionalLong generation, @Nullable ReloadResult served) {
    List<KeptSet> all = withRecent();
    Predicate<KeptSet> wanted;
    String missing;
    if (generation.isPresent()) {
      wanted = set -> set.is(generation.getAsLong());
      missing = "generation " + generation.getAsLong() + " is not kept";
    } else {
      KeptSet old = served == null ? null : served.kept();
      long current = old != null ? old.generation() : served == null ? 0 : served.generation();
      wanted = set -> set.generation() < current;
      missing = "nothing before what is served is kept";
    }
    return all.stream()
        .filter(wanted)
        .findFirst()
        .orElseThrow(
            () ->
                new RefusedException(
                    missing + "; kept are " + all.stream().map(KeptSet::generation).toList()));
  }

  /** What is on the disk, and what was served last and is not, or not yet; newest first. */
  private List<KeptSet> withRecent() {
    List<KeptSet> all = new ArrayList<>(sets);
    for (Recent each : recent) {
      if (all.stream().noneMatch(set -> set.is(each.generation))) {
        add(each, all);
      }
    }
    all.sort(Comparator.comparingLong(KeptSet::generation).reversed());
    return all;
  }

  /** What looks like a set that is on the disk is that set, and about to be kept as such. */
  private static void add(Recent served, List<KeptSet> all) {
    for (int i = 0; i < all.size(); i++) {
      KeptSet old = all.get(i);
      if (old.looksLike(served.look)) {
        all.set(i, served.set(old.digest(), old.geo()).after(old));
        return;
      }
    }
    if (served.state.get() != null) {
      all.add(served.set("", ""));
    }
  }

  /** A number that no later generation may have; 0: none. Reads the disk. */
  public long newest() {
    return Math.max(least, folder.newest());
  }

  /** How often a set could not be kept. */
  public long failures() {
    return failures;
  }

  /** What is to be served in place of the files, if these are still the same. */
  Optional<Pin> pinned() {
    return Optional.ofNullable(pin);
  }

  /** Keeps what is served now, in good time; nothing is served in place of the files any more. */
  public void keep(LoadedState served, long generation, String reason, Instant at) {
    run(this::unpin);
    SoftReference<LoadedState> state = new SoftReference<>(served.with(Copying.NOTHING));
    Recent newest = new Recent(generation, at, reason, served.copying().look(), state);
    recent =
        Stream.concat(Stream.of(newest), recent.stream().filter(each -> !each.is(served)).limit(1))
            .toList();
    next.set(new Order(served.copying(), served.space().geo(), generation, at, reason));
    run(this::keepNext);
  }

  private void unpin() throws IOException {
    pin = null;
    folder.unpin();
  }

  private void keepNext() throws IOException {
    long rest = restsUntil - System.nanoTime();
    if (rest > 0) {
      var _ = thread.schedule(() -> attempt(this::keepNow), rest, TimeUnit.NANOSECONDS);
    } else {
      keepNow();
    }
  }

  private void keepNow() throws IOException {
    Order order = next.getAndSet(null);
    if (order == null) {
      return;
    }
    long begun = System.nanoTime();
    Optional<SetCopy> made = order.copying.make();
    if (made.isPresent()) {
      keep(order.set(made.get()), made.get(), order.geo);
    }
    long end = System.nanoTime();
    restsUntil = end + Math.min(MAX_REST.toNanos(), REST_PER_COPY * (end - begun));
  }

  private void keep(KeptSet served, SetCopy copy, GeoDatabase geo) throws IOException {
    KeptSet newest = served;
    List<KeptSet> after = new ArrayList<>();
    for (KeptSet set : sets) {
      if (set.saysTheSameAs(newest)) {
        newest = newest.after(set);
      } else if (after.size() < KEPT - 1) {
        after.add(set);
      }
    }
    after.addFirst(newest);
    folder.write(newest, copy, geo);
    sets = List.copyOf(after);
    known = new Known(newest.geo(), geo);
    folder.retain(after);
  }

  /** From now on, over restarts too, this set is served until the files change. */
  public void pin(KeptSet set) {
    run(
        () -> {
          String away = "";
          try {
            away = SetCopy.of(zones, "").digest();
          } catch (IOException e) {
            LOG.debug("{} cannot be read", zones, e);
          }
          pin(new Pin(set.generation(), away, ""));
        });
  }

  /**
   * From now on, over restarts too, this set is served until the files are others than those that
   * the gate held back.
   *
   * @param away the files
   * @param why they were held back
   */
  public void hold(long generation, Copying away, String why) {
    run(
        () -> {
          Optional<SetCopy> files = away.make();
          if (files.isPresent()) {
            pin(new Pin(generation, files.get().digest(), why));
          }
        });
  }

  private void pin(Pin made) throws IOException {
    if (sets.stream().anyMatch(set -> set.generation() == made.generation())) {
      pin = made;
      folder.pin(made);
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private void run(Work work) {
    thread.execute(() -> attempt(work));
  }

  private void attempt(Work work) {
    if (suspended) {
      return;
    }
    try {
      work.run();
    } catch (IOException | RuntimeException e) {
      failed(e);
    }
  }

  @Override
  public void suspend() {
    OwnThread.run(thread, () -> suspended = true);
  }

  @Override
  public void resume() {
    OwnThread.run(
        thread,
        () -> {
          sets = folder.list();
          pin = folder.pin();
          suspended = false;
        });
    run(this::keepNext);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread
  private void failed(Exception e) {
    failures++;
    LOG.warn(
        "The set that is served cannot be kept in {} ({}). It is served all the same, but without"
            + " its files it could not be served again. Let the server write there, make room, or"
            + " name another folder with --state",
        folder.path(),
        Reasons.of(e));
  }

  /**
   * Reads a kept set again.
   *
   * @param source compiles it
   * @throws LoadFailedException if it is damaged, or cannot be served by this build
   */
  public LoadedState load(KeptSet set, StateSource source) throws LoadFailedException {
    for (Recent each : recent) {
      LoadedState state = each.generation == set.generation() ? each.state.get() : null;
      if (state != null) {
        return state;
      }
    }
    if (set.digest().isEmpty()) {
      throw LoadFailedException.because(
          folder.path().toString(),
          "generation " + set.generation() + " is on no disk, and no longer in memory");
    }
    try (KeptFolder.Unpacked files = folder.unpack(set)) {
      return source.load(new KeptFiles(files.path(), geo(set)));
    } catch (IOException | GeoException e) {
      throw LoadFailedException.because(
          folder.path().toString(),
          "kept generation " + set.generation() + " cannot be used: " + Reasons.of(e));
    }
  }

  private GeoDatabase geo(KeptSet set) {
    if (set.geo().isEmpty()) {
      return GeoDatabase.embedded();
    }
    Known newest = known;
    return newest != null && newest.name.equals(set.geo()) ? newest.geo : folder.geo(set.geo());
  }

  /** Waits for what is being written, but not for long. */
  @Override
  public void close() {
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    run(this::keepNow);
    OwnThread.end(
        thread,
        CLOSE_PATIENCE,
        () -> {
          thread.shutdownNow();
          LOG.warn("The newest set cannot be copied in time; it may not be kept");
        });
  }
}
