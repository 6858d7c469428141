package dev.meridian.answer;

import java.time.Duration;
import java.util.Optional;

/**
 * How queries are answered, whatever the zones say.
 *
 * @param udpPayload the most octets of a UDP response, 512 to 4096
 * @param cookies checks and makes DNS cookies, the same for all loops; empty: the option is ignored
 * @param identity what the server says of itself
 * @param tcpIdleTimeout what clients that ask are told of how long a TCP connection may be idle
 *     (RFC 7828), up to 6553.5 s; empty: nothing
 * @param authorityNs whether positive answers carry the zone's NS records in the authority section
 */
public record AnswerSettings(
    int udpPayload,
    Optional<ServerCookies> cookies,
    ServerIdentity identity,
    Optional<Duration> tcpIdleTimeout,
    boolean authorityNs) {
  /** No cookies, no identity, no promise of idle time, minimal answers. */
  public static AnswerSettings plain(int udpPayload) {
    return new AnswerSettings(
        udpPayload, Optional.empty(), ServerIdentity.HIDDEN, Optional.empty(), false);
  }
}
