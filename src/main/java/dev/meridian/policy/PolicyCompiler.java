package dev.meridian.policy;

import dev.meridian.health.HealthRegistry;
import dev.meridian.policy.AliasResolver.RoutedName;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.wire.DomainName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a policy as written what answers queries: one {@link RoutedRRset} for a name and type.
 * Aliases are followed, so that a query never has to; the client space is cut into the classes that
 * the policy can tell apart, so that a query only looks its class up.
 *
 * <p>One compiler serves a whole set of zones: trees that tell the same clients apart share their
 * cut. Owned by one thread.
 */
public final class PolicyCompiler {
  /**
   * Policies inside of policies of one name, and aliases one after the other. Route 53 does not
   * say; more is taken for a mistake.
   */
  public static final int MAX_DEPTH = 16;

  /** Nodes of one tree once its aliases are followed; aliases of aliases multiply. */
  public static final int MAX_NODES = 20_000;

  private final SteeringCompiler steering;
  private final AliasResolver aliases;
  private final Map<TreeKey, RoutedRRset> compiled = new HashMap<>();

  /** A compiler for policies whose aliases {@code aliases} can follow. */
  public PolicyCompiler(ClientSpace space, AliasResolver aliases) {
    this.steering = new SteeringCompiler(space);
    this.aliases = aliases;
  }

  /**
   * Compiles one type of a name.
   *
   * @return empty if nothing the policy leads to has records of the type
   * @throws PolicyException on an alias that leads nowhere or round in a circle, or too deep
   */
  public Optional<RoutedRRset> compile(RoutedName name, int type) throws PolicyException {
    TreeKey key = new TreeKey(name.target(), Ttl.of(name), type);
    RoutedRRset alike = compiled.get(key);
    if (alike != null) {
      return Optional.of(alike.forOwner(name.owner()));
    }
    Walk walk = new Walk(type);
    walk.names.add(name.owner());
    PlanNode root = walk.node(name.target(), Ttl.of(name), 1, 0);
    if (root == null) {
      return Optional.empty();
    }
    RoutedRRset rrset =
        new RoutedRRset(
            name.owner(), type, root, walk.leaves.build(), steering.compile(root, walk.dimensions));
    if (!walk.metAlias) {
      compiled.put(key, rrset);
    }
    return Optional.of(rrset);
  }

  /** What decides all of a compiled tree that has no aliases: these depend on who asks. */
  private record TreeKey(Target target, Ttl ttl, int type) {}

  /** See {@link RoutedName}. */
  private record Ttl(long seconds, int floor) {
    static final Ttl OWN = new Ttl(-1, -1);

    static Ttl of(RoutedName name) {
      return new Ttl(name.ttl(), name.ttlFloor());
    }
  }

  private record LeafKey(Endpoint.Member member, Ttl ttl) {}

  /** The walk through one tree for one type. */
  private final class Walk {
    private final int type;
    private final Leaves.Builder leaves = new Leaves.Builder();
    private final List<PlanNode> dimensions = new ArrayList<>();
    private final List<DomainName> names = new ArrayList<>();

    /** An endpoint that several branches lead to is one leaf. */
    private final Map<LeafKey, PlanNode> endpointLeaves = new HashMap<>();

    private final Map<DomainName, PlanNode> aliasLeaves = new HashMap<>();
    private int nodes;
    private boolean metAlias;

    Walk(int type) {
      this.type = type;
    }

    /**
     * The node for a target, or null if it has no records of the type.
     *
     * @param path see {@link PlanNode#keys}
     */
    @Nullable PlanNode node(Target target, Ttl ttl, int depth, long path) throws PolicyException {
      if (depth > MAX_DEPTH) {
        throw new PolicyException("policies are nested deeper than " + MAX_DEPTH + " levels");
      }
      if (++nodes > MAX_NODES) {
        throw new PolicyException(
            "policies and aliases come to more than "
                + MAX_NODES
                + " branches; alias fewer names that have aliases themselves");
      }
      return switch (target) {
        case Endpoint endpoint -> endpoint(endpoint, ttl);
        case AliasTarget alias -> alias(alias, path);
        case RoutingPolicy policy -> choice(policy, ttl, depth, path);
      };
    }

    private @Nullable PlanNode endpoint(Endpoint endpoint, Ttl ttl) throws PolicyException {
      List<Endpoint.Member> members = endpoint.members(type);
      if (members.isEmpty()) {
        return null;
      }
      LeafKey key = new LeafKey(members.getFirst(), ttl);
      PlanNode known = endpointLeaves.get(key);
      if (known == null) {
        known =
            members.size() > 1
                ? alternatives(endpoint, ttl)
                : leaf(endpoint.id(), key.member().records(), ttl, key.member().healthCheck());
        endpointLeaves.put(key, known);
      }
      return known;
    }

    private PlanNode alternatives(Endpoint endpoint, Ttl ttl) throws PolicyException {
      Failover policy = endpoint.alternatives(type);
      List<PlanNode.Branch> branches = new ArrayList<>();
      for (Candidate candidate : policy.candidates()) {
        Endpoint.Member member = ((Endpoint) candidate.target()).members().getFirst();
        PlanNode leaf = leaf(endpoint.id(), member.records(), ttl, member.healthCheck());
        branches.add(new PlanNode.Branch(branches.size(), candidate, leaf));
      }
      return PlanNode.choice(policy, branches, -1, false, 0);
    }

    private PlanNode leaf(String id, RRset records, Ttl ttl, int healthCheck)
        throws PolicyException {
      RRset answer = ttl.seconds < 0 ? records : records.withTtl(ttl.seconds);
      return PlanNode.leaf(id, leaves.add(id, answer, ttl.floor), healthCheck);
    }

    /** Route 53: an alias matches its type exactly and answers with the target's TTL. */
    private @Nullable PlanNode alias(AliasTarget alias, long path) throws PolicyException {
      metAlias = true;
      DomainName name = alias.name();
      if (names.contains(name)) {
        names.add(name);
        throw new PolicyException("aliases lead round in a circle: " + chain());
      }
      if (names.size() > MAX_DEPTH) {
        throw new PolicyException("aliases lead to aliases more than " + MAX_DEPTH + " times");
      }
      PlanNode child = routedTarget(name, path);
      if (child == null) {
        child = aliasLeaf(name);
      }
      if (child == null && aliases.isElsewhere(name)) {
        child = elsewhere(alias);
      }
      if (child == null) {
        return null;
      }
      return child.isElsewhere() ? child : PlanNode.alias(alias, child);
    }

    /** The zone file's records of a name; one leaf however many aliases lead there. */
    private @Nullable PlanNode aliasLeaf(DomainName name) throws PolicyException {
      PlanNode known = aliasLeaves.get(name);
      RRset records = known == null ? aliases.records(name, type) : null;
      if (records != null) {
        known = leaf(name.toString(), records, Ttl.OWN, HealthRegistry.NONE);
        aliasLeaves.put(name, known);
      }
      return known;
    }

    /** Addresses are asked for in the background; of other types nothing will be known. */
    private PlanNode elsewhere(AliasTarget alias) {
      if (type != RRType.A && type != RRType.AAAA) {
        return PlanNode.elsewhere(alias);
      }
      return aliasLeaves.computeIfAbsent(
          alias.name(), name -> PlanNode.externalLeaf(name.toString(), leaves.addExternal(name)));
    }

    /** What policies answer for a name; null if they do not, or not for this type. */
    private @Nullable PlanNode routedTarget(DomainName name, long path) throws PolicyException {
      RoutedName routed = aliases.routed(name, type);
      if (routed == null) {
        return null;
      }
      names.add(name);
      PlanNode child = node(routed.target(), Ttl.of(routed), 1, path);
      names.removeLast();
      return child;
    }

    private String chain() {
      return String.join(" -> ", names.stream().map(DomainName::toString).toList());
    }

    private @Nullable PlanNode choice(RoutingPolicy policy, Ttl ttl, int depth, long path)
        throws PolicyException {
      List<PlanNode.Branch> branches = new ArrayList<>();
      boolean incomplete = false;
      List<Candidate> candidates = policy.candidates();
      for (int i = 0; i < candidates.size(); i++) {
        Candidate candidate = candidates.get(i);
        long below = isTransparent(policy, i) ? path : Rendezvous.key(path, candidate.id());
        PlanNode child = node(candidate.target(), ttl, depth + 1, below);
        if (child != null && child.isElsewhere()) {
          incomplete = true;
        } else if (child != null) {
          branches.add(new PlanNode.Branch(i, candidate, child));
        }
        if (branches.isEmpty() && isTransparent(policy, i)) {
          return child; // a rule for a group that is not there does nothing
        }
      }
      if (branches.isEmpty()) {
        return incomplete ? PlanNode.choice(policy, branches, -1, true, path) : null;
      }
      requirePlannable(policy, branches);
      boolean byClient = isByClient(policy);
      int dimension = byClient ? dimensions.size() : -1;
      PlanNode node = PlanNode.choice(policy, branches, dimension, incomplete, path);
      if (byClient) {
        dimensions.add(node);
      }
      return node;
    }

    /** A group keeps its clients whether or not a rule is put around it. */
    private static boolean isTransparent(RoutingPolicy policy, int position) {
      return policy instanceof OnAllUnhealthy && position == 0;
    }

    /** A plan is for all clients; health that differs among them would need one for each. */
    private static void requirePlannable(RoutingPolicy policy, List<PlanNode.Branch> branches)
        throws PolicyException {
      if (policy instanceof NearestFirst near && near.spills()) {
        for (PlanNode.Branch branch : branches) {
          if (branch.child().clientDependent) {
            throw new PolicyException(
                "'"
                    + branch.candidate().id()
                    + "' answers clients by where they are, and cannot be in a policy that spills;"
                    + " put the one that spills inside of it");
          }
        }
      }
    }

    private static boolean isByClient(RoutingPolicy policy) {
      return switch (policy) {
        case Geolocation _, NearestFirst _, IpBased _ -> true;
        case Simple _, Weighted _, Failover _, MultivalueAnswer _, OnAllUnhealthy _ -> false;
      };
    }
  }
}
