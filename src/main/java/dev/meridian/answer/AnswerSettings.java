package dev.meridian.answer;

import java.time.Duration;
import java.util.Optional;

/**
 * How queries are answered, whatever the zones say.
 *
 * @param udpPayload the most octets of a UDP response, 512 to 4096
 * @param udpPayloadWithoutCookie the same for clients that have not shown by a valid cookie that
 *     they are where they say
 * @param cookies checks and makes DNS cookies, the same for all loops; empty: the option is ignored
 * @param identity what the server says of itself
 * @param tcpIdleTimeout what clients that ask are told of how long a TCP connection may be idle
 *     (RFC 7828), up to 6553.5 s; empty: nothing
 * @param authorityNs whether positive answers carry the zone's NS records in the authority section
 * @param access who may ask
 */
public record AnswerSettings(
    int udpPayload,
    int udpPayloadWithoutCookie,
    Optional<ServerCookies> cookies,
    ServerIdentity identity,
    Optional<Duration> tcpIdleTimeout,
    boolean authorityNs,
    QueryAccess access) {
  /** Everybody may ask, and gets the same size with and without a cookie. */
  public AnswerSettings(
      int udpPayload,
      Optional<ServerCookies> cookies,
      ServerIdentity identity,
      Optional<Duration> tcpIdleTimeout,
      boolean authorityNs) {
    this(
        udpPayload,
        udpPayload,
        cookies,
        identity,
        tcpIdleTimeout,
        authorityNs,
        QueryAccess.EVERYBODY);
  }

  /** No cookies, no identity, no promise of idle time, minimal answers. */
  public static AnswerSettings plain(int udpPayload) {
    return new AnswerSettings(
        udpPayload, Optional.empty(), ServerIdentity.HIDDEN, Optional.empty(), false);
  }
}
