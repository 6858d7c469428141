package dev.meridian.publish;

import dev.meridian.text.Reasons;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The system's notices of what changes in some folders. Guarded by whoever owns it, but for {@link
 * #await}, for which one thread may wait.
 */
final class Notices implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

  /** Elsewhere notices may come late: macOS looks for changes every few seconds. */
  private static final boolean PROMPT = System.getProperty("os.name", "").equals("Linux");

  /** So many fit into what the platform takes from the system at once, whatever their names. */
  private static final int BATCH = 16;

  private static final int MAX_ROUNDS = 100;

  /** Takes a notice. */
  interface Sink {
    /**
     * Something has happened to a name in a folder.
     *
     * @param path of the file that it is or was the name of
     */
    void noted(WatchEvent.Kind<?> kind, Path folder, Path path);

    /** More has happened than could be noted. */
    void lost();
  }

  private final WatchService service;
  private final Map<Path, WatchKey> watched = new HashMap<>();

  private Notices(WatchService service) {
    this.service = service;
  }

  /** Null where the system has none; their number is limited for each user. */
  static @Nullable Notices open() {
    try {
      return new Notices(FileSystems.getDefault().newWatchService());
    } catch (IOException | UnsupportedOperationException e) {
      LOG.warn("No file notices from the system, looking every second: {}", Reasons.of(e));
      return null;
    }
  }

  /** Whether there are notices of a folder of this path, if it is the same still. */
  boolean watches(Path folder) {
    WatchKey key = watched.get(folder);
    return key != null && key.isValid();
  }

  /**
   * Asks for notices of a folder from now on; of one that is watched already this costs little.
   *
   * @return whether there will be any
   */
  boolean watch(Path folder) {
    try {
      WatchKey key =
          folder.register(
              service,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_DELETE,
              StandardWatchEventKinds.ENTRY_MODIFY);
      WatchKey old = watched.put(folder, key);
      if (old != null && !old.equals(key)) {
        old.cancel(); // of a folder that had this path before
      }
      return true;
    } catch (IOException | ClosedWatchServiceException e) {
      LOG.debug("No notices for {}: {}", folder, Reasons.of(e));
      return false;
    }
  }

  /** Wants no more of other folders than these. */
  void retain(Set<Path> folders) {
    watched
        .entrySet()
        .removeIf(
            entry -> {
              boolean stale = !folders.contains(entry.getKey());
              if (stale) {
                entry.getValue().cancel();
              }
              return stale;
            });
  }

  /**
   * Waits until something is noted.
   *
   * @param then takes it
   * @return whether something was; it may have been taken by another meanwhile
   */
  boolean await(long nanos, Runnable then) throws InterruptedException {
    List<WatchKey> noted = new ArrayList<>();
    WatchKey key = service.poll(nanos, TimeUnit.NANOSECONDS);
    for (; key != null; key = service.poll()) {
      noted.add(key);
    }
    if (noted.isEmpty()) {
      return false;
    }
    then.run();
    noted.forEach(WatchKey::reset);
    return true;
  }

  /**
   * Takes all that has happened until now in folders one of which is this. The platform reads
   * notices on a thread of its own, which serves wishes to watch a folder as well: when one for a
   * folder that is watched already has been served, what was noted before it can be taken.
   *
   * @return whether that is known to be all
   */
  boolean takeUntilNow(Path folder, Sink sink) {
    for (int round = 0; PROMPT && round < MAX_ROUNDS; round++) {
      WatchKey key = watched.get(folder);
      if (key == null || !watch(folder) || !key.equals(watched.get(folder))) {
        return false; // it is another folder by now, or none
      }
      if (take(sink) < BATCH) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes from the keys, not from the queue: who waits for the queue is woken all the same.
   *
   * @return how many there were
   */
  int take(Sink sink) {
    int count = 0;
    for (Map.Entry<Path, WatchKey> each : watched.entrySet()) {
      for (WatchEvent<?> event : each.getValue().pollEvents()) {
        count += event.count();
        if (event.context() instanceof Path name) {
          sink.noted(event.kind(), each.getKey(), each.getKey().resolve(name));
        } else {
          sink.lost();
        }
      }
    }
    return count;
  }

  /** Whoever waits is told so by {@link ClosedWatchServiceException}. */
  @Override
  public void close() {
    try {
      service.close();
    } catch (IOException e) {
      LOG.debug("Closing the watch failed", e);
    }
  }
}
