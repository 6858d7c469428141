package dev.meridian.publish;

import dev.meridian.source.Changes;
import dev.meridian.text.Reasons;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads, and if anything in the folder changes meanwhile, loads again: what is served is what the
 * folder said at one moment, across all of its files. A copy is made later, when it is served
 * already, and only if the folder is the same still.
 */
public final class CopyingSource implements StateSource {
  private static final Logger LOG = LoggerFactory.getLogger(CopyingSource.class);
  private static final int MAX_ATTEMPTS = 5;

  /** Enough of a digest to tell the databases of one server apart. */
  private static final int NAME_LENGTH = 16;

  private final StateSource rest;
  private final Sight sight;
  private final List<Path> geoip;

  /** The first load begins where the sight of the folder began. */
  private boolean first = true;

  /**
   * Watches over a load.
   *
   * @param sight of the folder that {@code rest} reads, taken before anything of it is read
   * @param geoip the databases that {@code rest} reads; none: the one that is built in
   */
  public CopyingSource(StateSource rest, Sight sight, List<Path> geoip) {
    this.rest = rest;
    this.sight = sight;
    this.geoip = List.copyOf(geoip);
  }

  @Override
  public LoadedState load() throws LoadFailedException {
    return load(true);
  }

  @Override
  public LoadedState loadNoted() throws LoadFailedException {
    return load(false);
  }

  /**
   * @param all whether to look at all files, or only at those that are known to have changed
   */
  private LoadedState load(boolean all) throws LoadFailedException {
    for (int attempt = 1; ; attempt++) {
      Fingerprint before = first ? withGeo(sight.seen()) : look(all);
      first = false;
      LoadedState loaded = null;
      LoadFailedException failed = null;
      try {
        loaded = loadRest(all);
      } catch (LoadFailedException e) {
        failed = e;
      }
      if (look(all).sees(before)) {
        if (failed != null) {
          throw failed;
        }
        return Objects.requireNonNull(loaded)
            .with(new Copying(before.digest(), () -> copy(before)));
      }
      if (attempt == MAX_ATTEMPTS) {
        throw LoadFailedException.because(
            sight.root().toString(),
            "the zone folder keeps changing while it is read; load it when it has settled");
      }
      settle();
    }
  }

  private LoadedState loadRest(boolean all) throws LoadFailedException {
    Changes changes = sight.takeChanges();
    boolean ended = false;
    try {
      LoadedState loaded = rest.load(all ? Changes.ANY : changes);
      ended = true;
      return loaded;
    } catch (LoadFailedException e) {
      ended = true;
      throw e;
    } finally {
      if (!ended) {
        sight.forget(); // nobody knows how far it came
      }
    }
  }

  @Override
  public LoadedState load(KeptFiles kept) throws LoadFailedException {
    return rest.load(kept);
  }

  private Fingerprint look(boolean all) {
    return withGeo(all ? sight.lookAtAll() : sight.look());
  }

  private Fingerprint withGeo(Fingerprint seen) {
    return seen.plus(Fingerprint.of(geoip));
  }

  private String geoName() {
    return geoip.isEmpty() ? "" : Fingerprint.of(geoip).digest().substring(0, NAME_LENGTH);
  }

  private Optional<SetCopy> copy(Fingerprint looked) {
    try {
      SetCopy copy = SetCopy.of(sight.root(), geoName());
      return look(false).sees(looked) ? Optional.of(copy) : Optional.empty();
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} cannot be copied, so it will not be kept: {}", sight.root(), Reasons.of(e));
      return Optional.empty();
    }
  }

  private static void settle() {
    try {
      TimeUnit.NANOSECONDS.sleep(FolderWatch.SETTLE.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
