package dev.meridian.policy;

import dev.meridian.net.ClientAddress;
import dev.meridian.net.PrefixPartition;

/** Chooses for one query. Stateless; neither allocates nor waits. */
public final class PolicyEngine {
  private PolicyEngine() {}

  /**
   * Chooses leaves of a routed RRset for a client.
   *
   * @param decisions those of the same RRset
   * @param selection overwritten
   */
  public static void select(
      RoutedRRset rrset,
      Decisions decisions,
      ClientAddress client,
      Dice dice,
      Selection selection) {
    long hit = rrset.find(client);
    int clientClass = PrefixPartition.value(hit);
    selection.begin(clientClass, scopeLength(rrset, PrefixPartition.length(hit)));
    follow(decisions.byClass[clientClass], dice, selection);
    if (selection.size() > 1) {
      selection.shuffle(dice);
    }
  }

  /**
   * Where one family's clients are all alike and the other's are not, the scope is 1 and not 0:
   * resolvers keep what has scope 0 in the cache that both families share.
   */
  private static int scopeLength(RoutedRRset rrset, int length) {
    return length == 0 && rrset.clientClasses() > 1 ? 1 : length;
  }

  private static void follow(Decision decision, Dice dice, Selection selection) {
    switch (decision.kind) {
      case NO_ANSWER -> {}
      case FAILURE -> selection.fail();
      case LEAF -> selection.add(decision.number);
      case WEIGHTED -> follow(decision.branch(dice.below(decision.total())), dice, selection);
      case SOME -> followSome(decision, dice, selection);
    }
  }

  /** Selection sampling: each combination of {@code number} branches is as likely as any other. */
  private static void followSome(Decision decision, Dice dice, Selection selection) {
    int wanted = decision.number;
    int left = decision.branches.length;
    for (Decision branch : decision.branches) {
      if (wanted == left || dice.below(left) < wanted) {
        follow(branch, dice, selection);
        wanted--;
      }
      left--;
      if (wanted == 0) {
        return;
      }
    }
  }
}
