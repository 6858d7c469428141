package dev.meridian.publish;

/**
 * What is served in place of the files, so that a restart does not bring in what a person went back
 * from or the gate held back.
 *
 * @param generation of the kept set that is served
 * @param away digest of the files that are not to be served; empty if there were none
 * @param why the gate held them back; empty: a person went back
 */
record Pin(long generation, String away, String why) {}
