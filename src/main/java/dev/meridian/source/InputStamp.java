package dev.meridian.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What tells one state of a file from the next without reading it. The time of the last change of
 * its inode is part of it, which no program can set.
 *
 * @param path may lead over symbolic links; the rest is of what it leads to
 * @param regular whether it is a regular file
 * @param size in octets
 * @param modified nanoseconds since 1970
 * @param changed the same, of the inode; that of the content where there is no such thing
 * @param key number of the file
 */
public record InputStamp(
    Path path, boolean regular, long size, long modified, long changed, Object key) {
  /** File systems round times, some to two seconds: until then an edit may leave no trace. */
  private static final long GRAIN = TimeUnit.SECONDS.toNanos(2);

  private static final String UNIX = "unix:isRegularFile,size,lastModifiedTime,ctime,fileKey";
  private static final String ANY = "isRegularFile,size,lastModifiedTime,fileKey";

  public static InputStamp of(Path path) throws IOException {
    boolean unix = path.getFileSystem().supportedFileAttributeViews().contains("unix");
    Map<String, Object> is = Files.readAttributes(path, unix ? UNIX : ANY);
    long modified = nanos(is.get("lastModifiedTime"));
    return new InputStamp(
        path,
        Boolean.TRUE.equals(is.get("isRegularFile")),
        is.get("size") instanceof Long octets ? octets : -1,
        modified,
        unix ? nanos(is.get("ctime")) : modified,
        Objects.requireNonNullElse(is.get("fileKey"), ""));
  }

  private static long nanos(@Nullable Object time) {
    return time instanceof FileTime known ? known.to(TimeUnit.NANOSECONDS) : 0;
  }

  /**
   * Whether the file looks the same a moment later: for what happens while it is read, whose times
   * nobody sets back. Much cheaper than {@link #isStill}.
   */
  boolean isStillForNow() {
    try {
      BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
      return is.size() == size
          && nanos(is.lastModifiedTime()) == modified
          && key.equals(Objects.requireNonNullElse(is.fileKey(), ""));
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether the file looks the same now. */
  boolean isStill() {
    try {
      return of(path).equals(this);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Whether an edit after that moment could not have left the file looking the same.
   *
   * @param moment nanoseconds since 1970
   */
  boolean isSettledAt(long moment) {
    return Math.max(modified, changed) + GRAIN < moment;
  }
}
