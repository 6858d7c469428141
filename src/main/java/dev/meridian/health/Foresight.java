package dev.meridian.health;

import java.util.function.ToIntFunction;

/**
 * How soon a healthy check could be down, if every probe from now on said so. What is answered may
 * be kept for so long and is still right. A pure function.
 *
 * <table>
 * <caption>What decided its standing</caption>
 * <tr><th>cause</th><th>seconds</th></tr>
 * <tr><td>probes</td><td>interval times the results still needed, less one: the next probe may be
 * due at once</td></tr>
 * <tr><td>other checks</td><td>the least of theirs; 0 if inverted</td></tr>
 * <tr><td>guard, damping</td><td>0: it would be down already, or may be again</td></tr>
 * <tr><td>votes</td><td>0: what others will say is not known here</td></tr>
 * <tr><td>a person, or the definition</td><td>not to be foreseen</td></tr>
 * </table>
 */
final class Foresight {
  private Foresight() {}

  /**
   * Seconds, or {@link EligibilitySnapshot#UNFORESEEN}.
   *
   * @param ofPart the same of another check by its id
   */
  static int secondsToDown(HealthStatus status, ToIntFunction<String> ofPart) {
    HealthCheck.Settings settings = status.check().settings();
    return switch (status.standing().cause()) {
      case OVERRIDE, DISABLED -> EligibilitySnapshot.UNFORESEEN;
      case GUARD, DAMPING, VOTES -> 0;
      case CALCULATED -> {
        if (settings.inverted() || !(status.check().kind() instanceof CheckKind.Calculated whole)) {
          yield 0;
        }
        yield whole.checks().stream().mapToInt(ofPart).min().orElse(EligibilitySnapshot.UNFORESEEN);
      }
      case VERDICT, NO_DATA -> {
        int needed =
            settings.inverted()
                ? settings.successThreshold() - status.state().consecutivePasses()
                : settings.hysteresis().failuresToDown(status.state());
        yield (int) (settings.interval().toSeconds() * Math.max(0, needed - 1));
      }
    };
  }
}
