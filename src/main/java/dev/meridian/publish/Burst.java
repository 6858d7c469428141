package dev.meridian.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.util.HashSet;
import java.util.Set;

/**
 * What the system has noted of one burst of changes, and whether all of it may be files that were
 * written elsewhere and renamed into place: those are complete at once.
 *
 * <pre>
 * a name appears, and its file has content       renamed, if nothing else is noted of it
 * a name appears, and its file is empty          somebody begins to write it
 * a file is written to, or a name disappears     who knows what comes next
 * </pre>
 *
 * <p>Hidden files are where such files are written before; they only show that more may come. Owned
 * by one thread.
 */
final class Burst {
  private final Set<Path> appeared = new HashSet<>();
  private boolean other;

  /** More has happened than the system could note. */
  void lost() {
    other = true;
  }

  void note(WatchEvent.Kind<?> kind, Path file) {
    if (String.valueOf(file.getFileName()).startsWith(".")) {
      return;
    }
    if (kind.equals(StandardWatchEventKinds.ENTRY_CREATE)) {
      appeared.add(file);
    } else {
      other = true;
    }
  }

  /** What was noted after it. */
  void add(Burst later) {
    appeared.addAll(later.appeared);
    other |= later.other;
  }

  /** Whether the files are complete, as far as was noted until now. */
  boolean isOfWholeFiles() {
    return !other && !appeared.isEmpty() && appeared.stream().allMatch(Burst::hasContent);
  }

  private static boolean hasContent(Path file) {
    try {
      return Files.isRegularFile(file) && Files.size(file) > 0;
    } catch (IOException e) {
      return false;
    }
  }
}
