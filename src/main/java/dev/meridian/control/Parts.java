package dev.meridian.control;

import dev.meridian.config.ServerConfig;
import dev.meridian.health.ChangeGuard;
import dev.meridian.health.Damping;
import dev.meridian.health.Electorate;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthEvent;
import dev.meridian.health.HealthMemory;
import dev.meridian.health.HealthOverride;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.HealthRules;
import dev.meridian.health.Observation;
import dev.meridian.health.TargetGuard;
import dev.meridian.probe.ProbeSettings;
import dev.meridian.probe.ProbeSources;
import dev.meridian.publish.DiskSource;
import dev.meridian.publish.Gate;
import dev.meridian.publish.StateSource;
import dev.meridian.resolver.Resolver;
import dev.meridian.resolver.ResolverSettings;
import dev.meridian.spans.Spans;
import dev.meridian.vote.VoteFigures;
import dev.meridian.vote.VoteSettings;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * What a server is put together from, so that tests can put in their own.
 *
 * @param registry numbers the health checks
 * @param source where zones come from
 * @param gate judges them
 * @param health starts health checking
 * @param clock dates what people read
 * @param random seeds the choices of the query loops
 * @param spans who is told what was done; closed with the server
 * @param version of this build
 */
public record Parts(
    HealthRegistry registry,
    StateSource source,
    Gate gate,
    HealthStarter health,
    InstantSource clock,
    RandomGenerator random,
    Spans spans,
    String version) {
  /** Parts of which nobody is told what they do. */
  public Parts(
      HealthRegistry registry,
      StateSource source,
      Gate gate,
      HealthStarter health,
      InstantSource clock,
      RandomGenerator random,
      String version) {
    this(registry, source, gate, health, clock, random, Spans.NONE, version);
  }

  /** The same with files from elsewhere. */
  Parts with(StateSource other) {
    return new Parts(registry, other, gate, health, clock, random, spans, version);
  }

  /** The real parts: files from disk, health by probes, the clock on the wall. */
  public static Parts of(ServerConfig config, String version) {
    HealthRegistry registry = registry(config);
    InstantSource clock = InstantSource.system();
    Spans spans = Spans.to(config.spansEndpoint(), config.spansChecks(), version);
    return new Parts(
        registry,
        DiskSource.of(config, registry),
        Gate.of(config, registry),
        new ProbingHealth(
            registry,
            clock,
            probes(config, version, CheckSpans.of(spans, clock)),
            rules(config),
            config.state(),
            VoteSettings.of(config)),
        clock,
        new SplittableRandom(),
        spans,
        version);
  }

  /** Numbers the health checks of a configuration, and says where they may be aimed. */
  public static HealthRegistry registry(ServerConfig config) {
    return new HealthRegistry(new TargetGuard(config.healthAllow(), config.healthDeny()));
  }

  private static ProbeSettings probes(
      ServerConfig config, String version, BiConsumer<String, Observation> watcher) {
    return new ProbeSettings(
        version,
        () -> new Resolver(ResolverSettings.of(config.resolver()), new SecureRandom()),
        config.healthExec(),
        new ProbeSources(
            config.healthSourceIpv4().orElse(null), config.healthSourceIpv6().orElse(null)),
        watcher);
  }

  private static HealthRules rules(ServerConfig config) {
    ChangeGuard usual = ChangeGuard.DEFAULT;
    HealthRules rules =
        new HealthRules(
            Damping.DEFAULT,
            new ChangeGuard(config.healthMaxChange(), usual.atLeast(), usual.window()));
    return VoteSettings.of(config)
        .map(
            votes ->
                rules.with(
                    new Electorate(votes.vantage(), votes.peers().size() + 1, config.quorum())))
        .orElse(rules);
  }

  /** Starts health checking once it knows whom to tell, and ends it. */
  public interface HealthStarter extends AutoCloseable {
    /**
     * Begins. Neither may wait.
     *
     * @param listener is called whenever eligibility has changed
     * @param events gets every change, before the listener does
     */
    HealthFeed start(Consumer<HealthBoard> listener, Consumer<HealthEvent> events);

    /**
     * Gives it what another process knew, in place of what is kept. To be called before {@link
     * #start}.
     */
    default void inherit(HealthMemory memory) {}

    /**
     * Neither probes nor keeps anything until {@link #resume}.
     *
     * @return what is known at that moment
     * @throws IllegalStateException if the disk is too slow for that
     */
    default HealthMemory suspend() {
      return HealthMemory.EMPTY;
    }

    /** Goes on, with what another process may have kept meanwhile. */
    default void resume() {}

    /**
     * Puts an override in force.
     *
     * @return completes when it is kept and in force; exceptionally with {@link
     *     dev.meridian.text.RefusedException} if it makes no sense, with {@link
     *     java.io.IOException} if it cannot be kept, and then it is not in force either
     */
    CompletableFuture<HealthBoard> place(HealthOverride override);

    /**
     * Ends the override with this selector.
     *
     * @param weight whether it is the one of weight that ends, or the one of health
     * @return as {@link #place}
     */
    CompletableFuture<HealthBoard> lift(String selector, boolean weight);

    /**
     * Takes a heartbeat of a target.
     *
     * @return false if there is no such check, or that is not its token
     */
    default boolean beat(String checkId, String token) {
      return false;
    }

    /** What has gone between this vantage point and others. */
    default VoteFigures votes() {
      return VoteFigures.NONE;
    }

    /** How far what is kept of health is behind what is known. */
    default Duration behind() {
      return Duration.ZERO;
    }

    /** Ends it, if it has begun. */
    @Override
    void close();
  }
}
