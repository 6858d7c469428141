package dev.meridian.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Says when files have changed, looking at them once a second at most. Any thread. */
final class FileStamp {
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final List<Path> files;
  private List<String> last;
  private long lookedAt = System.nanoTime();

  FileStamp(List<Path> files) {
    this.files = List.copyOf(files);
    this.last = look();
  }

  synchronized boolean hasChanged() {
    long now = System.nanoTime();
    if (now - lookedAt < PAUSE_NANOS) {
      return false;
    }
    lookedAt = now;
    List<String> current = look();
    boolean changed = !current.equals(last);
    last = current;
    return changed;
  }

  private List<String> look() {
    List<String> stamps = new ArrayList<>();
    for (Path file : files) {
      try {
        BasicFileAttributes at = Files.readAttributes(file, BasicFileAttributes.class);
        stamps.add(at.lastModifiedTime() + " " + at.size() + " " + at.fileKey());
      } catch (IOException e) {
        stamps.add("not there");
      }
    }
    return stamps;
  }
}
