package dev.meridian.answer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;

/**
 * The keys of server cookies (RFC 9018 §5): the one that cookies are made with, and the one before
 * it, whose cookies are still good. Immutable. All servers behind one address need the same.
 */
public final class CookieSecrets {
  /** Octets of a secret. */
  public static final int LENGTH = 16;

  private final Secret current;
  private final Secret previous;

  private CookieSecrets(Secret current, Secret previous) {
    this.current = current;
    this.previous = previous;
  }

  /** A key of SipHash, its halves as {@link SipHash} takes them. */
  private record Secret(long low, long high) {
    static Secret of(byte[] octets) {
      if (octets.length != LENGTH) {
        throw new IllegalArgumentException(
            "a cookie secret has " + LENGTH + " octets, not " + octets.length);
      }
      ByteBuffer words = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
      return new Secret(words.getLong(), words.getLong());
    }

    long hash(byte[] input, int length) {
      return SipHash.hash(low, high, input, length);
    }
  }

  /**
   * One secret, with none before it.
   *
   * @throws IllegalArgumentException if it has not {@link #LENGTH} octets
   */
  public static CookieSecrets of(byte[] secret) {
    Secret only = Secret.of(secret);
    return new CookieSecrets(only, only);
  }

  /**
   * A secret that nobody knows.
   *
   * @param random one whose next octets cannot be told from those before, {@code SecureRandom}
   */
  public static CookieSecrets random(RandomGenerator random) {
    byte[] secret = new byte[LENGTH];
    random.nextBytes(secret);
    return of(secret);
  }

  /**
   * A new secret; the one in use until now becomes the previous one.
   *
   * @throws IllegalArgumentException if it has not {@link #LENGTH} octets
   */
  public CookieSecrets rollOver(byte[] next) {
    return new CookieSecrets(Secret.of(next), current);
  }

  /** The hash that goes into cookies. */
  long hash(byte[] input, int length) {
    return current.hash(input, length);
  }

  /** The hash that went into cookies before. */
  long previousHash(byte[] input, int length) {
    return previous.hash(input, length);
  }

  /** Keeps the secrets out of logs. */
  @Override
  public String toString() {
    return "CookieSecrets[hidden]";
  }
}
