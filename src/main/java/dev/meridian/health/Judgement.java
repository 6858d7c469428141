package dev.meridian.health;

import dev.meridian.health.Standing.Cause;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a verdict, the definition's switches, other checks and a person's decision make a standing
 * (Route 53's effective status, and overrides above it). Pure functions.
 *
 * <table>
 * <caption>Without an override</caption>
 * <tr><th>disabled</th><th>inverted</th><th>verdict</th><th>healthy</th></tr>
 * <tr><td>no</td><td>no</td><td>up, or no data yet</td><td>yes</td></tr>
 * <tr><td>no</td><td>no</td><td>down</td><td>no</td></tr>
 * <tr><td>no</td><td>yes</td><td>up, or no data yet</td><td>no</td></tr>
 * <tr><td>no</td><td>yes</td><td>down</td><td>yes</td></tr>
 * <tr><td>yes</td><td>no</td><td>ignored</td><td>yes</td></tr>
 * <tr><td>yes</td><td>yes</td><td>ignored</td><td>no</td></tr>
 * </table>
 *
 * <p>The verdict of a calculated check is up while enough of its parts count as healthy: none asked
 * for, always up; more asked for than there are, always down. While damping holds a target, its
 * verdict is down.
 */
final class Judgement {
  private Judgement() {}

  /** What automation makes of a check. */
  static Standing automatic(HealthStatus status, Predicate<String> counted) {
    HealthCheck.Settings settings = status.check().settings();
    boolean inverted = settings.inverted();
    if (settings.disabled()) {
      return standing(!inverted, Cause.DISABLED, inverted ? "disabled and inverted" : "disabled");
    }
    if (status.check().kind() instanceof CheckKind.Calculated calculated) {
      long healthy = calculated.checks().stream().filter(counted).count();
      String reason =
          healthy
              + " of "
              + calculated.checks().size()
              + " healthy, "
              + calculated.healthy()
              + " needed";
      return standing((healthy >= calculated.healthy()) != inverted, Cause.CALCULATED, reason);
    }
    Quorum.Verdict agreed = status.agreed();
    if (agreed.up() && status.damping().holding()) {
      return standing(inverted, Cause.DAMPING, "came and went too often");
    }
    Observation last = status.last();
    boolean healthy = agreed.up() != inverted;
    if (agreed.of() > 1) {
      String here = last == null ? "nothing yet" : last.text();
      return standing(healthy, Cause.VOTES, agreed.text() + "; here: " + here);
    }
    if (last == null) {
      boolean known = status.state().known();
      return known
          ? standing(healthy, Cause.VERDICT, "known from before the start")
          : standing(healthy, Cause.NO_DATA, "no result yet");
    }
    return standing(healthy, Cause.VERDICT, last.text());
  }

  private static Standing standing(boolean healthy, Cause cause, String reason) {
    return new Standing(healthy, healthy, cause, reason);
  }

  /** What a person's decision makes of it; without one it stays. */
  static Standing decided(Standing automatic, boolean before, @Nullable HealthOverride override) {
    if (override == null) {
      return automatic;
    }
    return switch (override.action().kind()) {
      case UP -> standing(true, Cause.OVERRIDE, override.text());
      case DOWN -> standing(false, Cause.OVERRIDE, override.text());
      case DRAIN -> new Standing(false, automatic.counted(), Cause.OVERRIDE, override.text());
      case FREEZE -> standing(before, Cause.OVERRIDE, override.text());
      case WEIGHT -> automatic;
    };
  }
}
