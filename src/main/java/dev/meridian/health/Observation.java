package dev.meridian.health;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one probe found out.
 *
 * @param reason the finding, as programs tell it apart
 * @param detail the finding, as people read it; printable ASCII
 * @param startedNanos when the probe began, on the monotonic clock that the monitor reads too
 * @param duration from then to the finding
 * @param measures what was measured on the way
 */
public record Observation(
    Reason reason, String detail, long startedNanos, Duration duration, Measures measures) {
  /** An observation of which nothing more is known. */
  public Observation(Reason reason, String detail, long startedNanos, Duration duration) {
    this(reason, detail, startedNanos, duration, Measures.NONE);
  }

  /**
   * How long the parts of a probe took (Route 53: MeasureLatency), and how long its certificate is
   * good for. Each is null if the probe did not come so far or has no such part.
   *
   * @param connect until the connection was established
   * @param handshake of TLS, from then on
   * @param firstOctet of the response, from then on
   * @param certificateExpires the end of the target's own certificate's validity
   */
  public record Measures(
      @Nullable Duration connect,
      @Nullable Duration handshake,
      @Nullable Duration firstOctet,
      @Nullable Instant certificateExpires) {
    /** Nothing measured. */
    public static final Measures NONE = new Measures(null, null, null, null);
  }

  /** What a probe can say about its target. */
  public enum Outcome {
    /** The target works. */
    PASS("Success"),
    /** The target does not work. */
    FAIL("Failure"),
    /** Nothing: the trouble is on this side, and no verdict may come of it. */
    UNKNOWN("Unknown");

    private final String word;

    Outcome(String word) {
      this.word = word;
    }
  }

  /** Every finding, with the outcome that it means. */
  public enum Reason {
    /** Everything asked for was there. */
    OK(Outcome.PASS),
    /** No connection before the deadline. */
    CONNECT_TIMEOUT(Outcome.FAIL),
    /** The target's host answered that nobody listens. */
    CONNECT_REFUSED(Outcome.FAIL),
    /** Any other way not to connect, such as a host that is unreachable. */
    CONNECT_FAILED(Outcome.FAIL),
    /** The target closed or reset the connection before it had answered. */
    CONNECTION_CLOSED(Outcome.FAIL),
    /** TLS could not be agreed on. */
    TLS_FAILED(Outcome.FAIL),
    /** The certificate is expired, for another name, or from nobody trusted. */
    CERTIFICATE_INVALID(Outcome.FAIL),
    /** Connected, but not answered before the deadline. */
    RESPONSE_TIMEOUT(Outcome.FAIL),
    /** The certificate is valid, but not for as long as the check asks for. */
    CERTIFICATE_EXPIRING(Outcome.FAIL),
    /** What came is no response of the protocol that was spoken. */
    RESPONSE_MALFORMED(Outcome.FAIL),
    /** The response header is larger than any check reads. */
    RESPONSE_TOO_LARGE(Outcome.FAIL),
    /** A status code that was not expected. */
    HTTP_STATUS(Outcome.FAIL),
    /** The body does not have the search string where it is looked for. */
    SEARCH_STRING_MISSING(Outcome.FAIL),
    /** The response is well-formed, but does not say what the check expects. */
    RESPONSE_UNEXPECTED(Outcome.FAIL),
    /** The metric is on the wrong side of its threshold. */
    METRIC_BREACH(Outcome.FAIL),
    /** There is no data that a verdict could come of, and the check says to wait for some. */
    INSUFFICIENT_DATA(Outcome.UNKNOWN),
    /** The target's name is known to have no address that may be probed. */
    NAME_UNRESOLVED(Outcome.FAIL),
    /** Not known yet what the target's name resolves to. */
    NAME_UNKNOWN(Outcome.UNKNOWN),
    /** Another system, or the target itself, says that it does not work, or says nothing more. */
    REPORTED_DOWN(Outcome.FAIL),
    /** A program that was run says no. */
    COMMAND_FAILED(Outcome.FAIL),
    /** This machine lacks a socket, a port, a route or a permission. */
    LOCAL_TROUBLE(Outcome.UNKNOWN),
    /** This process was not running, or not keeping up, during the probe. */
    CHECKER_STALLED(Outcome.UNKNOWN);

    private final Outcome outcome;

    Reason(Outcome outcome) {
      this.outcome = outcome;
    }

    /** What the finding means. */
    public Outcome outcome() {
      return outcome;
    }
  }

  /** What the finding means. */
  public Outcome outcome() {
    return reason.outcome();
  }

  /**
   * {@code Success: HTTP Status Code 200, OK}: the form of Route 53's StatusReport, whose first
   * word is what programs look at.
   */
  public String text() {
    return outcome().word + ": " + detail;
  }
}
