package dev.meridian.reach;

import java.util.List;
import java.util.SortedSet;

/**
 * What checks that are down do to one routed name.
 *
 * @param continents whose clients are answered differently than if the checks were up
 * @param moved part of all its answers that is: 0 to 1
 * @param takers the endpoints that answer instead, the largest first
 * @param next the endpoints that would answer if the takers failed too; empty, and nothing else
 *     said of what is next: they cannot fail, as nothing watches them
 * @param nextFailsOpen whether unhealthy endpoints would be answered then
 * @param nextUnanswered whether somebody would get no answer then
 * @param failOpen whether unhealthy endpoints are answered because nothing healthy is left
 * @param unanswered whether somebody gets no answer because nothing healthy is left
 */
public record Effect(
    RoutedName name,
    SortedSet<String> continents,
    double moved,
    List<EndpointKey> takers,
    List<EndpointKey> next,
    boolean nextFailsOpen,
    boolean nextUnanswered,
    boolean failOpen,
    boolean unanswered) {
  /** Copies the lists. */
  public Effect {
    takers = List.copyOf(takers);
    next = List.copyOf(next);
  }
}
