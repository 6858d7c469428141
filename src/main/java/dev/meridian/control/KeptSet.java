package dev.meridian.control;

import java.time.Instant;

/**
 * A good set that is kept in the state folder, to be served again when the files are gone, broken
 * or regretted.
 *
 * @param generation under which it was served last from the files; over restarts, too
 * @param at when that was; wall clock
 * @param reason what asked for that load
 * @param digest of its files: two sets with one digest say the same
 * @param geo names its geo database in the state folder; empty: the one that is built in
 */
public record KeptSet(long generation, Instant at, String reason, String digest, String geo) {}
