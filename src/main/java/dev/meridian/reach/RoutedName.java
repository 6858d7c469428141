package dev.meridian.reach;

import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.net.ClientAddress;
import dev.meridian.policy.AnswerShares;
import dev.meridian.policy.Decisions;
import dev.meridian.policy.PolicyTree;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** A name and type that policies answer for, and which class each place of the sample is in. */
public final class RoutedName {
  private final int zone;
  private final int index;
  private final DomainName owner;
  private final RoutedRRset rrset;
  private final List<EndpointKey> endpoints;
  private final int[] classOf;
  private final ClientSample sample;

  /** By leaf: the checks on the way to it and its own. */
  private final List<BitSet> checks = new ArrayList<>();

  RoutedName(
      int zone,
      int index,
      DomainName owner,
      RoutedRRset rrset,
      List<EndpointKey> endpoints,
      ClientSample sample) {
    this.zone = zone;
    this.index = index;
    this.owner = owner;
    this.rrset = rrset;
    this.endpoints = List.copyOf(endpoints);
    this.sample = sample;
    this.classOf = new int[sample.places().size()];
    ClientAddress client = new ClientAddress();
    for (int i = 0; i < classOf.length; i++) {
      client.set(sample.places().get(i).client());
      classOf[i] = rrset.clientClass(client);
    }
    endpoints.forEach(_ -> checks.add(new BitSet()));
    collect(PolicyTree.of(rrset), new BitSet());
  }

  private void collect(PolicyTree node, BitSet way) {
    BitSet own = with(way, node.healthCheck());
    if (node.leaf() >= 0) {
      checks.get(node.leaf()).or(own);
    }
    node.branches().forEach(branch -> collect(branch.node(), with(own, branch.healthCheck())));
  }

  private static BitSet with(BitSet checks, int check) {
    if (check < 0) {
      return checks;
    }
    BitSet more = (BitSet) checks.clone();
    more.set(check);
    return more;
  }

  /** Number of its zone among the zones served. */
  public int zone() {
    return zone;
  }

  /** Number among the routed RRsets of its zone. */
  public int index() {
    return index;
  }

  public DomainName owner() {
    return owner;
  }

  public RoutedRRset rrset() {
    return rrset;
  }

  /** Its type as people write it. */
  public String type() {
    return RRType.toText(rrset.type());
  }

  /** The endpoint behind each leaf. */
  public List<EndpointKey> endpoints() {
    return endpoints;
  }

  /** The health checks that have a say about a leaf. */
  public BitSet checks(int leaf) {
    return (BitSet) checks.get(leaf).clone();
  }

  /** Whether any of some checks has a say about a leaf. */
  boolean isWatchedByAny(int leaf, BitSet some) {
    return checks.get(leaf).intersects(some);
  }

  /** Whether every check that has a say about a leaf allows it. */
  public boolean isHealthy(int leaf, EligibilitySnapshot eligibility) {
    return checks.get(leaf).stream().allMatch(eligibility::isEligible);
  }

  /** Who is answered what while health is as given. */
  public NameShares shares(EligibilitySnapshot eligibility) {
    return shares(rrset.decide(eligibility));
  }

  /** The same from decisions that are made already. */
  public NameShares shares(Decisions decisions) {
    double[][] byClass = new double[rrset.clientClasses()][];
    double[][] byPlace = new double[classOf.length][];
    for (int i = 0; i < classOf.length; i++) {
      int clientClass = classOf[i];
      if (byClass[clientClass] == null) {
        byClass[clientClass] = AnswerShares.of(rrset, decisions, clientClass);
      }
      byPlace[i] = byClass[clientClass];
    }
    return new NameShares(byPlace, rrset.leafCount(), sample);
  }
}
