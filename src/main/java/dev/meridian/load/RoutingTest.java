package dev.meridian.load;

import dev.meridian.source.Problem;
import dev.meridian.wire.DomainName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One test of {@code tests/*.yaml} in a zone folder: who asks what while what is down, and what has
 * to come of it.
 *
 * @param place where it is written
 * @param title what it is called; empty if it has no name
 * @param types asked for, one after the other
 * @param clients all of whom must be answered as expected
 * @param down selectors of health checks, see {@code HealthOverride.pattern}; the rest is up
 */
public record RoutingTest(
    Place place,
    String title,
    DomainName question,
    List<Integer> types,
    List<Clients> clients,
    List<Selector> down,
    Expectation expectation) {
  /** Copies the lists. */
  public RoutingTest {
    types = List.copyOf(types);
    clients = List.copyOf(clients);
    down = List.copyOf(down);
  }

  /** A position in a file relative to the zone folder. */
  public record Place(String file, int line, int column) {
    /** An error here. */
    public Problem error(String message) {
      return new Problem(file, line, column, Problem.Severity.ERROR, message);
    }

    @Override
    public String toString() {
      return file + ":" + line + ":" + column;
    }
  }

  /** Health checks that are down, and where that is written. */
  public record Selector(String text, Place place) {}

  /** What is expected; null and empty: anything. */
  public record Expectation(
      @Nullable List<String> answer,
      List<String> never,
      Map<String, Double> shares,
      double tolerance,
      @Nullable Bound ttl,
      @Nullable Bound scope,
      @Nullable String rcode,
      @Nullable List<String> records) {
    /** A quarter of a per cent either way. */
    public static final double DEFAULT_TOLERANCE = 0.0025;

    /** Copies the lists. */
    public Expectation {
      answer = answer == null ? null : List.copyOf(answer);
      never = List.copyOf(never);
      shares = Map.copyOf(shares);
      records = records == null ? null : List.copyOf(records);
    }
  }

  /** A condition on a number: {@code <= 60}, {@code >= 16}, {@code 30}. */
  public record Bound(String comparison, long number) {
    /** Whether all numbers from {@code low} to {@code high} fulfil it. */
    public boolean holds(long low, long high) {
      return switch (comparison) {
        case "<=" -> high <= number;
        case ">=" -> low >= number;
        default -> low == number && high == number;
      };
    }

    @Override
    public String toString() {
      return comparison.equals("=") ? Long.toString(number) : comparison + " " + number;
    }
  }
}
