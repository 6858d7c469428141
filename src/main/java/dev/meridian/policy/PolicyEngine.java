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
    follow(decisions.root, rrset.steering, client, dice, selection);
    selection.takeTtl(decisions);
    if (selection.size() > 1) {
      selection.shuffle(dice);
    }
  }

  /** The ECS scope of what a client gets from a routed RRset, see {@link Selection#scopeLength}. */
  public static int scopeLength(RoutedRRset rrset, ClientAddress client) {
    return scopeLength(rrset, PrefixPartition.length(rrset.find(client)));
  }

  /**
   * Where one family's clients are all alike and the other's are not, the scope is 1 and not 0:
   * resolvers keep what has scope 0 in the cache that both families share.
   */
  private static int scopeLength(RoutedRRset rrset, int length) {
    return length == 0 && rrset.clientClasses() > 1 ? 1 : length;
  }

  private static void follow(
      Decision decision, Steering steering, ClientAddress client, Dice dice, Selection selection) {
    switch (decision.kind) {
      case NO_ANSWER, WITHHELD, ELSEWHERE, UNHEALTHY -> selection.nothing(decision.kind);
      case LEAF -> selection.add(decision.number);
      case RANKED -> {
        Decision branch = decision.ranking.chosen(steering, selection.clientClass());
        follow(branch, steering, client, dice, selection);
      }
      case SHARED -> {
        Decision branch = decision.ranking.drawn(steering, client, dice, selection);
        follow(branch, steering, client, dice, selection);
      }
      case BY_CLASS -> {
        Decision branch = decision.branches[selection.clientClass()];
        follow(branch, steering, client, dice, selection);
      }
      case WEIGHTED -> {
        Decision branch =
            decision.isSticky()
                ? decision.branchOf(hash(decision.sticky, client, selection))
                : decision.branch(dice.below(decision.total()));
        follow(branch, steering, client, dice, selection);
      }
      case SOME -> {
        if (decision.isSticky()) {
          followOwn(decision, steering, client, dice, selection);
        } else {
          followSome(decision, steering, client, dice, selection);
        }
      }
    }
  }

  /** The client's own number, for all clients that share so many bits with it. */
  static long hash(Sticky sticky, ClientAddress client, Selection selection) {
    int bits = client.isIpv4() ? sticky.ipv4() : sticky.ipv6();
    selection.narrow(bits);
    return Rendezvous.client(client, bits);
  }

  /** Selection sampling: each combination of {@code number} branches is as likely as any other. */
  private static void followSome(
      Decision decision, Steering steering, ClientAddress client, Dice dice, Selection selection) {
    int wanted = decision.number;
    int left = decision.branches.length;
    for (Decision branch : decision.branches) {
      if (wanted == left || dice.below(left) < wanted) {
        follow(branch, steering, client, dice, selection);
        wanted--;
      }
      left--;
      if (wanted == 0) {
        return;
      }
    }
  }

  private static void followOwn(
      Decision decision, Steering steering, ClientAddress client, Dice dice, Selection selection) {
    int wanted = Math.min(decision.number, selection.room());
    if (wanted == 0) {
      return; // choices inside of choices that no message has room for
    }
    selection.keepOrder();
    int from = selection.rank(decision, wanted, hash(decision.sticky, client, selection));
    for (int i = 0; i < wanted; i++) {
      Decision branch = decision.branches[selection.rankedBranch(from + i)];
      follow(branch, steering, client, dice, selection);
    }
    selection.unrank(from);
  }
}
