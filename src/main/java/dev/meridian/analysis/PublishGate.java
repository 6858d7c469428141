package dev.meridian.analysis;

import dev.meridian.analysis.Comparison.NameChange;
import dev.meridian.analysis.Comparison.What;
import dev.meridian.analysis.Comparison.ZoneChange;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.load.Problem;
import dev.meridian.load.RoutingTest;
import dev.meridian.rr.RRType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Decides whether a set of zones that compiles may take the place of the one that serves. Files can
 * be free of errors and still be a disaster; what people do every day passes.
 *
 * <pre>
 * a test of the zone folder fails                              refused
 * a serial goes backwards (RFC 1982)                           refused
 * a zone is gone                                               refused
 * an RRset is gone that is at an apex, was answered by policy,
 *   or that other records still lead to                        refused
 * some clients who were answered by policy get no answer       refused
 * the last healthy endpoint of a name is gone                  refused
 * no name server of a zone stays                               refused
 * a TTL rises to more than a day, ten times what it was        refused
 * more than a share of answers change, or of RRsets are gone   refused
 * anything else                                                passes
 * </pre>
 *
 * A pure function; owned by nobody.
 */
public final class PublishGate {
  private static final long DAY = 86_400;

  private PublishGate() {}

  /** Why a set is refused. */
  public enum Rule {
    TEST_FAILS,
    SERIAL_BACKWARDS,
    ZONE_GONE,
    RRSET_EMPTIED,
    LAST_HEALTHY_GONE,
    NAME_SERVERS_REPLACED,
    TTL_TRAP,
    TOO_MUCH_CHANGES,
    TOO_MUCH_IS_GONE;

    /** As people and metrics call it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** One reason, with a sentence that says where it is. */
  public record Reason(Rule rule, String sentence) {}

  /**
   * What came out.
   *
   * @param reasons none: the set may be published
   */
  public record Verdict(List<Reason> reasons) {
    /** Copies the list. */
    public Verdict {
      reasons = List.copyOf(reasons);
    }

    /** Whether the set may be published. */
    public boolean passes() {
      return reasons.isEmpty();
    }
  }

  /**
   * How much may change at once.
   *
   * @param maxAffected share of the answers, 0 to 1
   * @param maxRemoved share of the RRsets, 0 to 1
   * @param always this many RRsets may change or go whatever their share: zones can be small
   */
  public record Limits(double maxAffected, double maxRemoved, int always) {
    /** A quarter of the answers, a tenth of the RRsets, and four of either. */
    public static final Limits DEFAULT = new Limits(0.25, 0.10, 4);
  }

  /**
   * Judges a set.
   *
   * @param before what serves
   * @param after what is to take its place; not wrong, of the same registry and geo database
   * @param live the state of health at this moment
   * @param queries real queries to count changes by; may be empty
   */
  public static Verdict judge(
      Revision before,
      Revision after,
      EligibilitySnapshot live,
      Limits limits,
      Map<LoggedQuery, Long> queries) {
    Comparison comparison = SetComparison.of(before, after, queries, live);
    List<Reason> reasons = new ArrayList<>();
    tests(after, reasons);
    comparison.zones().forEach(zone -> zone(zone, reasons));
    References references = new References(after.set().zones());
    for (NameChange name : comparison.names()) {
      name(name, references, reasons);
    }
    limits(comparison, limits, reasons);
    return new Verdict(reasons);
  }

  private static void tests(Revision after, List<Reason> reasons) {
    List<RoutingTest> tests = after.tests().tests();
    if (tests.isEmpty()) {
      return;
    }
    TestRunner runner = new TestRunner(after);
    List<Problem> problems = runner.problems(tests);
    problems.forEach(each -> reasons.add(new Reason(Rule.TEST_FAILS, each.toString())));
    for (RoutingTest test : tests) {
      TestResult result = runner.run(test);
      if (!result.passed()) {
        String sentence = result.failures().getFirst().sentence();
        reasons.add(new Reason(Rule.TEST_FAILS, test.place() + ": " + sentence));
      }
    }
  }

  private static void zone(ZoneChange zone, List<Reason> reasons) {
    if (zone.what() == What.REMOVED) {
      reasons.add(new Reason(Rule.ZONE_GONE, "zone " + zone.apex() + " is gone"));
    } else if (zone.isBackwards()) {
      reasons.add(
          new Reason(
              Rule.SERIAL_BACKWARDS,
              "zone "
                  + zone.apex()
                  + ": serial "
                  + zone.newSerial()
                  + " is before "
                  + zone.oldSerial()
                  + "; secondaries would not take it (RFC 1982)"));
    }
  }

  private static void name(NameChange name, References references, List<Reason> reasons) {
    String label = name.name() + " " + RRType.toText(name.type());
    if (name.what() == What.REMOVED) {
      String why = references.whyMissed(name);
      if (!why.isEmpty()) {
        reasons.add(new Reason(Rule.RRSET_EMPTIED, label + " is gone, and " + why));
      }
      return;
    }
    for (Flow flow : name.flows()) {
      if (Side.isNoAnswer(flow.to()) && !Side.isNoAnswer(flow.from())) {
        String sentence = label + ": clients of " + flow.from() + " would get " + flow.to();
        reasons.add(new Reason(Rule.RRSET_EMPTIED, sentence));
        break;
      }
    }
    if (name.losesLastHealthy()) {
      String sentence = label + ": some clients would be left with nothing that is healthy now";
      reasons.add(new Reason(Rule.LAST_HEALTHY_GONE, sentence));
    }
    if (name.type() == RRType.NS && name.what() == What.ANSWERS && name.sharesNothing()) {
      String sentence =
          label + ": none of the name servers stays; the delegation is to the old ones";
      reasons.add(new Reason(Rule.NAME_SERVERS_REPLACED, sentence));
    }
    if (name.what() != What.ADDED
        && name.newTtls().high() > DAY
        && name.newTtls().high() >= 10 * Math.max(1, name.oldTtls().high())) {
      String sentence =
          label
              + ": TTL "
              + name.oldTtls().high()
              + " -> "
              + name.newTtls().high()
              + "; a mistake in it could not be taken back for as long";
      reasons.add(new Reason(Rule.TTL_TRAP, sentence));
    }
  }

  private static void limits(Comparison comparison, Limits limits, List<Reason> reasons) {
    double affected = comparison.affected();
    boolean many = affected * comparison.compared() > limits.always();
    if (affected > limits.maxAffected() && (many || comparison.queries().isPresent())) {
      String sentence =
          Verdicts.percent(affected)
              + " of the answers would change, more than "
              + Verdicts.percent(limits.maxAffected());
      reasons.add(new Reason(Rule.TOO_MUCH_CHANGES, sentence));
    }
    long removed = comparison.names().stream().filter(name -> name.what() == What.REMOVED).count();
    if (removed > Math.max(limits.always(), limits.maxRemoved() * comparison.compared())) {
      String sentence = removed + " of " + comparison.compared() + " RRsets would be gone";
      reasons.add(new Reason(Rule.TOO_MUCH_IS_GONE, sentence));
    }
  }
}
