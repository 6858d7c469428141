package dev.meridian.policy;

import dev.meridian.health.HealthRegistry;
import dev.meridian.rr.RRset;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One place that answers: its records, one RRset per type, each with the health check that watches
 * just these records (an endpoint's IPv4 and IPv6 are watched apart).
 *
 * @param id the name an operator gave it; Route 53's SetIdentifier
 * @param members several of one type are alternatives: the first that is healthy answers, and if
 *     none is, the first
 */
public record Endpoint(String id, List<Member> members) implements Target {
  /**
   * The records of one type, and what watches them.
   *
   * @param records the TTL in it is the answer's
   * @param healthCheck number from {@link HealthRegistry}, or {@link HealthRegistry#NONE}
   * @param alsoCheck one more that must be healthy, for records that lead to two addresses
   */
  public record Member(RRset records, int healthCheck, int alsoCheck) {
    /** Records that one check watches, or none. */
    public Member(RRset records, int healthCheck) {
      this(records, healthCheck, HealthRegistry.NONE);
    }
  }

  /** Copies the list. */
  public Endpoint {
    members = List.copyOf(members);
  }

  /** The first member of a type, or null: a policy for that type then has no such candidate. */
  public @Nullable Member member(int type) {
    List<Member> alternatives = members(type);
    return alternatives.isEmpty() ? null : alternatives.getFirst();
  }

  /** The members of a type, the preferred first. */
  public List<Member> members(int type) {
    return members.stream().filter(member -> member.records().type() == type).toList();
  }

  /** Several members of a type as the policy that they are: the first that all its checks allow. */
  public Failover alternatives(int type) {
    List<Member> all = members(type);
    return new Failover(
        IntStream.range(0, all.size()).mapToObj(i -> alternative(all.get(i), i + 1)).toList());
  }

  private Candidate alternative(Member member, int number) {
    Endpoint alone = new Endpoint(id, List.of(member));
    return new Candidate(id + " " + number, alone, member.alsoCheck(), true);
  }
}
