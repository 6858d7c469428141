package dev.meridian.exchange;

import dev.meridian.route53.Route53RecordSet;
import dev.meridian.route53.Route53RecordSet.Alias;
import dev.meridian.rr.RRType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Groups of one name that say the same of several types, so that one policy can say it for all of
 * them. Only the values of their record sets differ.
 *
 * @param groups by type; at least one, all of one length
 */
record Route53Cluster(Map<Integer, List<Route53RecordSet>> groups) {
  /**
   * The fewest clusters that the groups of a name make.
   *
   * @param groups by type
   */
  static List<Route53Cluster> of(Map<Integer, List<Route53RecordSet>> groups) {
    List<Route53Cluster> clusters = new ArrayList<>();
    groups.forEach((type, group) -> cluster(clusters, group).groups().put(type, group));
    return clusters;
  }

  private static Route53Cluster cluster(
      List<Route53Cluster> clusters, List<Route53RecordSet> group) {
    for (Route53Cluster cluster : clusters) {
      if (saysTheSame(cluster.first(), group)) {
        return cluster;
      }
    }
    clusters.add(new Route53Cluster(new LinkedHashMap<>()));
    return clusters.getLast();
  }

  private static boolean saysTheSame(List<Route53RecordSet> some, List<Route53RecordSet> others) {
    boolean same = some.size() == others.size() && ttl(some) == ttl(others);
    for (int i = 0; same && i < some.size(); i++) {
      Route53RecordSet one = some.get(i);
      Route53RecordSet other = others.get(i);
      same =
          one.id().equals(other.id())
              && Objects.equals(one.routing(), other.routing())
              && one.check() == other.check()
              && sameAlias(one.alias(), other.alias());
    }
    return same && some.getFirst().type() != RRType.CNAME;
  }

  private static boolean sameAlias(@Nullable Alias one, @Nullable Alias other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    return one.target().equals(other.target())
        && one.evaluateTargetHealth() == other.evaluateTargetHealth();
  }

  private static long ttl(List<Route53RecordSet> group) {
    return group.stream().mapToLong(Route53RecordSet::ttl).filter(t -> t >= 0).min().orElse(-1);
  }

  /** The smallest TTL in it, in seconds; -1 if all of it is aliases. */
  long ttl() {
    return ttl(first());
  }

  /** The record sets of one type, for all that does not depend on the type. */
  List<Route53RecordSet> first() {
    return groups.values().iterator().next();
  }

  /** The record sets of all types in one place of the groups. */
  List<Route53RecordSet> candidates(int position) {
    return groups.values().stream().map(group -> group.get(position)).toList();
  }
}
