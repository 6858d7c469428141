package dev.meridian.reach;

import dev.meridian.health.EligibilitySnapshot;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What would be answered if some endpoints were down: a model beside what serves, made of the same
 * compiled policies. Nothing that answers queries ever sees it.
 *
 * @param situation what is so
 * @param assumed the health that the model is made for
 * @param changed names that somebody would be answered differently for, with what they would answer
 * @param unwatched endpoints that were to be down, but have no check: nobody would notice, and they
 *     would go on being answered
 */
public record WhatIf(
    Situation situation,
    EligibilitySnapshot assumed,
    Map<RoutedName, NameShares> changed,
    List<EndpointSite> unwatched) {
  /**
   * Works it out.
   *
   * @param endpoints to be taken down
   * @param checks to be taken down besides, by number
   */
  public static WhatIf down(Situation situation, List<EndpointSite> endpoints, BitSet checks) {
    BitSet down = (BitSet) checks.clone();
    List<EndpointSite> unwatched = new ArrayList<>();
    for (EndpointSite endpoint : endpoints) {
      down.or(endpoint.checks());
      if (endpoint.checks().isEmpty()) {
        unwatched.add(endpoint);
      }
    }
    EligibilitySnapshot assumed = Troubles.with(situation.state().eligibility(), down, false);
    Map<RoutedName, NameShares> changed = new HashMap<>();
    for (RoutedName name : situation.reach().names()) {
      if (name.rrset().dependsOnAny(down)) {
        NameShares then = name.shares(assumed);
        if (then.moved(situation.now(name), situation.reach().sample()) > 0) {
          changed.put(name, then);
        }
      }
    }
    return new WhatIf(situation, assumed, changed, unwatched);
  }

  /** What a name would answer. */
  public NameShares then(RoutedName name) {
    return changed.getOrDefault(name, situation.now(name));
  }

  /** Part of a name's answers that would be another: 0 to 1. */
  public double moved(RoutedName name) {
    return then(name).moved(situation.now(name), situation.reach().sample());
  }

  /** Whether somebody would get no answer for a name who gets one now. */
  public boolean leavesUnanswered(RoutedName name) {
    return then(name).leavesOut(situation.now(name));
  }

  /** Whether a name would be answered with unhealthy endpoints, as nothing healthy is left. */
  public boolean failsOpen(RoutedName name) {
    return Troubles.failsOpen(name, then(name), assumed);
  }
}
