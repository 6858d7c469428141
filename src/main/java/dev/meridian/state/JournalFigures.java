package dev.meridian.state;

/**
 * How the journal fares, since the process started.
 *
 * @param written entries that are on the disk
 * @param waiting entries that are in memory only
 * @param lost entries that never got to the disk
 * @param octets of its files together; 0 if they cannot be looked at
 */
public record JournalFigures(long written, long waiting, long lost, long octets) {}
