package dev.meridian.zone;

/**
 * Where one look-up ended. Reused from query to query, owned by one thread; the numbers are those
 * of the zone that was asked.
 */
public final class Lookup {
  /** Stands for "none". */
  public static final int NONE = -1;

  int node;
  int rrset;
  boolean synthesized;

  /** An empty result. */
  public Lookup() {}

  /**
   * The node that answers: the name itself, a wildcard, a zone cut (REFERRAL) or the owner of the
   * DNAME; for NXDOMAIN the closest encloser.
   */
  public int node() {
    return node;
  }

  /** The RRset for ANSWER, CNAME and DNAME, else {@link #NONE}. */
  public int rrset() {
    return rrset;
  }

  /** Whether a wildcard answers, so that the owner is the name asked and not the node's. */
  public boolean synthesized() {
    return synthesized;
  }
}
