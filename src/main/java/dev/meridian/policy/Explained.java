package dev.meridian.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a policy tree answers a client as it does: the compiled tree with every candidate's standing.
 *
 * @param what endpoint id, alias target, or the policy's keyword
 * @param kind what sort of node this is
 * @param healthCheck of an endpoint's records, or {@code HealthRegistry.NONE}
 * @param healthy whether something inside is healthy for this client
 * @param branches in the order in which the policy prefers them; those that do not apply last
 */
public record Explained(
    String what, Kind kind, int healthCheck, boolean healthy, List<Branch> branches) {

  /** Sorts of nodes. */
  public enum Kind {
    /** Records of an endpoint, or of the zone file behind an alias. */
    ENDPOINT,
    /** The records of another name. */
    ALIAS,
    /** A choice. */
    POLICY
  }

  /** What came of a candidate. */
  public enum Standing {
    /** It answers. */
    CHOSEN,
    /** It is drawn with some probability. */
    DRAWN,
    /** It would answer if those before it failed. */
    RESERVE,
    /** It would be before others, but nothing healthy is in it. */
    UNHEALTHY,
    /** It does not apply to this client. */
    NOT_APPLICABLE,
    /** It has no records of the type asked. */
    NO_RECORDS
  }

  /**
   * One candidate.
   *
   * @param id endpoint, pool, or SetIdentifier
   * @param selector what the policy goes by: {@code weight 3}, {@code continent:EU}, {@code 812 km}
   * @param healthCheck the candidate's own, or {@code HealthRegistry.NONE}
   * @param share the probability that the answer comes from it, given that it gets here: 0 to 1
   * @param reason one sentence
   * @param node what is inside; null where nothing of the type is
   */
  public record Branch(
      String id,
      String selector,
      int healthCheck,
      Standing standing,
      double share,
      String reason,
      @Nullable Explained node) {}

  /** Copies the list. */
  public Explained {
    branches = List.copyOf(branches);
  }
}
