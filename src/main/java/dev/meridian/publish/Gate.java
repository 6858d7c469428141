package dev.meridian.publish;

import dev.meridian.analysis.PublishGate;
import dev.meridian.analysis.PublishGate.Limits;
import dev.meridian.analysis.PublishGate.Reason;
import dev.meridian.analysis.Revision;
import dev.meridian.config.GateChoice;
import dev.meridian.config.GateRule;
import dev.meridian.config.ServerConfig;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.CompiledSet;
import dev.meridian.source.Problem;
import dev.meridian.source.Problem.Severity;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The {@link PublishGate} as it is configured: which of its reasons hold a set back, and which are
 * only told. Owned by the thread that loads.
 */
public final class Gate {
  /** What to do, for whoever reads that a set is held back. */
  private static final String ADVICE =
      "nothing is wrong in these files, but the publish gate holds them back: put right what is"
          + " named above, or, if it is meant, say: meridian reload --force --reason 'TEXT'";

  private final GateChoice choice;
  private final Set<GateRule> allowed;
  private final PublishGate rules;
  private final HealthRegistry registry;

  private Gate(GateChoice choice, Set<GateRule> allowed, Limits limits, HealthRegistry registry) {
    this.choice = choice;
    this.allowed = allowed;
    this.rules = new PublishGate(limits);
    this.registry = registry;
  }

  /** What a configuration asks for. */
  public static Gate of(ServerConfig config, HealthRegistry registry) {
    Limits usual = Limits.DEFAULT;
    Set<GateRule> allowed = EnumSet.noneOf(GateRule.class);
    allowed.addAll(config.gateAllow());
    return new Gate(
        config.gate(),
        allowed,
        new Limits(
            config.gateMaxChange(), usual.maxRemoved(), config.gateMaxGeoChange(), usual.always()),
        registry);
  }

  /** One that is never asked. */
  public static Gate open() {
    return new Gate(GateChoice.OFF, Set.of(), Limits.DEFAULT, new HealthRegistry());
  }

  /**
   * The problems of files that were held back by a server before this one.
   *
   * @param why the first reason
   */
  static List<Problem> stillHeldBack(String why) {
    return List.of(
        new Problem(".", 1, 1, Severity.ERROR, why),
        new Problem(".", 1, 1, Severity.WARNING, ADVICE));
  }

  /** Does beforehand what the first judgement of a geo database would take its time for. */
  void prepare(LoadedState served) {
    if (choice != GateChoice.OFF) {
      rules.prepare(served.space().geo());
    }
  }

  /**
   * What came out.
   *
   * @param problems errors for which the set is held back, or warnings
   */
  record Judgement(List<Problem> problems) {
    /** Copies the list. */
    Judgement {
      problems = List.copyOf(problems);
    }

    boolean holdsBack() {
      return problems.stream().anyMatch(Problem::isError);
    }
  }

  /**
   * Judges a set.
   *
   * @param before what is served
   * @param live the state of health at this moment
   * @param forced whether somebody has decided already: then there are warnings at most
   */
  Judgement judge(LoadedState before, LoadedState after, EligibilitySnapshot live, boolean forced) {
    if (choice == GateChoice.OFF) {
      return new Judgement(List.of());
    }
    List<Problem> problems = new ArrayList<>();
    boolean held = false;
    for (Reason reason : rules.judge(revision(before), revision(after), live)) {
      boolean tell = forced || choice == GateChoice.WARN || allowed.contains(reason.rule());
      problems.add(reason.problem(tell ? Severity.WARNING : Severity.ERROR));
      held |= !tell;
    }
    if (held) {
      problems.add(new Problem(".", 1, 1, Severity.WARNING, ADVICE));
    }
    return new Judgement(problems);
  }

  private Revision revision(LoadedState state) {
    CompiledSet set = new CompiledSet(state.zones(), state.checks(), state.space());
    return Revision.of(set, state.tests(), registry);
  }
}
