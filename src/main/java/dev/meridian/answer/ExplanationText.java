package dev.meridian.answer;

import dev.meridian.answer.Explanation.Link;
import dev.meridian.geo.Location;
import dev.meridian.net.Prefix;
import dev.meridian.policy.Explained;
import dev.meridian.policy.Explained.Standing;
import dev.meridian.rr.RRType;
import dev.meridian.wire.Rcode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/** An explanation for a terminal. */
public final class ExplanationText {
  private final StringBuilder out = new StringBuilder();
  private final IntFunction<String> healthText;

  private ExplanationText(IntFunction<String> healthText) {
    this.healthText = healthText;
  }

  /**
   * Renders an explanation.
   *
   * @param healthText for the number of a health check: its state, since when, and why
   */
  public static String of(Explanation explanation, IntFunction<String> healthText) {
    ExplanationText text = new ExplanationText(healthText);
    text.explain(explanation);
    return text.out.toString();
  }

  private void explain(Explanation explanation) {
    line("question  " + explanation.name() + " " + RRType.toText(explanation.type()));
    line("client    " + explanation.client());
    line("place     " + place(explanation));
    line("rcode     " + Rcode.toText(explanation.rcode()));
    answers(explanation);
    chances(explanation.outcome());
    line("scope     /" + explanation.scopeLength() + "  " + explanation.scopeReason());
    for (Link link : explanation.links()) {
      link(link);
    }
  }

  private void answers(Explanation explanation) {
    String label = "answer    ";
    for (Link link : explanation.links()) {
      for (AnswerRecord record : link.records()) {
        line(label + record);
        label = "          ";
      }
    }
    if (label.startsWith("answer")) {
      line(label + "none: " + explanation.links().getLast().outcome());
    }
  }

  /** Where dice have a say, all that they can come to, the likeliest first. */
  private void chances(Outcome outcome) {
    if (!outcome.isRandom()) {
      return;
    }
    List<String> parts = new ArrayList<>();
    outcome.endpoints().entrySet().stream()
        .filter(each -> each.getValue() > 0)
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .forEach(each -> parts.add(each.getKey() + " " + percent(each.getValue())));
    outcome.endings().entrySet().stream()
        .filter(each -> each.getKey() != Outcome.Ending.ANSWER)
        .forEach(each -> parts.add(each.getKey() + " " + percent(each.getValue())));
    line("chances   " + String.join(", ", parts));
  }

  private static String percent(double share) {
    String text = String.format(Locale.ROOT, share < 0.1 ? "%.2f" : "%.1f", share * 100);
    return text.replaceAll("\\.?0+$", "") + "%";
  }

  private static String place(Explanation explanation) {
    Location place = explanation.place().location();
    String asn = explanation.place().asNumber() == 0 ? "" : ", AS" + explanation.place().asNumber();
    if (place.equals(Location.UNKNOWN)) {
      return "unknown" + asn + "  (" + explanation.geo() + ")";
    }
    String subdivision = place.subdivision().isEmpty() ? "" : "-" + place.subdivision();
    String district = place.district().isEmpty() ? "" : "/" + place.district();
    String city = place.city().isEmpty() ? "" : " " + place.city();
    String at =
        place.coordinates() == null
            ? ""
            : String.format(
                Locale.ROOT,
                " at %.1f, %.1f",
                place.coordinates().latitude(),
                place.coordinates().longitude());
    Prefix matched = explanation.place().prefix();
    return place.country()
        + subdivision
        + district
        + city
        + ", continent "
        + place.continent()
        + at
        + asn
        + ", matched "
        + matched
        + "  ("
        + explanation.geo()
        + ")";
  }

  private void link(Link link) {
    line("");
    String zone = link.zone() == null ? "" : "  (zone " + link.zone() + ")";
    line(link.name() + zone + ": " + link.outcome());
    if (link.policy() != null) {
      node(link.policy(), "  ");
    }
    if (!link.ttlReason().isEmpty()) {
      line("  TTL: " + link.ttlReason());
    }
  }

  private void node(Explained node, String indent) {
    if (node.kind() == Explained.Kind.ENDPOINT) {
      if (node.healthCheck() >= 0) {
        line(indent + "check " + healthText.apply(node.healthCheck()));
      }
      return;
    }
    line(indent + node.what() + (node.healthy() ? "" : "  (nothing healthy inside)"));
    for (Explained.Branch branch : node.branches()) {
      branch(branch, indent + "  ");
    }
  }

  private void branch(Explained.Branch branch, String indent) {
    String selector = branch.selector().isEmpty() ? "" : " [" + branch.selector() + "]";
    line(indent + mark(branch) + " " + branch.id() + selector + ": " + branch.reason());
    if (branch.healthCheck() >= 0) {
      line(indent + "    own check " + healthText.apply(branch.healthCheck()));
    }
    if (branch.node() != null) {
      node(branch.node(), indent + "    ");
    }
  }

  private static String mark(Explained.Branch branch) {
    if (branch.standing() == Standing.DRAWN) {
      return String.format(Locale.ROOT, "%3.0f%%", branch.share() * 100);
    }
    return switch (branch.standing()) {
      case CHOSEN -> "=>";
      case RESERVE -> " .";
      case UNHEALTHY -> " x";
      default -> " -";
    };
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
