package dev.meridian.analysis;

import dev.meridian.answer.Outcome;
import dev.meridian.answer.Outcome.Ending;
import dev.meridian.load.RoutingTest.Bound;
import dev.meridian.load.RoutingTest.Expectation;
import dev.meridian.wire.Rcode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Holds what is so to what is expected. */
final class Verdicts {
  /** {@code answer: none}. */
  static final String NONE = "none";

  private final Expectation expected;
  private final List<String> wrong = new ArrayList<>();

  Verdicts(Expectation expected) {
    this.expected = expected;
  }

  /** What is not as expected for one client, as sentences. */
  List<String> wrong(Outcome outcome) {
    answer(outcome);
    never(outcome);
    shares(outcome);
    bound("TTL", expected.ttl(), outcome.ttls());
    bound("scope", expected.scope(), outcome.scopes());
    rcode(outcome);
    records(outcome);
    return wrong;
  }

  /**
   * What is expected and never comes.
   *
   * @param endpoints that some client may be answered with
   * @param records that some client may get
   */
  List<String> missing(Set<String> endpoints, Set<String> records) {
    List<String> missing = new ArrayList<>();
    List<String> answer = expected.answer();
    if (answer != null && !isNone(answer)) {
      for (String id : answer) {
        if (!endpoints.contains(id)) {
          missing.add(
              "'" + id + "' is expected, but nobody is answered with it; answered: " + endpoints);
        }
      }
    }
    List<String> lines = expected.records();
    if (lines != null) {
      for (String text : lines) {
        if (records.stream().noneMatch(record -> matches(text, record))) {
          missing.add(
              "record '" + text + "' is expected, but nobody gets it; there are " + records);
        }
      }
    }
    return missing;
  }

  private static boolean isNone(List<String> answer) {
    return answer.equals(List.of(NONE));
  }

  private void answer(Outcome outcome) {
    List<String> answer = expected.answer();
    if (answer == null) {
      return;
    }
    if (isNone(answer)) {
      if (outcome.chance(Ending.NODATA) < 1) {
        wrong.add("no answer is expected, got " + describe(outcome));
      }
    } else if (!answer.containsAll(outcome.endpoints().keySet())
        || outcome.chance(Ending.ANSWER) < 1) {
      wrong.add("expected " + String.join(" or ", answer) + ", got " + describe(outcome));
    }
  }

  private void never(Outcome outcome) {
    for (String id : expected.never()) {
      Double share = outcome.endpoints().get(id);
      if (share != null) {
        wrong.add("never " + id + " is expected, got " + describe(outcome));
      }
    }
  }

  private void shares(Outcome outcome) {
    new TreeMap<>(expected.shares())
        .forEach(
            (id, share) -> {
              double is = outcome.endpoints().getOrDefault(id, 0.0);
              if (Math.abs(is - share) > expected.tolerance() + 1e-12) {
                wrong.add(
                    "share of " + id + ": expected " + percent(share) + ", is " + percent(is));
              }
            });
  }

  private void bound(String what, @Nullable Bound bound, Outcome.Range is) {
    if (bound != null && !bound.holds(is.low(), is.high())) {
      String range = is.low() == is.high() ? "" + is.low() : is.low() + " to " + is.high();
      wrong.add(what + ": expected " + bound + ", is " + range);
    }
  }

  private void rcode(Outcome outcome) {
    String rcode = expected.rcode();
    if (rcode == null) {
      return;
    }
    for (Ending ending : outcome.endings().keySet()) {
      String is = Rcode.toText(ending.rcode());
      if (!is.equals(rcode)) {
        wrong.add("expected " + rcode + ", got " + describe(outcome));
        return;
      }
    }
  }

  private void records(Outcome outcome) {
    List<String> lines = expected.records();
    if (lines == null) {
      return;
    }
    for (String record : outcome.records().keySet()) {
      if (lines.stream().noneMatch(text -> matches(text, record))) {
        wrong.add("record '" + record + "' is not expected");
      }
    }
  }

  /** With or without the type in front. */
  private static boolean matches(String text, String record) {
    return record.equals(text) || record.substring(record.indexOf(' ') + 1).equals(text);
  }

  /** What is answered, in a few words. */
  static String describe(Outcome outcome) {
    List<String> parts = new ArrayList<>();
    Map<String, Double> shown =
        outcome.endpoints().isEmpty() ? outcome.records() : outcome.endpoints();
    shown.forEach((id, share) -> parts.add(share < 1 ? id + " (" + percent(share) + ")" : id));
    outcome
        .endings()
        .forEach(
            (ending, chance) -> {
              if (ending != Ending.ANSWER) {
                parts.add(chance < 1 ? ending + " (" + percent(chance) + ")" : ending.name());
              }
            });
    return String.join(", ", parts);
  }

  /** {@code 25%}, {@code 0.5%}, {@code 33.33%}. */
  static String percent(double share) {
    String text = String.format(Locale.ROOT, share * 100 < 1 ? "%.3f" : "%.2f", share * 100);
    return (text.contains(".") ? text.replaceAll("\\.?0+$", "") : text) + "%";
  }
}
