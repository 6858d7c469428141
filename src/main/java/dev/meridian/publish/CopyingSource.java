package dev.meridian.publish;

import dev.meridian.text.Reasons;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
  private final Path zones;
  private final List<Path> geoip;

  /** Where the first load begins; null: look again. */
  private @Nullable FirstLook first;

  /**
   * Watches over a load.
   *
   * @param zones the folder that {@code rest} reads
   * @param geoip the databases that {@code rest} reads; none: the one that is built in
   */
  public CopyingSource(StateSource rest, Path zones, List<Path> geoip) {
    this(rest, zones, geoip, null);
  }

  /**
   * Watches over a load that begins with a look that was taken already.
   *
   * @param first at the folder; null: there was none
   */
  public CopyingSource(StateSource rest, Path zones, List<Path> geoip, @Nullable FirstLook first) {
    this.rest = rest;
    this.zones = zones;
    this.geoip = List.copyOf(geoip);
    this.first = first;
  }

  @Override
  public LoadedState load() throws LoadFailedException {
    for (int attempt = 1; ; attempt++) {
      Fingerprint before = first == null ? look() : first.seen().plus(Fingerprint.of(geoip));
      first = null;
      LoadedState loaded = null;
      LoadFailedException failed = null;
      try {
        loaded = rest.load();
      } catch (LoadFailedException e) {
        failed = e;
      }
      if (look().sees(before)) {
        if (failed != null) {
          throw failed;
        }
        return Objects.requireNonNull(loaded)
            .with(new Copying(before.digest(), () -> copy(before)));
      }
      if (attempt == MAX_ATTEMPTS) {
        throw LoadFailedException.because(
            zones.toString(),
            "the zone folder keeps changing while it is read; load it when it has settled");
      }
      settle();
    }
  }

  @Override
  public LoadedState load(KeptFiles kept) throws LoadFailedException {
    return rest.load(kept);
  }

  private Fingerprint look() {
    return Fingerprint.of(List.of(zones)).plus(Fingerprint.of(geoip));
  }

  private String geoName() {
    return geoip.isEmpty() ? "" : Fingerprint.of(geoip).digest().substring(0, NAME_LENGTH);
  }

  private Optional<SetCopy> copy(Fingerprint looked) {
    try {
      SetCopy copy = SetCopy.of(zones, geoName());
      return look().sees(looked) ? Optional.of(copy) : Optional.empty();
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} cannot be copied, so this set will not be kept: {}", zones, Reasons.of(e));
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
