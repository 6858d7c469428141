package dev.meridian.policyfile;

import dev.meridian.policy.AliasTarget;
import dev.meridian.policy.Candidate;
import dev.meridian.policy.Endpoint;
import dev.meridian.policy.Geolocation;
import dev.meridian.policy.MultivalueAnswer;
import dev.meridian.policy.RoutingPolicy;
import dev.meridian.policy.Target;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;

/** What a tree of policies leads to, each part of it looked at once however often it is shared. */
public final class Targets {
  private final Set<Integer> types = new TreeSet<>();
  private final Set<DomainName> aliases = new LinkedHashSet<>();
  private final Set<Geolocation.Key> places = new LinkedHashSet<>();
  private final Set<Target> seen =
      java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
  private boolean multivalueCname;

  private Targets() {}

  public static Targets of(Target root) {
    Targets targets = new Targets();
    targets.visit(root);
    return targets;
  }

  /** Types of all endpoints, in ascending order. */
  Set<Integer> types() {
    return types;
  }

  /** Names of all aliases. */
  public Set<DomainName> aliases() {
    return aliases;
  }

  /** Keys of geolocation policies. */
  public Set<Geolocation.Key> places() {
    return places;
  }

  /** Whether several CNAMEs could be answered at once. */
  boolean hasMultivalueCname() {
    return multivalueCname;
  }

  private void visit(Target target) {
    if (!seen.add(target)) {
      return;
    }
    switch (target) {
      case Endpoint endpoint ->
          endpoint.members().forEach(member -> types.add(member.records().type()));
      case AliasTarget alias -> aliases.add(alias.name());
      case RoutingPolicy policy -> policy(policy);
    }
  }

  private void policy(RoutingPolicy policy) {
    if (policy instanceof Geolocation geolocation) {
      geolocation.regions().forEach(region -> places.add(region.key()));
    }
    for (Candidate candidate : policy.candidates()) {
      visit(candidate.target());
      multivalueCname |=
          policy instanceof MultivalueAnswer
              && of(candidate.target()).types().contains(RRType.CNAME);
    }
  }
}
