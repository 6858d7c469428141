package dev.meridian.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Numbers the orders that one policy has for its clients, from 0. Orders are cut to what can ever
 * be answered, and written so that two which answer alike in every state of health are equal: else
 * they would part clients for nothing. Owned by one thread.
 */
final class Orders {
  private final PlanNode node;
  private final Interner numbers = new Interner();
  private final List<Order> orders = new ArrayList<>();

  Orders(PlanNode node) {
    this.node = node;
  }

  /**
   * The number of an order in which each candidate excludes all behind it: those without records of
   * the type drop out, and nothing comes after one that is always healthy.
   */
  int number(int[] positions) {
    int[] kept = new int[positions.length];
    int size = 0;
    for (int position : positions) {
      PlanNode.Branch branch = node.branchAt(position);
      if (branch != null) {
        kept[size++] = position;
        if (branch.isAlwaysHealthy() && hasRoomForAll(position)) {
          break;
        }
      }
    }
    return number(new Order(Arrays.copyOf(kept, size), new int[0]));
  }

  private boolean hasRoomForAll(int position) {
    return !(node.policy instanceof NearestFirst near && near.spills())
        || Double.isInfinite(near.capacity(position));
  }

  /**
   * The number of the order of a policy with a band. What is answered depends only on which
   * candidate excludes which, so candidates are sorted by how many exclude them, then by how many
   * they exclude: whoever excludes a candidate then excludes all behind it, too.
   */
  int number(Nearness nearness) {
    int[] kept =
        node.branches.stream()
            .mapToInt(PlanNode.Branch::position)
            .filter(position -> isReachable(position, nearness))
            .toArray();
    int[] excluders = new int[kept.length];
    int[] reach = new int[kept.length];
    for (int i = 0; i < kept.length; i++) {
      int at = kept[i];
      excluders[i] = (int) Arrays.stream(kept).filter(p -> nearness.excludes(p, at)).count();
      reach[i] = (int) Arrays.stream(kept).filter(p -> !nearness.excludes(at, p)).count();
    }
    int[] sorted =
        IntStream.range(0, kept.length)
            .boxed()
            .sorted(
                Comparator.comparingInt((Integer i) -> excluders[i])
                    .thenComparingInt(i -> reach[i])
                    .thenComparingInt(i -> kept[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    return number(
        new Order(
            Arrays.stream(sorted).map(i -> kept[i]).toArray(),
            Arrays.stream(sorted).map(i -> reach[i]).toArray()));
  }

  private boolean isReachable(int position, Nearness nearness) {
    return node.branches.stream()
        .noneMatch(
            branch -> branch.isAlwaysHealthy() && nearness.excludes(branch.position(), position));
  }

  private int number(Order order) {
    int number = numbers.number(order.toSequence());
    if (number == orders.size()) {
      orders.add(order);
    }
    return number;
  }

  Order order(int number) {
    return orders.get(number);
  }

  Order[] all() {
    return orders.toArray(Order[]::new);
  }
}
