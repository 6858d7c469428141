package dev.meridian.health;

import dev.meridian.health.Hysteresis.Ratio;
import dev.meridian.wire.DomainName;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The definition of one monitored thing: one kind of probe at one address. An endpoint with an IPv4
 * and an IPv6 address has two.
 *
 * @param id says which it is to people and in the API, such as {@code example.com/fra-1/192.0.2.10}
 * @param address where probes connect to; {@link TargetGuard} says which ones are; null for one
 *     that is probed by name, or not over the network
 * @param kind what a probe does
 * @param settings how often, and how many results make a verdict
 * @param name resolved for each probe, to an address that {@link TargetGuard} lets pass; null for
 *     one that has an address, or is not probed over the network
 */
public record HealthCheck(
    String id,
    @Nullable InetAddress address,
    CheckKind kind,
    Settings settings,
    @Nullable DomainName name) {
  /** A check that is aimed at an address, or at nothing. */
  public HealthCheck(String id, @Nullable InetAddress address, CheckKind kind, Settings settings) {
    this(id, address, kind, settings, null);
  }

  /**
   * Checks the id and the target.
   *
   * @throws IllegalArgumentException with a sentence
   */
  public HealthCheck {
    if (id.isBlank()) {
      throw new IllegalArgumentException("a health check needs an id");
    }
    if (address != null && name != null) {
      throw new IllegalArgumentException("'" + id + "' has an address and a name; one is enough");
    }
    if ((address == null && name == null) == kind.isAimed()) {
      throw new IllegalArgumentException(
          kind.isAimed()
              ? "'" + id + "' needs an address to probe"
              : "'" + id + "' is of kind " + kind.word() + " and has no address of its own");
    }
  }

  /** Where a check that has an address is probed; never called for another. */
  public InetAddress probedAddress() {
    return Objects.requireNonNull(address, "this check has no address");
  }

  /** Where it is probed, for people; empty if that is nowhere. */
  public String target() {
    return address != null ? address.getHostAddress() : name != null ? name.toString() : "";
  }

  /** The same check at an address that its name has resolved to. */
  public HealthCheck at(InetAddress resolved) {
    return new HealthCheck(id, resolved, kind, settings, null);
  }

  /** Whether it has results of its own. */
  public boolean isProbed() {
    return !(kind instanceof CheckKind.Calculated) && !settings.disabled();
  }

  /**
   * The checks with each id once. The same definition may come twice, from two zones that share it.
   *
   * @throws IllegalArgumentException if two different definitions have one id
   */
  public static Collection<HealthCheck> distinct(Collection<HealthCheck> checks) {
    Map<String, HealthCheck> byId = new LinkedHashMap<>();
    for (HealthCheck check : checks) {
      HealthCheck other = byId.putIfAbsent(check.id, check);
      if (other != null && !other.equals(check)) {
        throw new IllegalArgumentException(
            "two different health checks have the id '" + check.id + "'");
      }
    }
    return Collections.unmodifiableCollection(byId.values());
  }

  /**
   * When probes are made, and how their results become a verdict.
   *
   * @param interval from the start of one probe to the start of the next; 1 s to 1 h
   * @param timeout the whole time of a probe, from connecting to the last octet needed; 1 ms to
   *     {@code interval}, so that probes of one check never overlap
   * @param failureThreshold consecutive failures that take a check down; 1-10
   * @param successThreshold consecutive passes that bring it back; 1-10
   * @param failureRatio failures that take it down without being consecutive; null: none do
   * @param inverted down when the probes say up, and up when they say down
   * @param disabled not probed and taken for up; together with {@code inverted}: held down
   * @param slowStart over which a target that came back gets its clients; 0 (at once) to 1 h
   */
  public record Settings(
      Duration interval,
      Duration timeout,
      int failureThreshold,
      int successThreshold,
      @Nullable Ratio failureRatio,
      boolean inverted,
      boolean disabled,
      Duration slowStart) {
    private static final Duration MIN_INTERVAL = Duration.ofSeconds(1);
    private static final Duration MAX_INTERVAL = Duration.ofHours(1);
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(1);

    /** Every 10 s, at most 4 s long, three results to change the verdict. */
    public static final Settings DEFAULT = builder().build();

    /** Settings of what gets all its clients at once when it is back. */
    public Settings(
        Duration interval,
        Duration timeout,
        int failureThreshold,
        int successThreshold,
        @Nullable Ratio failureRatio,
        boolean inverted,
        boolean disabled) {
      this(
          interval,
          timeout,
          failureThreshold,
          successThreshold,
          failureRatio,
          inverted,
          disabled,
          Duration.ZERO);
    }

    /**
     * Checks every range.
     *
     * @throws IllegalArgumentException with a sentence
     */
    public Settings {
      checkInterval(interval);
      checkTimeout(timeout);
      if (timeout.compareTo(interval) > 0) {
        throw new IllegalArgumentException(
            "the timeout of "
                + timeout.toMillis()
                + " ms is longer than the interval of "
                + interval.toMillis()
                + " ms");
      }
      checkThreshold("failure", failureThreshold);
      checkThreshold("success", successThreshold);
      checkSlowStart(slowStart);
    }

    /** What makes a verdict of results. */
    Hysteresis hysteresis() {
      return new Hysteresis(failureThreshold, successThreshold, failureRatio);
    }

    /** Starts from the defaults. */
    public static Builder builder() {
      return new Builder();
    }

    private static void checkInterval(Duration interval) {
      if (interval.compareTo(MIN_INTERVAL) < 0 || interval.compareTo(MAX_INTERVAL) > 0) {
        throw new IllegalArgumentException(
            "an interval of " + interval.toMillis() + " ms is not in 1 s to 1 h");
      }
    }

    private static void checkTimeout(Duration timeout) {
      if (timeout.compareTo(MIN_TIMEOUT) < 0) {
        throw new IllegalArgumentException(
            "a timeout of " + timeout.toNanos() + " ns is shorter than 1 ms");
      }
    }

    private static void checkSlowStart(Duration slowStart) {
      if (slowStart.isNegative() || slowStart.compareTo(MAX_INTERVAL) > 0) {
        throw new IllegalArgumentException(
            "a slow start of " + slowStart.toMillis() + " ms is not in 0 s to 1 h");
      }
    }

    private static void checkThreshold(String name, int threshold) {
      if (threshold < 1 || threshold > 10) {
        throw new IllegalArgumentException(
            "a " + name + " threshold of " + threshold + " is not in 1..10");
      }
    }
  }

  /**
   * Collects {@link Settings}, each checked when it is set, so that a reader of files can report it
   * there. What is not set has its default; the default timeout gives way to a shorter interval.
   */
  public static final class Builder {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(4);

    private Duration interval = Duration.ofSeconds(10);
    private @Nullable Duration timeout;
    private int failureThreshold = 3;
    private int successThreshold = 3;
    private Hysteresis.@Nullable Ratio failureRatio;
    private boolean inverted;
    private boolean disabled;
    private Duration slowStart = Duration.ZERO;

    private Builder() {}

    /** See {@link Settings#interval()}; default 10 s. */
    public Builder interval(Duration interval) {
      Settings.checkInterval(interval);
      this.interval = interval;
      return this;
    }

    /** See {@link Settings#timeout()}; default 4 s, or the interval if that is shorter. */
    public Builder timeout(Duration timeout) {
      Settings.checkTimeout(timeout);
      this.timeout = timeout;
      return this;
    }

    /** See {@link Settings#failureThreshold()}; default 3. */
    public Builder failureThreshold(int threshold) {
      Settings.checkThreshold("failure", threshold);
      this.failureThreshold = threshold;
      return this;
    }

    /** See {@link Settings#successThreshold()}; default 3. */
    public Builder successThreshold(int threshold) {
      Settings.checkThreshold("success", threshold);
      this.successThreshold = threshold;
      return this;
    }

    /** See {@link Settings#failureRatio()}; default none. */
    public Builder failureRatio(Hysteresis.Ratio ratio) {
      this.failureRatio = ratio;
      return this;
    }

    /** See {@link Settings#inverted()}; default false. */
    public Builder inverted(boolean inverted) {
      this.inverted = inverted;
      return this;
    }

    /** See {@link Settings#disabled()}; default false. */
    public Builder disabled(boolean disabled) {
      this.disabled = disabled;
      return this;
    }

    /** See {@link Settings#slowStart()}; default 0. */
    public Builder slowStart(Duration slowStart) {
      Settings.checkSlowStart(slowStart);
      this.slowStart = slowStart;
      return this;
    }

    /**
     * The settings.
     *
     * @throws IllegalArgumentException if the timeout is longer than the interval
     */
    public Settings build() {
      return new Settings(
          interval,
          effectiveTimeout(),
          failureThreshold,
          successThreshold,
          failureRatio,
          inverted,
          disabled,
          slowStart);
    }

    private Duration effectiveTimeout() {
      if (timeout != null) {
        return timeout;
      }
      return DEFAULT_TIMEOUT.compareTo(interval) < 0 ? DEFAULT_TIMEOUT : interval;
    }
  }
}
