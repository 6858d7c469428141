package dev.meridian.control;

import dev.meridian.resolver.Resolver;
import dev.meridian.rr.ResolvedNames;
import dev.meridian.state.StateFile;
import dev.meridian.state.StateKeeper;
import dev.meridian.state.StateWriter;
import dev.meridian.wire.DomainName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Names elsewhere by the {@link Resolver}, and what is known of them kept over restarts: at most
 * once in five seconds, for what is lost is had again by asking.
 */
final class Names implements NameFeed, StateWriter, AutoCloseable {
  private static final String WHAT = "names elsewhere";
  private static final Duration PERIOD = Duration.ofSeconds(5);

  /** New zones wait so long for what they alias; then they are served without it. */
  private static final long PATIENCE_SECONDS = 2;

  private final StateFile file;
  private final Supplier<Resolver> maker;
  private final Consumer<ResolvedNames> listener;
  private final StateKeeper<ResolvedNames> keeper;

  private volatile @Nullable Resolver resolver;
  private Resolver.@Nullable Watch watch;

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
    this.keeper = new StateKeeper<>("meridian-names", file, new Known(), ResolvedNames.EMPTY);
  }

  private final class Known implements StateKeeper.Subject<ResolvedNames> {
    @Override
    public String name() {
      return WHAT;
    }

    @Override
    public ResolvedNames known() {
      return names();
    }

    @Override
    public boolean isNews(ResolvedNames known, ResolvedNames kept) {
      return !kept.changes(known).isEmpty();
    }

    @Override
    public byte[] octets(ResolvedNames known) {
      return NameMemory.octets(known);
    }
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
    ResolvedNames kept = StateKeeper.recall(file, WHAT, NameMemory::read, ResolvedNames.EMPTY);
    started.recall(kept);
    resolver = started;
    keeper.begin(PERIOD, kept);
    return started.watch(listener);
  }

  @Override
  public void suspend() {
    keeper.suspend();
  }

  /** What another process has learned meanwhile is learned again by asking. */
  @Override
  public void resume() {
    keeper.resume();
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
    keeper.close();
    if (started != null) {
      started.close();
    }
  }
}
