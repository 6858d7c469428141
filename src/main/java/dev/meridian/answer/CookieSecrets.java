package dev.meridian.answer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The keys of server cookies (RFC 9018 §5): the one that cookies are made with, and those whose
 * cookies are good as well, because they were in use before or soon will be. Immutable. All servers
 * behind one address need the same.
 */
public final class CookieSecrets {
  /** Octets of a secret. */
  public static final int LENGTH = 16;

  /** The most secrets: those before, now and next. */
  public static final int MAX_COUNT = 3;

  private final Secret current;
  private final Secret[] others;

  private CookieSecrets(Secret current, Secret[] others) {
    this.current = current;
    this.others = others;
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
   * Makes cookies with the first secret and takes those of all.
   *
   * @throws IllegalArgumentException if there are none, more than {@link #MAX_COUNT}, or one has
   *     not {@link #LENGTH} octets
   */
  public static CookieSecrets of(byte[]... secrets) {
    if (secrets.length == 0 || secrets.length > MAX_COUNT) {
      throw new IllegalArgumentException(
          "there are 1 to " + MAX_COUNT + " cookie secrets, not " + secrets.length);
    }
    Secret[] keys = Arrays.stream(secrets).map(Secret::of).toArray(Secret[]::new);
    return new CookieSecrets(keys[0], Arrays.copyOfRange(keys, 1, keys.length));
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

  /** The hash that goes into cookies. */
  long hash(byte[] input, int length) {
    return current.hash(input, length);
  }

  /** Whether a hash was made with a secret that is no longer used, or not yet. */
  boolean isOfAnother(long hash, byte[] input, int length) {
    for (int i = 0; i < others.length; i++) {
      if (others[i].hash(input, length) == hash) {
        return true;
      }
    }
    return false;
  }

  /** Keeps the secrets out of logs. */
  @Override
  public String toString() {
    return "CookieSecrets[hidden]";
  }
}
