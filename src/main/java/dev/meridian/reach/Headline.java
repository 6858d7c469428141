package dev.meridian.reach;

import dev.meridian.text.Count;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/**
 * One sentence that says how things are: {@code 2 of 14 checks are down; www.example.com answers
 * from 1 of 2 endpoints; Europe is affected}.
 */
public final class Headline {
  private static final Map<String, String> CONTINENTS =
      Map.of(
          "AF", "Africa",
          "AN", "Antarctica",
          "AS", "Asia",
          "EU", "Europe",
          "NA", "North America",
          "OC", "Oceania",
          "SA", "South America");

  /** Antarctica has few clients: without it, all are all. */
  private static final int ALL = CONTINENTS.size() - 1;

  private Headline() {}

  /** The sentence for a situation. */
  public static String of(Situation situation) {
    StringBuilder text = new StringBuilder(checks(situation));
    List<RoutedName> hit =
        situation.reach().names().stream()
            .filter(name -> situation.differs(name) || situation.failsOpen(name))
            .toList();
    if (hit.isEmpty()) {
      return text.append("; ").append(unaffected(situation)).toString();
    }
    text.append("; ").append(answers(situation, worst(situation, hit)));
    int others = Situation.owners(hit) - 1;
    if (others > 0) {
      text.append(", and ")
          .append(Count.of(others, "other name"))
          .append(" otherwise than planned");
    }
    return text.append("; ").append(continents(situation.continents())).toString();
  }

  private static String checks(Situation situation) {
    if (situation.checks() == 0) {
      return "No health checks are defined";
    }
    if (situation.down() == 0 && situation.held() == 0) {
      return situation.checks() == 1
          ? "The only check is up"
          : "All " + situation.checks() + " checks are up";
    }
    return situation.down()
        + " of "
        + Count.of(situation.checks(), "check")
        + (situation.down() == 1 ? " is down" : " are down")
        + (situation.held() == 0 ? "" : ", " + situation.held() + " more fail and are held up");
  }

  private static String unaffected(Situation situation) {
    int names = Situation.owners(situation.reach().names());
    if (names == 0) {
      return "no name is routed";
    }
    String all =
        names == 1 ? "the only routed name answers" : "all " + names + " routed names answer";
    return situation.down() == 0 ? all + " as planned" : all + " as if nothing were down";
  }

  private static RoutedName worst(Situation situation, List<RoutedName> hit) {
    return hit.stream()
        .max(
            Comparator.comparing((RoutedName name) -> isLost(situation, name))
                .thenComparingDouble(situation::moved))
        .orElseThrow();
  }

  private static boolean isLost(Situation situation, RoutedName name) {
    return situation.failsOpen(name) || situation.leavesUnanswered(name);
  }

  private static String answers(Situation situation, RoutedName name) {
    String owner = Reach.text(name.owner());
    if (situation.failsOpen(name)) {
      return owner + " answers with unhealthy endpoints, as nothing healthy is left";
    }
    int now = situation.now(name).answering();
    if (situation.leavesUnanswered(name)) {
      return owner
          + (now == 0 ? " has no answer" : " has no answer for some")
          + ", as nothing healthy is left";
    }
    int best = situation.reach().best(name).answering();
    return now < best
        ? owner + " answers from " + now + " of " + Count.of(best, "endpoint")
        : owner + " answers from elsewhere";
  }

  /** {@code Europe and Asia are affected}. */
  private static String continents(SortedSet<String> codes) {
    List<String> names =
        codes.stream().filter(CONTINENTS::containsKey).map(Headline::continent).toList();
    if (names.isEmpty() || names.size() >= ALL) {
      return names.isEmpty()
          ? "clients nobody can place are affected"
          : "all the world is affected";
    }
    if (names.size() == 1) {
      return names.getFirst() + " is affected";
    }
    String first = String.join(", ", names.subList(0, names.size() - 1));
    return first + " and " + names.getLast() + " are affected";
  }

  /** The name of a continent by its code; the code if there is none. */
  public static String continent(String code) {
    return CONTINENTS.getOrDefault(code, code);
  }
}
