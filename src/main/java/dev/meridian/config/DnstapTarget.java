package dev.meridian.config;

import java.nio.file.Path;

/**
 * Where dnstap frames go.
 *
 * @param socket a Unix socket that somebody else listens on; else a file
 */
public record DnstapTarget(boolean socket, Path path) {
  private static final String UNIX = "unix:";

  /**
   * Reads {@code unix:PATH}, or the path of a file.
   *
   * @throws IllegalArgumentException with a sentence
   */
  static DnstapTarget parse(String text) {
    boolean socket = text.startsWith(UNIX);
    Path path = ValueType.PATH.reader().apply(socket ? text.substring(UNIX.length()) : text);
    return new DnstapTarget(socket, path);
  }
}
