package dev.meridian.policy;

import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.Weight;
import dev.meridian.health.Weight.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How much of what it would take a branch takes: less while it starts slowly, or as a person
 * decided. What it leaves goes to those that would answer if it were down.
 *
 * <pre>
 * percent of a branch   the least of its own check's and, if it evaluates its target, what is
 *                       inside; 100 where nobody says
 * inside an endpoint    its check's
 * inside a group        the most of any that it would answer with: one that is warm is enough
 *
 * policy                what becomes of it, p of the branch, m the most in the pool
 * weighted, band        weight * p, or the number that a person set
 * multivalue            in the answers for p of m; those that take more are in the others
 * that ranks            takes p of m clients; the rest go on to the next in the pool
 * that spills           has room for p of what it has when all is healthy
 *
 * m = 0: as if nobody had said anything
 * </pre>
 *
 * A pure function of one state of health.
 */
final class Portions {
  private final EligibilitySnapshot eligibility;

  Portions(EligibilitySnapshot eligibility) {
    this.eligibility = eligibility;
  }

  /** Whether everything takes what policies say. */
  boolean areWhole() {
    return eligibility.isAsWritten();
  }

  /** Whether what a check watches takes what policies say. */
  boolean isWhole(int check) {
    return eligibility.weight(check) == null;
  }

  /** Of an endpoint by its check, in percent. */
  int ofCheck(int check) {
    Weight weight = eligibility.weight(check);
    return weight == null ? Weight.FULL : weight.percent();
  }

  /**
   * Of a branch, in percent.
   *
   * @param inside of what the branch leads to
   */
  int of(PlanNode.Branch branch, int inside) {
    int own = ofCheck(branch.candidate().healthCheck());
    return branch.candidate().evaluateTargetHealth() ? Math.min(own, inside) : own;
  }

  /** The weight of a branch in hundredths. */
  long weight(PlanNode.Branch branch, long written, int percent) {
    Weight decided = number(branch);
    return decided == null ? written * percent : decided.hundredths(written);
  }

  private @Nullable Weight number(PlanNode.Branch branch) {
    Weight own = said(branch.candidate().healthCheck(), Kind.NUMBER);
    boolean isOne = branch.candidate().evaluateTargetHealth() && branch.child().isLeaf();
    return own == null && isOne ? said(branch.child().healthCheck, Kind.NUMBER) : own;
  }

  private @Nullable Weight said(int check, Kind kind) {
    Weight weight = check == HealthRegistry.NONE ? null : eligibility.weight(check);
    return weight != null && weight.kind() == kind ? weight : null;
  }

  /** Each of several, the most of them 100; all 100 if none takes anything. */
  static <T> int[] relative(List<T> pool, ToIntFunction<T> percent) {
    int[] all = pool.stream().mapToInt(percent).toArray();
    int most = most(all);
    return Arrays.stream(all).map(p -> most == 0 ? Weight.FULL : p * Weight.FULL / most).toArray();
  }

  static int most(int[] percents) {
    return Arrays.stream(percents).max().orElse(Weight.FULL);
  }

  /** The different portions but nothing, in ascending order. */
  static int[] levels(int[] percents) {
    return IntStream.of(percents).filter(p -> p > 0).distinct().sorted().toArray();
  }

  /** What a person or time says of an endpoint, for people; empty if nobody does. */
  String text(PlanNode.Branch branch) {
    Weight own = eligibility.weight(branch.candidate().healthCheck());
    boolean isOne = branch.candidate().evaluateTargetHealth() && branch.child().isLeaf();
    Weight inside = isOne ? eligibility.weight(branch.child().healthCheck) : null;
    Weight weight = own == null ? inside : own;
    if (weight == null) {
      return "";
    }
    return switch (weight.kind()) {
      case SLOW_START -> "slow start, " + weight.word();
      case SHARE -> "override, " + weight.word();
      case NUMBER -> "override, weight " + weight.word();
    };
  }
}
