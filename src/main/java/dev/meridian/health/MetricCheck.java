package dev.meridian.health;

import org.jspecify.annotations.Nullable;

/**
 * Passes while every sample that a Prometheus server answers a query with compares as told (Route
 * 53 type CLOUDWATCH_METRIC, whose alarm is such a comparison). No sample, NaN, or no answer at all
 * is insufficient data.
 *
 * @param request of the query, and what counts as healthy
 * @param insufficient what insufficient data counts as (Route 53: InsufficientDataHealthStatus)
 */
public record MetricCheck(CheckKind.Http request, Insufficient insufficient) implements CheckKind {
  /** What insufficient data counts as. */
  public enum Insufficient {
    /** A pass. */
    HEALTHY,
    /** A failure. */
    UNHEALTHY,
    /** Nothing: the verdict stays; healthy if there never was one. */
    LAST_KNOWN
  }

  /** Checks that there is something to compare. */
  public MetricCheck {
    if (!(request.match() instanceof BodyMatch.Samples)) {
      throw new IllegalArgumentException("a metric is compared with a number");
    }
  }

  @Override
  public String word() {
    return "metric";
  }

  /** The port is that of the metrics server, which an endpoint's port has nothing to do with. */
  @Override
  public MetricCheck withPort(int port) {
    return this;
  }

  @Override
  public int port() {
    return request.port();
  }

  @Override
  public CheckKind.@Nullable Tls tls() {
    return request.tls();
  }

  @Override
  public @Nullable String host() {
    return request.host();
  }
}
