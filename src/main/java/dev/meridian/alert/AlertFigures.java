package dev.meridian.alert;

/**
 * How one webhook fares, since the process started.
 *
 * @param receiver its scheme and host; what else is in its address may be secret
 * @param received entries of the journal that it has taken
 * @param failures requests that it did not take
 * @param givenUp entries that it refused so often that they are no longer sent
 * @param waiting entries that are still to be sent
 */
public record AlertFigures(
    String receiver, long received, long failures, long givenUp, long waiting) {}
