package dev.meridian.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many files and sockets this process may have open (RLIMIT_NOFILE), and what of that TCP
 * connections may take. The JVM raises its soft limit to the hard one before we are asked.
 */
public final class DescriptorLimit {
  /** Below this not even a small server with a few TCP connections can be told to go well. */
  static final int LEAST = 128;

  /** What a server has open before anybody connects: its own jars, event loops, sockets. */
  static final int OWN = 96;

  /**
   * Descriptors that connections never take: zone files while they load, databases, listening
   * sockets, event loops, probes, the HTTP surface, and {@link ConnectionLimit#TOLERANCE}.
   */
  static final int RESERVE = 512;

  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Pattern SOFT_LIMIT = Pattern.compile("Max open files +(\\d{1,18}) .*");

  private DescriptorLimit() {}

  /** The soft limit of this process; empty where there is none or the kernel does not tell. */
  static OptionalLong ofThisProcess() {
    try {
      return parse(Files.readAllLines(LIMITS));
    } catch (IOException notLinux) {
      return OptionalLong.empty();
    }
  }

  /** Reads the soft limit out of the lines of {@code /proc/self/limits}. */
  static OptionalLong parse(List<String> lines) {
    return lines.stream()
        .map(SOFT_LIMIT::matcher)
        .filter(Matcher::matches)
        .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
        .findFirst();
  }

  /** Why this process cannot be a server: it may open too few files. Empty: it can. */
  public static Optional<String> shortage() {
    return shortage(ofThisProcess());
  }

  static Optional<String> shortage(OptionalLong limit) {
    return limit.isEmpty() || limit.getAsLong() >= LEAST
        ? Optional.empty()
        : Optional.of(
            "this process may have %d files open, and needs %d: raise the limit (%s)"
                .formatted(limit.getAsLong(), LEAST, "ulimit -n, LimitNOFILE= of systemd"));
  }

  /** The connections that fit: what the reserve leaves of the limit, or half of a small rest. */
  static int fit(int connections, OptionalLong limit) {
    if (limit.isEmpty()) {
      return connections;
    }
    long room = Math.max(limit.getAsLong() - RESERVE, (limit.getAsLong() - OWN) / 2);
    return (int) Math.max(1, Math.min(connections, room));
  }
}
