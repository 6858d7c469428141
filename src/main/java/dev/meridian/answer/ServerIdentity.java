package dev.meridian.answer;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What the server says of itself when it is asked; nothing unless it is told to.
 *
 * @param version answers version.bind and version.server, class CHAOS
 * @param id answers id.server and hostname.bind (RFC 4892), class CHAOS, and NSID (RFC 5001)
 */
public record ServerIdentity(Optional<String> version, Optional<String> id) {
  /** The most octets of either, so that they fit any response. */
  public static final int MAX_LENGTH = 128;

  /** Says nothing. */
  public static final ServerIdentity HIDDEN =
      new ServerIdentity(Optional.empty(), Optional.empty());

  /**
   * @throws IllegalArgumentException if one is empty or longer than {@link #MAX_LENGTH} octets of
   *     UTF-8
   */
  public ServerIdentity {
    version.ifPresent(text -> check("version", text));
    id.ifPresent(text -> check("id", text));
  }

  private static void check(String what, String text) {
    int octets = text.getBytes(StandardCharsets.UTF_8).length;
    if (octets == 0 || octets > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "the server's " + what + " has 1 to " + MAX_LENGTH + " octets, not " + octets);
    }
  }
}
