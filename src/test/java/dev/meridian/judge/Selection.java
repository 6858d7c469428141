package dev.meridian.judge;

import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * {@code select(group, client)}, the core that all policies share: candidates in order, the healthy
 * ones or else all of them, the policy's pick, and aliases followed.
 */
final class Selection {
  private static final int MULTIVALUE_MOST = 8;

  private final BiFunction<JudgedName, String, List<RecordSet>> groups;
  private final Checks checks;
  private final Preference preference;

  Selection(
      BiFunction<JudgedName, String, List<RecordSet>> groups,
      Checks checks,
      Preference preference) {
    this.groups = groups;
    this.checks = checks;
    this.preference = preference;
  }

  /**
   * Whether a policy that asks for the client can have a say, in this state of health or another:
   * scopes do not move when health does.
   */
  boolean canDependOnClient(List<RecordSet> group) {
    return group.stream()
        .anyMatch(
            each ->
                each.policy().asksForTheClient()
                    || (each.isAlias() && canDependOnClient(target(each))));
  }

  /** The record sets that are answered together; an empty set is no answer. */
  Lottery<Set<RecordSet>> select(List<RecordSet> group) {
    List<RecordSet> candidates = preference.order(group);
    if (candidates.isEmpty()) {
      return Lottery.of(Set.of());
    }
    List<RecordSet> healthy = candidates.stream().filter(this::isHealthy).toList();
    return pick(healthy.isEmpty() ? candidates : healthy);
  }

  private boolean isHealthy(RecordSet set) {
    boolean own = !set.hasCheck() || checks.isHealthy(set.check());
    boolean asksTarget = set.isAlias() && set.evaluatesTarget();
    return own && (!asksTarget || preference.order(target(set)).stream().anyMatch(this::isHealthy));
  }

  private List<RecordSet> target(RecordSet alias) {
    return groups.apply(alias.target(), alias.type());
  }

  private Lottery<Set<RecordSet>> pick(List<RecordSet> pool) {
    return switch (pool.getFirst().policy()) {
      case WEIGHTED -> weighted(pool);
      case MULTIVALUE -> Lottery.some(pool, Math.min(MULTIVALUE_MOST, pool.size()));
      default -> flatten(pool.getFirst());
    };
  }

  /** Those of weight zero are a last tier of their own, in which all weigh the same. */
  private Lottery<Set<RecordSet>> weighted(List<RecordSet> pool) {
    boolean allZero = pool.stream().allMatch(each -> each.weight() == 0);
    return Lottery.mix(
        pool.stream().map(this::flatten).toList(),
        pool.stream().map(each -> allZero ? 1 : each.weight()).toList());
  }

  private Lottery<Set<RecordSet>> flatten(RecordSet set) {
    return set.isAlias() ? select(target(set)) : Lottery.of(Set.of(set));
  }
}
