package dev.meridian.control;

import dev.meridian.resolver.Resolver;
import dev.meridian.rr.ResolvedNames;
import dev.meridian.state.OwnThread;
import dev.meridian.state.StateFile;
import dev.meridian.state.StateWriter;
import dev.meridian.text.Reasons;
import dev.meridian.wire.DomainName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names elsewhere by the {@link Resolver}, and what is known of them kept over restarts, on a
 * thread of its own: at most once in five seconds, for what is lost is had again by asking.
 */
final class Names implements NameFeed, StateWriter, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Names.class);
  private static final long PERIOD_SECONDS = 5;
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

  /** New zones wait so long for what they alias; then they are served without it. */
  private static final long PATIENCE_SECONDS = 2;

  private final StateFile file;
  private final Supplier<Resolver> maker;
  private final Consumer<ResolvedNames> listener;
  private final ScheduledExecutorService keeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("meridian-names").daemon().factory());

  private volatile @Nullable Resolver resolver;
  private Resolver.@Nullable Watch watch;
  private ResolvedNames kept = ResolvedNames.EMPTY;
  private boolean failing;
  private volatile boolean suspended;

  /**
   * Asks nobody before a name is wanted, and starts no resolver either.
   *
   * @param folder where what is known outlives the process
   * @param maker starts the resolver
   * @param listener is called whenever something else is known
   */
  Names(Path folder, Supplier<Resolver> maker, Consumer<ResolvedNames> listener) {
    this.file = new StateFile(folder, "names");
    this.maker = maker;
    this.listener = listener;
  }

  @Override
  public synchronized CompletableFuture<?> want(Set<DomainName> names) {
    if (names.isEmpty() && watch == null) {
      return CompletableFuture.completedFuture(null);
    }
    Resolver.Watch watching = watch;
    if (watching == null) {
      watching = begin();
      watch = watching;
    }
    return watching
        .want(names)
        .completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS)
        .exceptionally(_ -> null);
  }

  private Resolver.Watch begin() {
    Resolver started = maker.get();
    kept = recall();
    started.recall(kept);
    resolver = started;
    var _ =
        keeper.scheduleWithFixedDelay(this::keep, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    return started.watch(listener);
  }

  /** Nothing rather than a failure. */
  private ResolvedNames recall() {
    StateFile.Kept found = file.read();
    found.complaints().forEach(complaint -> LOG.warn("{}", complaint));
    byte[] octets = found.octets();
    try {
      return octets == null ? ResolvedNames.EMPTY : NameMemory.read(octets);
    } catch (IOException e) {
      LOG.warn("What was known of names elsewhere cannot be used: {}", Reasons.of(e));
      return ResolvedNames.EMPTY;
    }
  }

  private void keep() {
    ResolvedNames now = names();
    if (suspended || kept.changes(now).isEmpty()) {
      return;
    }
    try {
      file.write(NameMemory.octets(now));
      kept = now;
      failing = false;
    } catch (IOException | RuntimeException e) {
      if (!failing) {
        LOG.warn("What is known of names elsewhere cannot be kept: {}", Reasons.withFile(e));
      }
      failing = true;
    }
  }

  @Override
  public void suspend() {
    OwnThread.run(
        keeper,
        () -> {
          keep();
          suspended = true;
        });
  }

  /** What another process has learned meanwhile is learned again by asking. */
  @Override
  public void resume() {
    OwnThread.run(
        keeper,
        () -> {
          file.read(); // or what is kept next would count as older
          suspended = false;
        });
  }

  @Override
  public ResolvedNames names() {
    Resolver started = resolver;
    return started == null ? ResolvedNames.EMPTY : started.names();
  }

  /** Keeps everything once more and ends the threads. */
  @Override
  public synchronized void close() {
    Resolver started = resolver;
    if (started != null) {
      keeper.execute(this::keep);
    }
    OwnThread.end(
        keeper,
        CLOSE_PATIENCE,
        () -> LOG.warn("The disk is slow; the newest names elsewhere may not be kept"));
    if (started != null) {
      started.close();
    }
  }
}
