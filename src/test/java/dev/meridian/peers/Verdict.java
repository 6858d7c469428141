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

  /** PowerDNS may be on our side, but what the three others agree on needs no consent of it. */
  static Verdict of(Reply we, Map<Peer, Reply> they) {
    if (they.size() < 2) {
      return FINE;
    }
    List<Reply> opinions =
        they.entrySet().stream()
            .filter(entry -> entry.getKey() != Peer.POWERDNS)
            .map(entry -> entry.getValue().withoutSiblingGlue())
            .distinct()
            .toList();
    if (!opinions.contains(we.withoutSiblingGlue()) && !they.containsValue(we)) {
      return opinions.size() == 1 ? ALONE : NONE_LIKE_US;
    }
    if (opinions.size() == 1 && !opinions.contains(we.withoutSiblingGlue())) {
      return ALONE;
    }
    return they.containsValue(we) ? FINE : OTHER_SIBLING_GLUE;
  }
}
