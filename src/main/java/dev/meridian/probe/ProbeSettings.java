package dev.meridian.probe;

import dev.meridian.health.Observation;
import dev.meridian.resolver.Resolver;
import dev.meridian.resolver.ResolverSettings;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * What probes go by, beside the checks themselves.
 *
 * @param version of this program, as targets see it in the User-Agent
 * @param resolver starts what resolves the targets that are given by name; asked once, and only if
 *     there are any
 * @param exec whether programs may be run
 * @param sources where probes leave from
 * @param watcher hears the id of each check and what its probe found, on the health thread; it must
 *     not wait
 */
public record ProbeSettings(
    String version,
    Supplier<Resolver> resolver,
    boolean exec,
    ProbeSources sources,
    BiConsumer<String, Observation> watcher) {
  /** Settings under which nobody hears of each probe, and they leave from anywhere. */
  public ProbeSettings(String version, Supplier<Resolver> resolver, boolean exec) {
    this(version, resolver, exec, ProbeSources.ANY, (_, _) -> {});
  }

  /** The system's name servers are asked; no programs are run. */
  public static ProbeSettings of(String version) {
    return new ProbeSettings(
        version, () -> new Resolver(ResolverSettings.of(List.of()), new SecureRandom()), false);
  }
}
