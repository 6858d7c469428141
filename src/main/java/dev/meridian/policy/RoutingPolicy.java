package dev.meridian.policy;

import java.util.List;

/** A choice among candidates. As in Route 53 a group has one policy; groups nest to any depth. */
public sealed interface RoutingPolicy extends Target
    permits Simple,
        Weighted,
        Failover,
        Geolocation,
        NearestFirst,
        MultivalueAnswer,
        IpBased,
        OnAllUnhealthy {
  /** The branches in the order written; positions in it identify them everywhere. */
  List<Candidate> candidates();

  /** The keyword of the policy file: {@code weighted}, {@code failover}… */
  String keyword();
}
