package dev.meridian.health;

import java.time.Instant;

/**
 * What is kept of a check while the process is away.
 *
 * @param definition hash of the definition that it was learned under
 * @param state verdict and counters
 * @param agreed the verdict of all vantage points
 * @param penalty of {@link Damping}
 * @param held whether damping holds it down
 * @param healthy what was answered by
 * @param slowStart whether it still got fewer clients then, because it had come back
 * @param since when {@code healthy} last changed; wall clock
 */
public record Remembered(
    long definition,
    Hysteresis.State state,
    boolean agreed,
    double penalty,
    boolean held,
    boolean healthy,
    boolean slowStart,
    Instant since) {
  /** What is worth keeping of a status. */
  public static Remembered of(HealthStatus status) {
    return new Remembered(
        DefinitionHash.of(status.check()),
        status.state(),
        status.agreed().up(),
        status.damping().penalty(),
        status.damping().holding(),
        status.isHealthy(),
        status.slowStart().active(),
        status.since());
  }
}
