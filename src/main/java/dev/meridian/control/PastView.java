package dev.meridian.control;

import dev.meridian.answer.ServerState;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.HealthStatus;
import dev.meridian.publish.KeptSet;
import dev.meridian.publish.KeptSets;
import dev.meridian.publish.LoadFailedException;
import dev.meridian.publish.LoadedState;
import dev.meridian.publish.Past;
import dev.meridian.publish.PastServing;
import dev.meridian.publish.StateSource;
import dev.meridian.text.RefusedException;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts together what a server answered from at an earlier moment: its kept sets and its journal.
 */
record PastView(Server server, KeptSets kept, StateSource source, HealthRegistry registry) {
  /**
   * As {@link Server#past}.
   *
   * @throws RefusedException if what is kept does not cover that moment
   */
  PastServing at(Instant at) {
    if (at.isAfter(server.now())) {
      throw new RefusedException(at + " is not past");
    }
    try {
      Past past = Past.read(server.journal().since(0, Integer.MAX_VALUE), at);
      KeptSet set = past.among(kept.list());
      LoadedState loaded = kept.load(set, source);
      return serving(past, set, loaded);
    } catch (IOException | LoadFailedException e) {
      throw new RefusedException(at + " cannot be looked at: " + e.getMessage(), e);
    }
  }

  private PastServing serving(Past past, KeptSet set, LoadedState loaded) {
    Set<String> down =
        server.board().statuses().stream()
            .filter(status -> !status.isHealthy())
            .map(HealthStatus::id)
            .collect(Collectors.toSet());
    Set<String> ids = loaded.checks().stream().map(HealthCheck::id).collect(Collectors.toSet());
    ServerState state = past.state(loaded, down, registry);
    return new PastServing(
        set,
        state,
        loaded.space(),
        id -> ids.contains(id) ? Optional.of(registry.indexOf(id)) : Optional.empty(),
        registry::idOf,
        number -> {
          Past.Known known = past.health().get(registry.idOf(number));
          String why = known == null ? "the journal has no change of it" : known.reason();
          return registry.idOf(number)
              + ": "
              + (state.eligibility().isEligible(number) ? "healthy" : "unhealthy")
              + (why.isEmpty() ? "" : " " + why);
        });
  }
}
