package dev.meridian.policy;

import dev.meridian.health.HealthRegistry;
import dev.meridian.rr.RRset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One place that answers: its records, one RRset per type, each with the health check that watches
 * just these records (an endpoint's IPv4 and IPv6 are watched apart).
 *
 * @param id the name an operator gave it; Route 53's SetIdentifier
 * @param members at most one per type
 */
public record Endpoint(String id, List<Member> members) implements Target {
  /**
   * The records of one type, and what watches them.
   *
   * @param records the TTL in it is the answer's
   * @param healthCheck number from {@link HealthRegistry}, or {@link HealthRegistry#NONE}
   */
  public record Member(RRset records, int healthCheck) {}

  /** Copies the list. */
  public Endpoint {
    members = List.copyOf(members);
  }

  /** The member for a type, or null: a policy for that type then has no such candidate. */
  public @Nullable Member member(int type) {
    for (Member member : members) {
      if (member.records().type() == type) {
        return member;
      }
    }
    return null;
  }
}
