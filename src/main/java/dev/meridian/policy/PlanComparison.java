package dev.meridian.policy;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether two compiled RRsets answer alike whoever asks and whatever is healthy, because they
 * are the same plan. Checks must have been numbered by one registry.
 *
 * <p>Policies are compared component by component, whatever components they have: a parameter that
 * a policy gets one day cannot be forgotten here. Targets are left out, for the plan holds what
 * they lead to, aliases followed.
 */
public final class PlanComparison {
  /** Many trees share a steering, and comparing two takes a walk through the address space. */
  private final IdentityHashMap<Steering, IdentityHashMap<Steering, Boolean>> alike =
      new IdentityHashMap<>();

  /** Compares any number of plans; owned by one thread. */
  public PlanComparison() {}

  /** Whether they are the same. */
  public boolean isSame(RoutedRRset one, RoutedRRset other) {
    return one.type() == other.type()
        && Arrays.equals(one.leaves.records, other.leaves.records)
        && Arrays.equals(one.leaves.recordsAt, other.leaves.recordsAt)
        && one.leaves.ids.equals(other.leaves.ids)
        && Arrays.equals(one.leaves.ttlFloors, other.leaves.ttlFloors)
        && nodes(one.root, other.root)
        && isAlike(one.steering, other.steering);
  }

  private boolean isAlike(Steering one, Steering other) {
    return alike
        .computeIfAbsent(one, _ -> new IdentityHashMap<>())
        .computeIfAbsent(other, one::tellsApartLike);
  }

  private static boolean nodes(PlanNode one, PlanNode other) {
    return one.id.equals(other.id)
        && one.leaf == other.leaf
        && one.healthCheck == other.healthCheck
        && one.incomplete == other.incomplete
        && one.branches.size() == other.branches.size()
        && parts(one.policy, other.policy)
        && branches(one.branches, other.branches);
  }

  private static boolean branches(List<PlanNode.Branch> ones, List<PlanNode.Branch> others) {
    for (int i = 0; i < ones.size(); i++) {
      PlanNode.Branch one = ones.get(i);
      PlanNode.Branch other = others.get(i);
      if (one.position() != other.position() || !nodes(one.child(), other.child())) {
        return false;
      }
    }
    return true;
  }

  private static boolean parts(@Nullable Object one, @Nullable Object other) {
    if (one instanceof Target && other instanceof Target && !(one instanceof RoutingPolicy)) {
      return true;
    }
    if (one instanceof List<?> ones && other instanceof List<?> others) {
      return ones.size() == others.size() && lists(ones, others);
    }
    if (one instanceof Optional<?> ones && other instanceof Optional<?> others) {
      return parts(ones.orElse(null), others.orElse(null));
    }
    if (one instanceof Record && other != null && one.getClass() == other.getClass()) {
      return components(one, other);
    }
    return Objects.equals(one, other);
  }

  private static boolean lists(List<?> ones, List<?> others) {
    for (int i = 0; i < ones.size(); i++) {
      if (!parts(ones.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean components(Object one, Object other) {
    for (RecordComponent component : one.getClass().getRecordComponents()) {
      boolean target = Target.class.isAssignableFrom(component.getType());
      if (!target && !parts(value(component, one), value(component, other))) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Object value(RecordComponent component, Object of) {
    try {
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record's accessor failed: " + component, e);
    }
  }
}
