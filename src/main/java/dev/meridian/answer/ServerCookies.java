package dev.meridian.answer;

import dev.meridian.net.ClientAddress;
import dev.meridian.wire.Edns;
import dev.meridian.wire.Octets;
import java.time.InstantSource;

/**
 * Makes and checks server cookies (RFC 7873, RFC 9018): proof that a client has received an answer
 * at the address that it asks from. Shared by all loops; only the secrets ever change.
 *
 * <pre>
 * Client Cookie 8 | Version 1 | Reserved 3 | Timestamp 4 | Hash 8
 *                                                          hash of all before it, and the address
 * </pre>
 *
 * <p>Secrets come from outside, so that whoever runs the server can keep them over a restart, share
 * them between servers, and change them with {@link #use}.
 */
public final class ServerCookies {
  /** Octets that the hash is made of, for an IPv6 address. */
  static final int INPUT_LENGTH = 32;

  private static final int VERSION_OFFSET = 8;
  private static final int TIMESTAMP_OFFSET = 12;
  private static final int HASH_OFFSET = 16;
  private static final int ADDRESS_OFFSET = 16;
  private static final int VERSION = 1;

  // seconds, RFC 9018 §4.3
  private static final int MAX_AGE = 3600;
  private static final int MAX_AHEAD = 300;
  private static final int RENEW_AFTER = 1800;

  private final InstantSource clock;
  private volatile CookieSecrets secrets;

  /**
   * Cookies by the given secrets.
   *
   * @param clock wall clock; read once for each query with a cookie, so its {@code millis()} should
   *     not allocate ({@code Clock.systemUTC()} does not)
   */
  public ServerCookies(CookieSecrets secrets, InstantSource clock) {
    this.secrets = secrets;
    this.clock = clock;
  }

  /** Has cookies made with other secrets from now on. May be called from any thread. */
  public void use(CookieSecrets next) {
    secrets = next;
  }

  /**
   * Judges the cookie of the query and puts the one that goes back into the context: what came, if
   * it is good and not old, else a new one. A server cookie that is not good is as none (RFC 7873
   * §5.2.4).
   */
  void process(QueryContext context) {
    CookieSecrets keys = secrets;
    int now = (int) (clock.millis() / 1000); // serial arithmetic, so 2038 and 2106 are like any day
    byte[] input = context.cookieInput;
    byte[] request = context.request();
    int at = context.query.cookieAt();
    System.arraycopy(request, at, input, 0, Edns.CLIENT_COOKIE_LENGTH);
    int length = putAddress(context.source(), input);
    context.cookieValid = false;
    if (context.query.cookieLength() == Edns.COOKIE_LENGTH
        && request[at + VERSION_OFFSET] == VERSION) {
      Octets.putLong(input, VERSION_OFFSET, Octets.getLong(request, at + VERSION_OFFSET));
      context.cookieHash = Octets.getLong(request, at + HASH_OFFSET);
      int age = now - Octets.getInt(input, TIMESTAMP_OFFSET);
      if (isGood(context, keys, age, length)) {
        return;
      }
    }
    Octets.putInt(input, VERSION_OFFSET, VERSION << 24);
    Octets.putInt(input, TIMESTAMP_OFFSET, now);
    context.cookieHash = Long.reverseBytes(keys.hash(input, length));
  }

  /** Notes whether the cookie is valid; true if it can also go back as it is. */
  private static boolean isGood(QueryContext context, CookieSecrets keys, int age, int length) {
    if (age > MAX_AGE || age < -MAX_AHEAD) {
      return false;
    }
    byte[] input = context.cookieInput;
    long hash = Long.reverseBytes(context.cookieHash);
    boolean current = keys.hash(input, length) == hash;
    context.cookieValid = current || keys.isOfAnother(hash, input, length);
    return current && age <= RENEW_AFTER;
  }

  /** Puts the client's address where the hash wants it and returns the octets to be hashed. */
  private static int putAddress(ClientAddress client, byte[] input) {
    if (client.isIpv4()) {
      Octets.putInt(input, ADDRESS_OFFSET, client.ipv4());
      return ADDRESS_OFFSET + Integer.BYTES;
    }
    Octets.putLong(input, ADDRESS_OFFSET, client.high());
    Octets.putLong(input, ADDRESS_OFFSET + Long.BYTES, client.low());
    return INPUT_LENGTH;
  }

  /** Writes the cookie that {@link #process} left in the context. */
  static void write(QueryContext context, byte[] out, int at) {
    System.arraycopy(context.cookieInput, 0, out, at, HASH_OFFSET);
    Octets.putLong(out, at + HASH_OFFSET, context.cookieHash);
  }
}
