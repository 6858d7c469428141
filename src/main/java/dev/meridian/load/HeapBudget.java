package dev.meridian.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Says before a zone file is read whether what becomes of it fits beside what the heap holds
 * already: a candidate that does not is refused while nothing has been spent on it.
 *
 * <p>Loading takes, at its height, about five octets for each of a master file and 70 for each of
 * its lines (measured from 18 to 220 octets a line, within a fifth). What {@code $INCLUDE} and
 * {@code $GENERATE} make of a file cannot be known before; whoever runs out of memory for them is
 * refused then. Owned by the thread that loads; for one load.
 */
final class HeapBudget {
  private static final long PER_OCTET = 5;
  private static final long PER_LINE = 70;

  /** Fewer octets than this in a line are rare; with them it need not be counted. */
  private static final int SHORT_LINE = 8;

  /** Beside its records: files, tables and templates of a zone. */
  private static final long PER_ZONE = 3_000;

  /** What is left for everything else, and what the collector cannot fill. */
  private static final long RESERVE = 16L << 20;

  /** Compiling comes when all is read, and takes this part of what reading took once more. */
  private static final int COMPILING = 3;

  /** Small files are looked at together. */
  private static final long WORTH_A_LOOK = 1L << 20;

  private static final int MIB = 1 << 20;
  private static final int CHUNK = 1 << 16;

  /** The heap. */
  interface Heap {
    /** The JVM's own. */
    Heap OWN =
        new Heap() {
          @Override
          public long max() {
            return Runtime.getRuntime().maxMemory();
          }

          @Override
          public long used() {
            return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
          }

          @Override
          public void collect() {
            Runtime.getRuntime().gc();
          }
        };

    /** Octets that it can have. */
    long max();

    /** Octets in use, garbage among them. */
    long used();

    /** Lets garbage go: only where a zone would be refused for it. */
    void collect();
  }

  private final Heap heap;
  private long unlooked;
  private long toCompile;

  HeapBudget(Heap heap) {
    this.heap = heap;
  }

  /**
   * Takes account of a file that is to be read.
   *
   * @param octets of it
   * @param maxOctets a file with more is not read, and not looked at either: it may have no end
   * @return what is wrong; empty: it fits
   */
  String refusal(Path file, long octets, long maxOctets) {
    if (octets > maxOctets) {
      return ""; // whoever reads it will say so
    }
    try {
      unlooked += PER_ZONE + octets;
      if (unlooked < WORTH_A_LOOK) {
        return "";
      }
      long most = unlooked * PER_OCTET + octets / SHORT_LINE * PER_LINE;
      boolean fits = most + toCompile <= free();
      long need = fits ? most : unlooked * PER_OCTET + lines(file) * PER_LINE;
      String refusal = fits || fits(need) ? "" : refusal(need);
      toCompile += need / COMPILING;
      unlooked = 0;
      return refusal;
    } catch (IOException e) {
      return ""; // whoever reads it will say so
    }
  }

  private boolean fits(long need) {
    if (need + toCompile > free()) {
      heap.collect();
    }
    return need + toCompile <= free();
  }

  private long free() {
    return heap.max() - heap.used() - RESERVE;
  }

  private String refusal(long need) {
    return "needs about "
        + need / MIB
        + " MiB of memory while it is loaded, and "
        + Math.max(0, free() - toCompile) / MIB
        + " of "
        + heap.max() / MIB
        + " MiB are free; give the JVM more (MERIDIAN_JAVA_OPTS=-Xmx…, or the limit of its"
        + " container), or split the zone";
  }

  private static long lines(Path file) throws IOException {
    long lines = 0;
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(file.toRealPath(), LinkOption.NOFOLLOW_LINKS)) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        for (int i = 0; i < n; i++) {
          lines += chunk[i] == '\n' ? 1 : 0;
        }
      }
    }
    return lines;
  }
}
