package dev.meridian.analysis;

import dev.meridian.health.CheckKind;
import dev.meridian.health.CheckOrder;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthOverride;
import dev.meridian.health.HealthRegistry;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * States of health as somebody imagines them: some checks are down, the rest is up, and calculated
 * checks follow from these.
 */
public final class AssumedHealth {
  private final CheckOrder checks;
  private final HealthRegistry registry;

  /**
   * @param checks of a set that could be served
   * @param registry that numbered them
   */
  public AssumedHealth(Collection<HealthCheck> checks, HealthRegistry registry) {
    this.checks = CheckOrder.of(checks);
    this.registry = registry;
  }

  /** The ids that a selector means, see {@link HealthOverride#pattern}. */
  public Set<String> matching(String selector) {
    Pattern pattern = HealthOverride.pattern(selector);
    Set<String> ids = new TreeSet<>();
    for (HealthCheck check : checks.checks()) {
      if (pattern.matcher(check.id()).matches()) {
        ids.add(check.id());
      }
    }
    return ids;
  }

  /** The id behind the number of a check. */
  String id(int number) {
    return registry.idOf(number);
  }

  /** A few of the ids that there are, for somebody who wrote another. */
  String hint(String written) {
    if (checks.checks().isEmpty()) {
      return "; there are no health checks here";
    }
    List<String> ids = checks.checks().stream().map(HealthCheck::id).toList();
    String start = written.substring(0, Math.min(3, written.length()));
    List<String> near = ids.stream().filter(id -> id.contains(start)).limit(5).toList();
    List<String> some = near.isEmpty() ? ids.stream().limit(5).toList() : near;
    return "; there are " + String.join(", ", some) + (some.size() < ids.size() ? ", …" : "");
  }

  /** What may be answered while these checks are down. */
  public EligibilitySnapshot eligibility(Set<String> down) {
    EligibilitySnapshot snapshot = EligibilitySnapshot.ALL;
    Set<String> unhealthy = new HashSet<>();
    for (HealthCheck check : checks.checks()) {
      if (down.contains(check.id()) || isCalculatedDown(check, unhealthy)) {
        unhealthy.add(check.id());
        snapshot = snapshot.with(registry.indexOf(check.id()), false);
      }
    }
    return snapshot;
  }

  private static boolean isCalculatedDown(HealthCheck check, Set<String> unhealthy) {
    if (!(check.kind() instanceof CheckKind.Calculated whole) || check.settings().disabled()) {
      return false;
    }
    long healthy = whole.checks().stream().filter(part -> !unhealthy.contains(part)).count();
    return (healthy >= whole.healthy()) == check.settings().inverted();
  }
}
