package dev.meridian.config;

import java.util.Locale;

/** Why the publish gate holds back a set of files that are not wrong. */
public enum GateRule {
  /** A test of the zone folder fails, or cannot be read. */
  TEST_FAILS,
  /** Secondaries would not take the zone (RFC 1982). */
  SERIAL_BACKWARDS,
  /** A zone is gone, and what belonged to it is not, or a good part of all zones is. */
  ZONE_GONE,
  /** What clients or other records go by is no longer answered. */
  RRSET_EMPTIED,
  /** Clients have a healthy endpoint now and would have none. */
  LAST_HEALTHY_GONE,
  /** All addresses of a name are now such as lead to nobody. */
  LEADS_NOWHERE,
  /** None of a zone's name servers stays. */
  NAME_SERVERS_REPLACED,
  /** A mistake could not be taken back for a long time. */
  TTL_TRAP,
  /** More than a share of the answers are others. */
  TOO_MUCH_CHANGES,
  /** More than a share of the RRsets is gone. */
  TOO_MUCH_IS_GONE,
  /** Another geo database sends too many clients elsewhere. */
  GEO_MOVES_TOO_MUCH;

  /** {@code ttl-trap}: as people and programs read it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
