package dev.meridian.health;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Passes while the target calls: a heartbeat at least once per interval. Before the first one after
 * the start or a change of the definition, nothing is known for as many intervals as failures would
 * be needed; then each interval without one is a failure.
 *
 * @param token proves that it is the target that calls; 16-255 printable ASCII characters
 */
public record HeartbeatCheck(String token) implements CheckKind {
  private static final int MIN_TOKEN = 16;

  /** Checks the token. */
  public HeartbeatCheck {
    boolean printable = token.chars().allMatch(c -> c > ' ' && c <= '~');
    if (!printable || token.length() < MIN_TOKEN || token.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a token has 16 to 255 printable ASCII characters; openssl rand -hex 16 makes one");
    }
  }

  /** Whether this is the token; takes the same time whatever is given. */
  public boolean accepts(String given) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String word() {
    return "heartbeat";
  }

  @Override
  public boolean isAimed() {
    return false;
  }

  @Override
  public HeartbeatCheck withPort(int port) {
    return this;
  }

  /** Says nothing of the token: logs and journals are read by others than policy files. */
  @Override
  public String toString() {
    return "HeartbeatCheck[token=" + Integer.toHexString(token.hashCode()) + "]";
  }
}
