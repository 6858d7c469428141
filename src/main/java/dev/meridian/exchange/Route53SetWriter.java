package dev.meridian.exchange;

import dev.meridian.health.HealthRegistry;
import dev.meridian.policy.AliasTarget;
import dev.meridian.policy.Candidate;
import dev.meridian.policy.Endpoint;
import dev.meridian.policy.MultivalueAnswer;
import dev.meridian.policy.RoutingPolicy;
import dev.meridian.route53.Route53Text;
import dev.meridian.rr.RRset;
import dev.meridian.wire.DomainName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes one candidate of a group as a record set: with values, or as an alias to where what it
 * leads to is written. Which record sets a policy makes is the {@link Route53GroupWriter}'s.
 */
final class Route53SetWriter {
  private static final int MAX_ANSWERS = MultivalueAnswer.DEFAULT_MAX;
  private static final int MAX_ID = 128;

  private final Route53Helpers helpers;
  private final Route53OutChecks checks;
  private final List<Route53OutSet> out;

  /**
   * @param out takes the record sets
   */
  Route53SetWriter(Route53Helpers helpers, Route53OutChecks checks, List<Route53OutSet> out) {
    this.helpers = helpers;
    this.checks = checks;
    this.out = out;
  }

  /**
   * A group that is being written.
   *
   * @param ttl seconds; negative: that of the records
   * @param ids those given so far
   */
  record Group(DomainName name, int type, long ttl, Set<String> ids) {}

  /**
   * Writes one of several, under an id that no other has.
   *
   * @param key of what routes to it, such as {@code Weight}
   */
  void member(Group group, Candidate candidate, String key, Object value) {
    put(group, candidate, id(group, candidate.id()), Map.of(key, value));
  }

  private String id(Group group, String wanted) {
    String id = wanted.isEmpty() ? "record-set" : wanted;
    id = id.substring(0, Math.min(id.length(), MAX_ID));
    for (int i = 2; !group.ids().add(id); i++) {
      String suffix = "-" + i;
      id = wanted.substring(0, Math.min(wanted.length(), MAX_ID - suffix.length())) + suffix;
    }
    return id;
  }

  /** An endpoint with alternatives as the policy that it is. */
  static Candidate spelledOut(Candidate candidate, int type) {
    return candidate.target() instanceof Endpoint endpoint && endpoint.members(type).size() > 1
        ? new Candidate(
            candidate.id(),
            endpoint.alternatives(type),
            candidate.healthCheck(),
            candidate.evaluateTargetHealth())
        : candidate;
  }

  /**
   * Writes one.
   *
   * @param id empty: it is the only one of its name and type
   * @param routing what routes to it, as the JSON has it
   */
  void put(Group group, Candidate given, String id, Map<String, Object> routing) {
    Candidate candidate = spelledOut(given, group.type());
    switch (candidate.target()) {
      case Endpoint endpoint -> endpoint(group, candidate, endpoint, id, routing);
      case AliasTarget alias -> {
        Route53Helpers.Place place = helpers.place(alias.name(), group.type(), group.name());
        alias(group, candidate, place, id, routing);
      }
      case RoutingPolicy policy -> {
        if (isOneRecordSet(policy, group)) {
          RRset all = joined(policy.candidates(), group.type());
          values(group, all, candidate.healthCheck(), id, routing);
        } else {
          alias(group, candidate, nested(group, candidate), id, routing);
        }
      }
    }
  }

  private Route53Helpers.Place nested(Group group, Candidate candidate) {
    return helpers.make(
        candidate.id(), group.name(), group.type(), candidate.target(), group.ttl());
  }

  private void endpoint(
      Group group, Candidate candidate, Endpoint endpoint, String id, Map<String, Object> routing) {
    Endpoint.Member member = endpoint.member(group.type());
    if (member == null) {
      return;
    }
    int own = candidate.evaluateTargetHealth() ? member.healthCheck() : HealthRegistry.NONE;
    boolean both = own != HealthRegistry.NONE && candidate.healthCheck() != HealthRegistry.NONE;
    boolean primary = "PRIMARY".equals(routing.get("Failover"));
    int check = own == HealthRegistry.NONE ? candidate.healthCheck() : own;
    if (both || (primary && checks.use(check).isEmpty())) {
      alias(group, candidate, nested(group, candidate), id, routing);
    } else {
      values(group, member.records(), check, id, routing);
    }
  }

  private void values(
      Group group, RRset records, int check, String id, Map<String, Object> routing) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      values.add(Route53Text.value(group.type(), records.rdata(i)));
    }
    long ttl = group.ttl() < 0 ? records.ttl() : group.ttl();
    out.add(
        new Route53OutSet(
            group.name(), group.type(), id, routing, ttl, values, null, checks.use(check)));
  }

  private void alias(
      Group group,
      Candidate candidate,
      Route53Helpers.Place to,
      String id,
      Map<String, Object> routing) {
    Route53OutSet.Alias alias =
        new Route53OutSet.Alias(to.name(), to.hostedZone(), candidate.evaluateTargetHealth());
    String check = checks.use(candidate.healthCheck());
    out.add(new Route53OutSet(group.name(), group.type(), id, routing, 0, List.of(), alias, check));
  }

  /** A multivalue that always answers all of it, and nothing watches: several values. */
  static boolean isOneRecordSet(RoutingPolicy policy, Group group) {
    List<Candidate> all = policy.candidates();
    return policy instanceof MultivalueAnswer some
        && some.max() == all.size()
        && some.max() != MAX_ANSWERS
        && all.stream()
            .allMatch(
                c ->
                    c.healthCheck() == HealthRegistry.NONE
                        && c.target() instanceof Endpoint endpoint
                        && isUnwatched(endpoint, group));
  }

  private static boolean isUnwatched(Endpoint endpoint, Group group) {
    return endpoint.members(group.type()).stream()
        .allMatch(
            member ->
                member.healthCheck() == HealthRegistry.NONE
                    && member.alsoCheck() == HealthRegistry.NONE);
  }

  private static RRset joined(List<Candidate> endpoints, int type) {
    List<byte[]> values = new ArrayList<>();
    long ttl = Integer.MAX_VALUE;
    for (Candidate candidate : endpoints) {
      Endpoint.Member member = ((Endpoint) candidate.target()).member(type);
      for (int i = 0; member != null && i < member.records().size(); i++) {
        values.add(member.records().rdata(i));
        ttl = Math.min(ttl, member.records().ttl());
      }
    }
    return new RRset(type, ttl, values).withoutDuplicates();
  }
}
