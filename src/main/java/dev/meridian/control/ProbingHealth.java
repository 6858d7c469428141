package dev.meridian.control;

import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthRegistry;
import dev.meridian.probe.HealthService;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Health by probes: the {@link HealthService}, started when there is somebody to tell. */
public final class ProbingHealth implements Parts.HealthStarter {
  private final HealthRegistry registry;
  private final InstantSource clock;
  private final String version;
  private @Nullable HealthService service;

  /** Nothing is started yet. */
  public ProbingHealth(HealthRegistry registry, InstantSource clock, String version) {
    this.registry = registry;
    this.clock = clock;
    this.version = version;
  }

  @Override
  public HealthFeed start(Consumer<HealthBoard> listener) {
    HealthService started = new HealthService(registry, clock, version, listener);
    service = started;
    return new HealthFeed() {
      @Override
      public CompletableFuture<HealthBoard> define(Collection<HealthCheck> checks) {
        return started.define(checks);
      }

      @Override
      public HealthBoard board() {
        return started.board();
      }
    };
  }

  @Override
  public void close() {
    if (service != null) {
      service.close();
    }
  }
}
