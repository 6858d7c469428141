package dev.meridian.analysis;

import dev.meridian.analysis.Comparison.NameChange;
import dev.meridian.analysis.Comparison.What;
import dev.meridian.analysis.Comparison.ZoneChange;
import dev.meridian.config.GateRule;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.load.RoutingTest;
import dev.meridian.rr.RRType;
import dev.meridian.source.Problem;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import dev.meridian.zone.Lookup;
import dev.meridian.zone.Zones;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a set of zones that compiles may take the place of the one that serves. Files can
 * be free of errors and still be a disaster; what people do every day passes.
 *
 * <pre>
 * a test of the zone folder fails, or cannot be read           held back
 * a serial goes backwards (RFC 1982)                           held back
 * a zone file alone is gone, or one zone in a hundred          held back
 * a zone is gone with its policies or its tests                passes
 * an RRset is gone that is at an apex (but TXT), a wildcard's,
 *   a delegation's, was answered by policy, or that other
 *   records still lead to                                      held back
 * some clients who were answered by policy get no answer       held back
 * the last healthy endpoint of a name is gone                  held back
 * all addresses of a name become 0.0.0.0, loopback or the like held back
 * no name server of a zone stays                               held back
 * a TTL rises to more than a day, ten times what it was        held back
 * more than a share of answers change, or of RRsets are gone   held back
 * more than that share of a zone's clients may no longer ask   held back
 * another geo database has more than a share of the clients of
 *   policies answered otherwise                                held back
 * anything else                                                passes
 * </pre>
 *
 * A gate remembers nothing but the size of the address space; owned by one thread.
 */
public final class PublishGate {
  private static final long DAY = 86_400;

  /** Runs of a partition that tells no clients apart. */
  private static final int FAMILIES = 2;

  /** Files of so small a part of all zones come and go every day where there are many. */
  private static final double FEW_ZONES = 0.01;

  /**
   * Why a set is held back.
   *
   * @param place of a test; else the whole folder
   * @param sentence says what, and of which name
   */
  public record Reason(GateRule rule, RoutingTest.Place place, String sentence) {
    /** As a problem of the folder. */
    public Problem problem(Problem.Severity severity) {
      String message = rule.word() + ": " + sentence;
      return new Problem(place.file(), place.line(), place.column(), severity, message);
    }
  }

  /**
   * How much may change at once.
   *
   * @param maxAffected share of the answers, 0 to 1
   * @param maxRemoved share of the RRsets, 0 to 1
   * @param maxMovedByGeo share of the clients of names that are answered by policy, 0 to 1
   * @param always this many RRsets may change or go whatever their share: zones can be small
   */
  public record Limits(double maxAffected, double maxRemoved, double maxMovedByGeo, int always) {
    /** Three tenths of the answers, a tenth of the RRsets and of geography, and four RRsets. */
    public static final Limits DEFAULT = new Limits(0.3, 0.1, 0.1, 4);
  }

  private static final RoutingTest.Place FOLDER = new RoutingTest.Place(".", 1, 1);

  private final Limits limits;
  private @Nullable Measured measured;

  /** The address space as a geo database has it; measuring it takes longer than most judgements. */
  private record Measured(GeoDatabase geo, AddressSpace space) {}

  /** A gate that has these limits. */
  public PublishGate(Limits limits) {
    this.limits = limits;
  }

  /**
   * Judges a set.
   *
   * @param before what serves
   * @param after what is to take its place; not wrong, and of the same registry
   * @param live the state of health at this moment
   * @return why it should not; empty: it may
   */
  public List<Reason> judge(Revision before, Revision after, EligibilitySnapshot live) {
    return new Case(before, after, live, space(after.set().space().geo())).judge();
  }

  /** Does beforehand what the first judgement of a geo database takes longest for. */
  public void prepare(GeoDatabase geo) {
    var _ = space(geo);
  }

  private AddressSpace space(GeoDatabase geo) {
    Measured known = measured;
    if (known == null || known.geo != geo) {
      known = new Measured(geo, new AddressSpace(geo));
      measured = known;
    }
    return known.space;
  }

  /** One set that is judged. */
  private final class Case {
    private final Revision before;
    private final Revision after;
    private final AddressSpace space;
    private final Comparison comparison;
    private final Set<DomainName> gone = new HashSet<>();
    private final List<Reason> reasons = new ArrayList<>();

    Case(Revision before, Revision after, EligibilitySnapshot live, AddressSpace space) {
      this.before = before;
      this.after = after;
      this.space = space;
      comparison = SetComparison.anywhere(before, after, live, space);
      for (ZoneChange zone : comparison.zones()) {
        if (zone.what() == What.REMOVED) {
          gone.add(zone.apex());
        }
      }
    }

    List<Reason> judge() {
      tests();
      comparison.zones().forEach(this::zone);
      References references = new References(after.set().zones());
      comparison.names().forEach(name -> name(name, references));
      limits();
      geography();
      return List.copyOf(reasons);
    }

    private void hold(GateRule rule, String sentence) {
      reasons.add(new Reason(rule, FOLDER, sentence));
    }

    private void tests() {
      after.tests().problems().list().stream().filter(Problem::isError).forEach(this::testFails);
      List<RoutingTest> tests = after.tests().tests();
      if (tests.isEmpty()) {
        return;
      }
      TestRunner runner = new TestRunner(after, space);
      runner.problems(tests).forEach(this::testFails);
      for (RoutingTest test : tests) {
        TestResult result = runner.run(test);
        if (!result.passed()) {
          String sentence = result.failures().getFirst().sentence();
          reasons.add(new Reason(GateRule.TEST_FAILS, test.place(), sentence));
        }
      }
    }

    private void testFails(Problem problem) {
      RoutingTest.Place place =
          new RoutingTest.Place(problem.file(), problem.line(), problem.column());
      reasons.add(new Reason(GateRule.TEST_FAILS, place, problem.message()));
    }

    /** Who is meant to be kept out is seldom nearly everybody. */
    private void access(ZoneChange zone, AccessChange access) {
      if (access.lost().mean() > limits.maxAffected()) {
        hold(
            GateRule.TOO_MUCH_CHANGES,
            "zone "
                + zone.apex()
                + ": allow-query would refuse "
                + Verdicts.percent(access.lost().mean())
                + " of the clients that it answers, more than "
                + Verdicts.percent(limits.maxAffected()));
      }
    }

    private void zone(ZoneChange zone) {
      zone.access().ifPresent(access -> access(zone, access));
      if (zone.what() == What.REMOVED) {
        boolean many = gone.size() > FEW_ZONES * before.set().zones().size();
        if (many && !isGoneAsAWhole(zone.apex())) {
          hold(
              GateRule.ZONE_GONE,
              "zone " + zone.apex() + " is gone; its names would be answered with REFUSED");
        }
      } else if (zone.isBackwards()) {
        hold(
            GateRule.SERIAL_BACKWARDS,
            "zone "
                + zone.apex()
                + ": serial "
                + zone.newSerial()
                + " is before "
                + zone.oldSerial()
                + "; secondaries would not take it (RFC 1982)");
      }
    }

    /** Who takes out what belongs to a zone, too, means it; one file can get lost. */
    private boolean isGoneAsAWhole(DomainName apex) {
      Zones zones = before.set().zones();
      boolean hadPolicies = !zones.get(zones.indexOf(apex)).endpoints().isEmpty();
      boolean hadTests =
          before.tests().tests().stream().anyMatch(test -> test.question().isAtOrBelow(apex));
      return hadPolicies || hadTests; // those that are left behind are errors, or fail
    }

    private void name(NameChange name, References references) {
      if (isOfZoneThatIsGone(name.name())) {
        return;
      }
      String label = name.name() + " " + RRType.toText(name.type());
      if (name.what() == What.REMOVED) {
        String why = references.whyMissed(name);
        if (!why.isEmpty()) {
          hold(GateRule.RRSET_EMPTIED, label + " is gone, and " + why);
        }
        return;
      }
      answers(name, label);
      if (name.what() != What.ADDED
          && name.newTtls().high() > DAY
          && name.newTtls().high() >= 10 * Math.max(1, name.oldTtls().high())) {
        hold(
            GateRule.TTL_TRAP,
            label
                + ": TTL "
                + name.oldTtls().high()
                + " -> "
                + name.newTtls().high()
                + "; a mistake in it could not be taken back for as long");
      }
    }

    private boolean isOfZoneThatIsGone(DomainName owner) {
      if (gone.isEmpty()) {
        return false;
      }
      LookupName name = new LookupName();
      name.set(owner.toWire(), 0);
      int zone = before.set().zones().find(name, 0);
      return zone != Lookup.NONE && gone.contains(before.set().zones().get(zone).apex());
    }

    private void answers(NameChange name, String label) {
      for (Flow flow : name.flows()) {
        if (Side.isNoAnswer(flow.to()) && !Side.isNoAnswer(flow.from())) {
          hold(
              GateRule.RRSET_EMPTIED,
              label + ": clients of " + flow.from() + " would get " + flow.to());
          break;
        }
      }
      if (name.losesLastHealthy()) {
        hold(
            GateRule.LAST_HEALTHY_GONE,
            label + ": some clients would be left with nothing that is healthy now");
      }
      if (name.leadsNowhere()) {
        hold(
            GateRule.LEADS_NOWHERE,
            label + ": all of its addresses would be such as lead to nobody");
      }
      if (name.type() == RRType.NS && name.what() == What.ANSWERS && name.sharesNothing()) {
        hold(
            GateRule.NAME_SERVERS_REPLACED,
            label + ": none of the name servers stays; the delegation is to the old ones");
      }
    }

    private void limits() {
      double affected =
          comparison.names().stream()
              .filter(name -> name.type() != RRType.TXT) // nobody is led by it
              .mapToDouble(NameChange::answersLost)
              .sum();
      double share = comparison.compared() == 0 ? 0 : affected / comparison.compared();
      if (share > limits.maxAffected() && affected > limits.always()) {
        hold(
            GateRule.TOO_MUCH_CHANGES,
            Verdicts.percent(share)
                + " of the answers would be others, more than "
                + Verdicts.percent(limits.maxAffected()));
      }
      long removed =
          comparison.names().stream().filter(name -> name.what() == What.REMOVED).count();
      if (removed > Math.max(limits.always(), limits.maxRemoved() * comparison.compared())) {
        hold(
            GateRule.TOO_MUCH_IS_GONE,
            removed
                + " of "
                + comparison.compared()
                + " RRsets would be gone, more than "
                + Verdicts.percent(limits.maxRemoved()));
      }
    }

    private void geography() {
      if (before.set().space().geo() == after.set().space().geo()) {
        return;
      }
      long routed = 0;
      Zones zones = after.set().zones();
      for (int i = 0; i < zones.size(); i++) {
        for (int j = 0; j < zones.get(i).routedCount(); j++) {
          routed += zones.get(i).routed(j).classes().runs() > FAMILIES ? 1 : 0;
        }
      }
      double moved =
          comparison.names().stream()
              .filter(name -> name.wasRouted() && name.what() == What.ANSWERS)
              .mapToDouble(name -> name.affected().mean())
              .sum();
      if (routed > 0 && moved / routed > limits.maxMovedByGeo()) {
        hold(
            GateRule.GEO_MOVES_TOO_MUCH,
            "the geo database is another, and "
                + Verdicts.percent(moved / routed)
                + " of the clients of policies would be answered otherwise, more than "
                + Verdicts.percent(limits.maxMovedByGeo())
                + "; before: "
                + before.set().space().geo().description());
      }
    }
  }
}
