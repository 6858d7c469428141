package dev.meridian.source;

/**
 * How much input the loader accepts before it refuses: bounds on memory and time, far above what
 * real zones need.
 *
 * @param zoneFileOctets of one master file, 1 or more
 * @param policyFileOctets of one policy file, 1 to 64 MiB
 * @param recordsPerZone records of a zone, {@code $INCLUDE} and {@code $GENERATE} counted in
 * @param problemsPerFile problems of one file that are shown; the rest is only counted
 * @param keptTextOctets master files from this size on are kept in memory, so that of their next
 *     version only the parts are read that are others
 */
public record LoadLimits(
    long zoneFileOctets,
    int policyFileOctets,
    int recordsPerZone,
    int problemsPerFile,
    int keptTextOctets) {
  /** Smaller files are read whole in a few milliseconds. */
  private static final int KEPT_TEXT = 1 << 18;

  /** 2 GiB master files, 16 MiB policy files, ten million records, 100 problems. */
  public static final LoadLimits DEFAULT = new LoadLimits(2L << 30, 16 << 20, 10_000_000, 100);

  /** Limits with the usual size from which on texts are kept: 256 KiB. */
  public LoadLimits(
      long zoneFileOctets, int policyFileOctets, int recordsPerZone, int problemsPerFile) {
    this(zoneFileOctets, policyFileOctets, recordsPerZone, problemsPerFile, KEPT_TEXT);
  }

  /** Checks the ranges. */
  public LoadLimits {
    requireInRange("zoneFileOctets", zoneFileOctets, Long.MAX_VALUE);
    requireInRange("policyFileOctets", policyFileOctets, 64 << 20);
    requireInRange("recordsPerZone", recordsPerZone, Integer.MAX_VALUE);
    requireInRange("problemsPerFile", problemsPerFile, Integer.MAX_VALUE);
    requireInRange("keptTextOctets", keptTextOctets, Integer.MAX_VALUE);
  }

  private static void requireInRange(String name, long value, long max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(name + " must be 1 to " + max + ", not " + value);
    }
  }
}
