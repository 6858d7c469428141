package dev.meridian.answer;

import dev.meridian.answer.Outcome.Ending;
import dev.meridian.net.ClientAddress;
import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixPartition;
import dev.meridian.policy.Chances;
import dev.meridian.policy.Decisions;
import dev.meridian.policy.PolicyEngine;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.LookupResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Works out what a client may be answered and how likely, from the very state that answers: the
 * same look-ups, classes and decisions, with chances in place of dice. Good for one question; a
 * chain of CNAMEs that policies choose is followed down every branch.
 */
public final class Outcomes {
  private final ServerState state;
  private final int type;
  private final ClientAddress client = new ClientAddress();
  private final Outcome.Sum sum = new Outcome.Sum();

  private Outcomes(ServerState state, int type, Prefix client) {
    this.state = state;
    this.type = type;
    this.client.set(client);
  }

  /** All that this client may get when it asks for a name and type. */
  public static Outcome of(ServerState state, DomainName name, int type, Prefix client) {
    Outcomes outcomes = new Outcomes(state, type, client);
    outcomes.follow(name, 1, 0, List.of());
    return outcomes.sum.total();
  }

  /**
   * How the policies and zones on the way tell clients apart: a partition for each that does, and
   * none if the answer to the question is the same for everybody.
   */
  public static List<PrefixPartition> partitions(ServerState state, DomainName name, int type) {
    Map<DomainName, Step> seen = new LinkedHashMap<>();
    List<PrefixPartition> partitions = new ArrayList<>();
    Deque<DomainName> open = new ArrayDeque<>(List.of(name));
    while (!open.isEmpty()) {
      DomainName next = open.remove();
      Step step = Step.of(state, next, type);
      if (step.zone() == null || seen.putIfAbsent(next, step) != null) {
        continue;
      }
      if (step.inZone().isConfined()) {
        partitions.add(step.inZone().clients().partition());
      }
      if (step.isRouted()) {
        RoutedRRset rrset = step.inZone().routed(step.inZone().routedIndex(step.rrset()));
        if (rrset.clientClasses() > 1) {
          partitions.add(rrset.classes());
        }
      }
      open.addAll(step.next());
    }
    return partitions;
  }

  /**
   * @param chance that a query gets here
   * @param scope of the look-ups before
   * @param before the names of these look-ups
   */
  private void follow(DomainName name, double chance, int scope, List<DomainName> before) {
    if (before.size() == Step.MAX_LINKS || before.contains(name)) {
      sum.end(Ending.ANSWER, chance, scope); // what was found so far
      return;
    }
    Step step = Step.of(state, name, type);
    List<DomainName> names = new ArrayList<>(before);
    names.add(name);
    if (step.zone() == null || !step.zone().allows(client)) {
      sum.end(before.isEmpty() ? Ending.REFUSED : Ending.ANSWER, chance, scope);
      return;
    }
    switch (step.result()) {
      case NODATA -> sum.end(Ending.NODATA, chance, scope);
      case NXDOMAIN -> sum.end(Ending.NXDOMAIN, chance, scope);
      case REFERRAL -> sum.end(Ending.REFERRAL, chance, scope);
      case DNAME -> dname(step, chance, scope, names);
      case ANSWER, CNAME -> {
        if (step.isRouted()) {
          routed(step, chance, scope, names);
        } else {
          records(step, chance);
          goOn(step, chance, scope, names);
        }
      }
    }
  }

  private void goOn(Step step, double chance, int scope, List<DomainName> names) {
    if (step.result() == LookupResult.CNAME) {
      follow(Step.target(step.octets()), chance, scope, names);
    } else {
      sum.end(Ending.ANSWER, chance, scope);
    }
  }

  private void dname(Step step, double chance, int scope, List<DomainName> names) {
    records(step, chance);
    DomainName next = step.substituted();
    if (next == null) {
      sum.end(Ending.YXDOMAIN, chance, scope);
      return;
    }
    sum.record(RRType.toText(RRType.CNAME) + " " + next, chance);
    if (step.followsDname()) {
      follow(next, chance, scope, names);
    } else {
      sum.end(Ending.ANSWER, chance, scope);
    }
  }

  private void routed(Step step, double chance, int scope, List<DomainName> names) {
    int index = step.inZone().routedIndex(step.rrset());
    RoutedRRset rrset = step.inZone().routed(index);
    Decisions decisions = state.decisions(step.number(), index);
    int longest = Math.max(scope, PolicyEngine.scopeLength(rrset, client));
    Chances chances = rrset.chances(decisions, rrset.clientClass(client));
    int sticky = chances.stickyBits(client.isIpv4());
    if (sticky > longest) {
      sum.scope(longest); // not every way through the tree need look at the client's hash
      longest = sticky;
    }
    sum.end(Ending.NODATA, chance * chances.none(), longest);
    sum.end(Ending.SERVFAIL, chance * chances.failure(), longest);
    Map<String, BitSet> leavesWith = new LinkedHashMap<>();
    for (int leaf = 0; leaf < rrset.leafCount(); leaf++) {
      double share = chance * chances.leaf(leaf);
      if (share > 0) {
        byte[] octets =
            Arrays.copyOfRange(
                decisions.records(), decisions.recordsAt(leaf), decisions.recordsAt(leaf + 1));
        sum.endpoint(rrset.leafId(leaf), share);
        for (AnswerRecord each : AnswerRecord.of(step.name(), octets, chances.ttl(leaf))) {
          leavesWith.computeIfAbsent(text(each), _ -> new BitSet()).set(leaf);
          sum.source(text(each), rrset.leafId(leaf));
          sum.ttl(each.ttl());
        }
        if (step.result() == LookupResult.CNAME) {
          follow(Step.target(octets), share, longest, names);
        }
      }
    }
    leavesWith.forEach((text, leaves) -> sum.record(text, chance * chances.any(leaves::get)));
    if (step.result() == LookupResult.ANSWER) {
      sum.end(Ending.ANSWER, chance * (1 - chances.none() - chances.failure()), longest);
    }
  }

  private static String text(AnswerRecord each) {
    return RRType.toText(each.type()) + " " + each.data();
  }

  private void records(Step step, double chance) {
    for (AnswerRecord each : AnswerRecord.of(step.name(), step.octets(), -1)) {
      sum.record(text(each), chance);
      sum.ttl(each.ttl());
    }
  }
}
