package dev.meridian.reach;

import java.util.List;
import java.util.SortedSet;

/**
 * What checks that are down do to one routed name.
 *
 * @param continents whose clients are answered differently than if the checks were up
 * @param moved part of all its answers that is: 0 to 1
 * @param takers the endpoints that answer instead, the largest first
 * @param next the endpoints that would answer if the takers failed too; empty: they cannot fail, as
 *     nothing watches them
 * @param failOpen whether unhealthy endpoints are answered because nothing healthy is left
 */
public record Effect(
    RoutedName name,
    SortedSet<String> continents,
    double moved,
    List<EndpointKey> takers,
    List<EndpointKey> next,
    boolean nextFailsOpen,
    boolean failOpen) {
  /** Copies the lists. */
  public Effect {
    takers = List.copyOf(takers);
    next = List.copyOf(next);
  }
}
