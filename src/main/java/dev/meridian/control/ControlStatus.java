package dev.meridian.control;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.geo.LatencyTable;
import dev.meridian.policy.ClientSpace;
import dev.meridian.publish.KeptSet;
import dev.meridian.publish.ReloadResult;
import org.jspecify.annotations.Nullable;

/**
 * What there is to know about loading, at one moment. Immutable.
 *
 * @param last the newest load; null before the first has ended
 * @param lastGood the load that is being served; null if there is none
 * @param failures loads refused since the process started
 * @param heldBack how many of them were of files with nothing wrong, which the gate held back
 * @param holding whether the newest files are held back now
 * @param space where clients are, as {@code lastGood} has it
 * @param draining whether the server is about to stop
 */
public record ControlStatus(
    @Nullable ReloadResult last,
    @Nullable ReloadResult lastGood,
    long failures,
    long heldBack,
    boolean holding,
    ClientSpace space,
    boolean draining) {
  static final ControlStatus INITIAL =
      new ControlStatus(
          null, null, 0, 0, false, new ClientSpace(GeoDatabase.EMPTY, LatencyTable.EMPTY), false);

  /** Whether queries are answered and will go on being answered. */
  public boolean ready() {
    return lastGood != null && !draining;
  }

  /** The kept set that is served in place of the files; null: the files are. */
  public @Nullable KeptSet kept() {
    return lastGood == null ? null : lastGood.kept();
  }

  ControlStatus succeeded(ReloadResult result, ClientSpace space) {
    boolean still = holding && result.kept() != null;
    return new ControlStatus(result, result, failures, heldBack, still, space, draining);
  }

  ControlStatus failed(ReloadResult result) {
    long held = heldBack + (result.heldBack() ? 1 : 0);
    return new ControlStatus(
        result, lastGood, failures + 1, held, result.heldBack(), space, draining);
  }

  ControlStatus drains() {
    return new ControlStatus(last, lastGood, failures, heldBack, holding, space, true);
  }
}
