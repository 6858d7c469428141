package dev.meridian.policy;

import dev.meridian.geo.Location;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.net.ClientAddress;
import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixPartition;
import dev.meridian.policy.Explained.Standing;
import dev.meridian.rr.ResolvedNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Says why, from what serves: class, order of candidates and health come from the compiled {@link
 * RoutedRRset} and its {@link Decider}, so an explanation cannot differ from the answer. Only the
 * figures beside a candidate ({@link ClientFigures}) are worked out again for the reader.
 */
public final class PolicyExplainer {
  private final RoutedRRset rrset;
  private final Decider decider;
  private final Map<String, Decision> lastGood;
  private final Asker asker;
  private final int clientClass;

  /**
   * Who asks.
   *
   * @param clientClass that the compiled policy has for the client
   * @param place where the geo database has it
   */
  record Asker(
      ClientAddress address,
      Prefix prefix,
      int clientClass,
      Location place,
      ClientFigures figures) {}

  /** An explainer for one client at one moment. */
  public PolicyExplainer(
      RoutedRRset rrset,
      ClientSpace space,
      EligibilitySnapshot eligibility,
      ResolvedNames resolved,
      Decisions decisions,
      ClientAddress client) {
    this.rrset = rrset;
    this.decider = new Decider(rrset, eligibility, resolved, decisions.lastGood);
    this.lastGood = decisions.lastGood;
    this.clientClass = PrefixPartition.value(rrset.find(client));
    Prefix prefix = Prefix.of(client);
    Location place = space.geo().lookup(prefix).location();
    ClientFigures figures = new ClientFigures(space, place, client);
    this.asker = new Asker(client, prefix, clientClass, place, figures);
  }

  /** The whole tree. */
  public Explained explain() {
    return explain(rrset.root, Way.TAKEN);
  }

  /**
   * How the client's answer comes to a node.
   *
   * @param taken whether it does; only then does what is unhealthy count as healthy
   * @param kept the shares of all leaves in what is answered from memory; empty: it is not
   */
  record Way(boolean taken, List<Double> kept) {
    static final Way TAKEN = new Way(true, List.of());
    static final Way NOT_TAKEN = new Way(false, List.of());

    /** The way on into a branch. */
    Way on(boolean answers) {
      return answers ? this : NOT_TAKEN;
    }

    boolean isKept() {
      return !kept.isEmpty();
    }

    /** What a subtree has of what is kept. */
    double share(PlanNode node) {
      return node.isLeaf()
          ? kept.get(node.leaf)
          : node.branches.stream().mapToDouble(branch -> share(branch.child())).sum();
    }
  }

  /** What a node is called: with a rule for when nothing is healthy, the rule. */
  static String what(PlanNode node) {
    return node.policy instanceof OnAllUnhealthy rule ? rule.text() : node.id;
  }

  private Explained explain(PlanNode node, Way way) {
    boolean healthy = decider.decide(node, clientClass).healthy();
    if (node.isLeaf()) {
      return new Explained(node.id, Explained.Kind.ENDPOINT, node.healthCheck, healthy, List.of());
    }
    if (node.policy == null) {
      PlanNode.Branch branch = node.branches.getFirst();
      Explained.Branch only =
          new Explained.Branch(
              node.id, "", -1, Standing.CHOSEN, 1, "alias", explain(branch.child(), way));
      return new Explained(node.id, Explained.Kind.ALIAS, -1, healthy, List.of(only));
    }
    List<Explained.Branch> branches =
        node.policy instanceof OnAllUnhealthy rule
            ? guarded(node, rule, way)
            : new ChoiceExplainer(rrset, decider, asker, node, node.policy, way)
                .branches(this::explain);
    return new Explained(what(node), Explained.Kind.POLICY, -1, healthy, branches);
  }

  /** A group with a rule, and what the rule puts in its place. */
  private List<Explained.Branch> guarded(PlanNode node, OnAllUnhealthy policy, Way way) {
    PlanNode.Branch group = node.branches.getFirst();
    Decider.Outcome outcome = decider.decide(group.child(), clientClass);
    boolean acts = !outcome.healthy() && !outcome.empty();
    boolean replaced = acts && policy.rule() != OnAllUnhealthy.Rule.LAST_GOOD;
    List<Explained.Branch> branches = new ArrayList<>();
    branches.add(
        branch(
            group,
            "",
            replaced ? Standing.UNHEALTHY : Standing.CHOSEN,
            acts ? whenUnhealthy(node, policy) : whyNot(outcome),
            acts && !replaced ? kept(node, way) : way.on(!replaced)));
    if (node.branches.size() > 1) {
      branches.add(
          branch(
              node.branches.getLast(),
              "instead",
              replaced ? Standing.CHOSEN : Standing.RESERVE,
              replaced
                  ? "answers instead, whatever its own health"
                  : "only if nothing in " + group.candidate().id() + " is healthy",
              way.on(replaced)));
    }
    return branches;
  }

  /** The way into a group that answers what it last answered; as without the rule if it has not. */
  private Way kept(PlanNode node, Way way) {
    Decision known = lastGood.get(decider.memoryKey(node, clientClass));
    return known == null || !way.taken()
        ? way
        : new Way(true, Arrays.stream(AnswerShares.of(known, rrset.leafCount())).boxed().toList());
  }

  private static String whyNot(Decider.Outcome outcome) {
    return outcome.empty()
        ? "nothing in it is for this client, so there is no answer"
        : "something in it is healthy, so the rule does not act";
  }

  private String whenUnhealthy(PlanNode node, OnAllUnhealthy policy) {
    String nothing = "nothing in it is healthy, so the rule acts: ";
    return switch (policy.rule()) {
      case NODATA -> nothing + "NODATA";
      case SERVFAIL -> nothing + "SERVFAIL";
      case INSTEAD ->
          nothing
              + (node.branches.size() > 1
                  ? node.branches.getLast().candidate().id() + " answers"
                  : "NODATA, as the other answer has no records of this type");
      case LAST_GOOD -> {
        Decision known = lastGood.get(decider.memoryKey(node, clientClass));
        yield nothing
            + (known == null
                ? "what it last answered is not known, so all count as healthy (fail-open)"
                : "what it answered when something last was, " + leaves(known));
      }
    };
  }

  private String leaves(Decision decision) {
    return decision
        .leaves()
        .distinct()
        .mapToObj(rrset::leafId)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private Explained.Branch branch(
      PlanNode.Branch branch, String selector, Standing standing, String reason, Way way) {
    return new Explained.Branch(
        branch.candidate().id(),
        selector,
        branch.candidate().healthCheck(),
        standing,
        standing == Standing.CHOSEN ? 1 : 0,
        reason,
        explain(branch.child(), way));
  }
}
