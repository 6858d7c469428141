package dev.meridian.control;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads, and at the same time copies what is loaded. If anything in the folder changes meanwhile,
 * both are done again: what is served and what is kept is what the folder said at one moment,
 * across all of its files.
 */
final class CopyingSource implements StateSource {
  private static final Logger LOG = LoggerFactory.getLogger(CopyingSource.class);
  private static final int MAX_ATTEMPTS = 5;

  /** Enough of a digest to tell the databases of one server apart. */
  private static final int NAME_LENGTH = 16;

  private final StateSource rest;
  private final Path zones;
  private final List<Path> geoip;

  /**
   * Watches over a load.
   *
   * @param zones the folder that {@code rest} reads
   * @param geoip the databases that {@code rest} reads; none: the one that is built in
   */
  CopyingSource(StateSource rest, Path zones, List<Path> geoip) {
    this.rest = rest;
    this.zones = zones;
    this.geoip = List.copyOf(geoip);
  }

  @Override
  public LoadedState load() throws LoadFailedException {
    for (int attempt = 1; ; attempt++) {
      String before = look();
      CompletableFuture<Optional<SetCopy>> copying = CompletableFuture.supplyAsync(this::copy);
      LoadedState loaded = null;
      LoadFailedException failed = null;
      try {
        loaded = rest.load();
      } catch (LoadFailedException e) {
        failed = e;
      }
      Optional<SetCopy> copy = copying.join();
      if (look().equals(before)) {
        return outcome(loaded, failed, copy);
      }
      if (attempt == MAX_ATTEMPTS) {
        throw LoadFailedException.because(
            zones.toString(),
            "the zone folder keeps changing while it is read; load it when it has settled");
      }
      settle();
    }
  }

  private static LoadedState outcome(
      @Nullable LoadedState loaded, @Nullable LoadFailedException failed, Optional<SetCopy> copy)
      throws LoadFailedException {
    if (failed != null) {
      throw failed;
    }
    return Objects.requireNonNull(loaded).with(copy);
  }

  @Override
  public LoadedState load(KeptFiles kept) throws LoadFailedException {
    return rest.load(kept);
  }

  private String look() {
    return Fingerprint.of(List.of(zones)).digest() + Fingerprint.of(geoip).digest();
  }

  private String geoName() {
    return geoip.isEmpty() ? "" : Fingerprint.of(geoip).digest().substring(0, NAME_LENGTH);
  }

  private Optional<SetCopy> copy() {
    try {
      return Optional.of(SetCopy.of(zones, geoName()));
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} cannot be copied, so this set will not be kept: {}", zones, e.toString());
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
