package dev.meridian.probe;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.meridian.health.Observation.Reason;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/**
 * Keeps probes from using up the descriptors that answering needs: so many may be open at once, and
 * one that finds none left says nothing about its target. Used by the health thread only.
 */
final class SocketBudget {
  private static final int WITHOUT_LIMIT = 65_536;

  private final long limit;
  private long open;

  /**
   * So many sockets at once.
   *
   * @param limit 0 or more
   */
  SocketBudget(long limit) {
    this.limit = limit;
  }

  /** Half of what the process may open (RLIMIT_NOFILE). */
  static SocketBudget ofProcess() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    long descriptors =
        system instanceof UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount()
            : WITHOUT_LIMIT;
    return new SocketBudget(Math.clamp(descriptors / 2, 1, WITHOUT_LIMIT));
  }

  /** Takes one socket; false if there is none left. */
  boolean take() {
    if (open == limit) {
      return false;
    }
    open++;
    return true;
  }

  /** Gives one back that was taken. */
  void giveBack() {
    open--;
  }

  /** What a probe finds that gets no socket. */
  Finding exhausted() {
    return new Finding(
        Reason.LOCAL_TROUBLE,
        "cannot begin a probe: " + limit + " are under way, half of the limit on open files");
  }
}
