package dev.meridian.state;

import dev.meridian.answer.CookieSecrets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * The server's own cookie secrets at one moment: the one in use and the one before it. Immutable.
 *
 * <p>A cookie is good for an hour (RFC 9018 §4.3) and two secrets are known, so none fails for a
 * roll-over as long as there is more than an hour between two.
 */
final class CookieRoll {
  /** How far a clock may have been set back since the secrets were made. */
  private static final Duration MAX_AHEAD = Duration.ofMinutes(5);

  private static final int LENGTH = Long.BYTES + 2 * CookieSecrets.LENGTH;

  private final Instant since;
  private final byte[] current;
  private final byte[] previous;

  private CookieRoll(Instant since, byte[] current, byte[] previous) {
    this.since = since;
    this.current = current;
    this.previous = previous;
  }

  /** Secrets that nobody knows, neither of them used before. */
  static CookieRoll fresh(Instant now, RandomGenerator random) {
    return new CookieRoll(now, secret(random), secret(random));
  }

  /** A new secret; the one in use until now becomes the one before. */
  CookieRoll rollOver(Instant now, RandomGenerator random) {
    return new CookieRoll(now, secret(random), current);
  }

  private static byte[] secret(RandomGenerator random) {
    byte[] secret = new byte[CookieSecrets.LENGTH];
    random.nextBytes(secret);
    return secret;
  }

  /**
   * Whether it is time for a new secret; also when the clock says that this one is not made yet.
   */
  boolean isDue(Instant now, Duration lifetime) {
    return isAhead(now) || !now.isBefore(since.plus(lifetime));
  }

  private boolean isAhead(Instant now) {
    return since.isAfter(now.plus(MAX_AHEAD));
  }

  /** What the query path works with. */
  CookieSecrets secrets() {
    return CookieSecrets.of(current, previous);
  }

  /** What {@link #parse} reads: seconds since 1970, then the secrets. */
  byte[] toOctets() {
    return ByteBuffer.allocate(LENGTH)
        .putLong(since.getEpochSecond())
        .put(current)
        .put(previous)
        .array();
  }

  /**
   * Reads what {@link #toOctets} wrote.
   *
   * @throws IOException if the octets are something else, or of a time that has not come yet
   */
  static CookieRoll parse(byte[] octets, Instant now) throws IOException {
    if (octets.length != LENGTH) {
      throw new IOException("they have " + octets.length + " octets, not " + LENGTH);
    }
    ByteBuffer from = ByteBuffer.wrap(octets);
    long since = from.getLong();
    byte[] current = new byte[CookieSecrets.LENGTH];
    byte[] previous = new byte[CookieSecrets.LENGTH];
    from.get(current).get(previous);
    if (since < 0 || since > now.plus(MAX_AHEAD).getEpochSecond()) {
      throw new IOException("they are dated later than now; was the clock wrong?");
    }
    return new CookieRoll(Instant.ofEpochSecond(since), current, previous);
  }

  /** Keeps the secrets out of logs. */
  @Override
  public String toString() {
    return "CookieRoll[since=" + since + "]";
  }
}
