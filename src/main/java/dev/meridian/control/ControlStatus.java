package dev.meridian.control;

import dev.meridian.control.LoadedState.GeoSummary;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What there is to know about loading, at one moment. Immutable.
 *
 * @param last the newest load; null before the first has ended
 * @param lastGood the load that is being served; null if there is none
 * @param failures loads refused since the process started
 * @param geo the geo database of {@code lastGood}
 * @param draining whether the server is about to stop
 */
public record ControlStatus(
    @Nullable ReloadResult last,
    @Nullable ReloadResult lastGood,
    long failures,
    GeoSummary geo,
    boolean draining) {
  private static final GeoSummary NO_GEO = new GeoSummary("none", "none", Instant.EPOCH);

  static final ControlStatus INITIAL = new ControlStatus(null, null, 0, NO_GEO, false);

  /** Whether queries are answered and will go on being answered. */
  public boolean ready() {
    return lastGood != null && !draining;
  }

  ControlStatus succeeded(ReloadResult result, GeoSummary geo) {
    return new ControlStatus(result, result, failures, geo, draining);
  }

  ControlStatus failed(ReloadResult result) {
    return new ControlStatus(result, lastGood, failures + 1, geo, draining);
  }

  ControlStatus drains() {
    return new ControlStatus(last, lastGood, failures, geo, true);
  }
}
