package dev.meridian.health;

import java.time.Duration;

/**
 * Passes while a file that another system writes says so. Each line is {@code KEY up} or {@code KEY
 * down}, with more words behind as the reason; {@code #} begins a comment. A file that is too old,
 * is not there or does not name the key is insufficient data.
 *
 * @param path absolute
 * @param key of this check; {@code {id}} in it stands for the check's id
 * @param maxAge by the file's time of modification; 1 s to 1 day
 * @param insufficient what insufficient data counts as
 */
public record FileCheck(
    String path, String key, Duration maxAge, MetricCheck.Insufficient insufficient)
    implements CheckKind {
  /** Stands for the id of the check. */
  public static final String ID = "{id}";

  /** Checks the values. */
  public FileCheck {
    if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "'" + path + "' is not an absolute path; a file that changes belongs outside of zones");
    }
    if (key.isEmpty() || key.chars().anyMatch(c -> c <= ' ')) {
      throw new IllegalArgumentException("'" + key + "' is no key: it is one word");
    }
    if (maxAge.compareTo(Duration.ofSeconds(1)) < 0 || maxAge.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "an age of " + maxAge.toMillis() + " ms is not 1 s to 1 day");
    }
  }

  /** The word that begins the line of the check with this id. */
  public String keyOf(String id) {
    return key.replace(ID, id);
  }

  @Override
  public String word() {
    return "file";
  }

  @Override
  public boolean isAimed() {
    return false;
  }

  @Override
  public FileCheck withPort(int port) {
    return this;
  }
}
