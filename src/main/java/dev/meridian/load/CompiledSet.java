package dev.meridian.load;

import dev.meridian.health.HealthCheck;
import dev.meridian.policy.ClientSpace;
import dev.meridian.zone.Zones;
import java.util.List;

/**
 * A zone folder ready to be served. Immutable.
 *
 * @param zones all of them
 * @param checks the health checks that their policies go by
 * @param space where clients are, as the policies were compiled for it
 */
public record CompiledSet(Zones zones, List<HealthCheck> checks, ClientSpace space) {
  /** Copies the list. */
  public CompiledSet {
    checks = List.copyOf(checks);
  }
}
