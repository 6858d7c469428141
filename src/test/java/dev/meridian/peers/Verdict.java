package dev.meridian.peers;

import java.util.List;
import java.util.Map;

/** How our response to one question stands beside those of the peers. */
enum Verdict {
  /** We agree with one of them, and with all if they agree with each other. */
  FINE,

  /** They agree, and not with us. */
  ALONE,

  /** They disagree, and nobody is on our side. */
  NONE_LIKE_US,

  /** All is well but for the addresses beside a referral that RFC 9471 does not demand. */
  OTHER_SIBLING_GLUE;

  /**
   * PowerDNS may be on our side, but what the three others agree on needs no consent of it. If
   * fewer than two of the three serve the zone there is nothing to judge by.
   */
  static Verdict of(Reply we, Map<Peer, Reply> they) {
    List<Reply> opinions =
        they.entrySet().stream()
            .filter(entry -> entry.getKey() != Peer.POWERDNS)
            .map(entry -> entry.getValue().withoutSiblingGlue())
            .toList();
    if (opinions.size() < 2) {
      return FINE;
    }
    boolean shared = opinions.contains(we.withoutSiblingGlue());
    if (!shared && opinions.stream().distinct().count() == 1) {
      return ALONE;
    }
    if (they.containsValue(we)) {
      return FINE;
    }
    return shared ? OTHER_SIBLING_GLUE : NONE_LIKE_US;
  }
}
