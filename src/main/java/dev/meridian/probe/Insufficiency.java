package dev.meridian.probe;

import dev.meridian.health.MetricCheck.Insufficient;
import dev.meridian.health.Observation.Outcome;
import dev.meridian.health.Observation.Reason;

/**
 * What a finding means where no data is an answer of its own.
 *
 * <pre>
 * the finding                    healthy   unhealthy   last-known
 * within the threshold           pass      pass        pass
 * beyond it, or reported down    fail      fail        fail
 * no data, or any other failure  pass      fail        unknown
 * our own trouble                unknown   unknown     unknown
 * </pre>
 */
final class Insufficiency {
  private Insufficiency() {}

  static Finding judged(Insufficient rule, Finding finding) {
    boolean noData =
        finding.reason() == Reason.INSUFFICIENT_DATA
            || (finding.reason().outcome() == Outcome.FAIL
                && finding.reason() != Reason.METRIC_BREACH
                && finding.reason() != Reason.REPORTED_DOWN);
    if (!noData) {
      return finding;
    }
    String detail = "insufficient data: " + finding.detail();
    return switch (rule) {
      case HEALTHY -> new Finding(Reason.OK, detail);
      case UNHEALTHY -> new Finding(Reason.RESPONSE_UNEXPECTED, detail);
      case LAST_KNOWN -> new Finding(Reason.INSUFFICIENT_DATA, detail);
    };
  }
}
