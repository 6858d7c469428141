package dev.meridian.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A description of all in a tree that decides how it cuts the client space. Trees of equal shape,
 * whatever their endpoints, share one {@link Steering}.
 */
final class Shape {
  private Shape() {}

  static String of(PlanNode root) {
    StringBuilder text = new StringBuilder();
    describe(root, text);
    return text.toString();
  }

  private static void describe(PlanNode node, StringBuilder text) {
    if (!node.clientDependent) {
      return;
    }
    if (node.isAlias()) {
      describe(node.branches.getFirst().child(), text);
      return;
    }
    text.append(node.id).append('(');
    if (node.policy instanceof NearestFirst near && near.band() != null) {
      text.append("within ").append(near.band().within()).append(' ');
    }
    if (node.spills() && node.policy instanceof NearestFirst near) {
      text.append("spill");
      node.branches.forEach(b -> text.append(' ').append(near.capacity(b.position())));
      text.append(' ');
    }
    List<String> ids = node.branches.stream().map(b -> b.candidate().id()).sorted().toList();
    for (PlanNode.Branch branch : node.branches) {
      text.append(branch.position()).append(branch.isAlwaysHealthy() ? "!" : "?");
      text.append(selector(node.policy, branch));
      text.append(" #").append(ids.indexOf(branch.candidate().id())).append(' ');
      describe(branch.child(), text);
    }
    text.append(')');
  }

  /** What of the client a candidate is chosen by; the order of ids breaks ties beside it. */
  private static String selector(@Nullable RoutingPolicy policy, PlanNode.Branch branch) {
    int i = branch.position();
    return switch (policy) {
      case Geolocation p -> p.regions().get(i).key().toString();
      case Geoproximity p -> p.sites().get(i).coordinates() + " " + p.sites().get(i).bias();
      case Latency p -> quoted(p.sites().get(i).region()) + p.sites().get(i).coordinates();
      case IpBased p -> p.networks().get(i).blocks().toString();
      case null, default -> "";
    };
  }

  /** Names are free text: with its length in front none can pass for something else. */
  private static String quoted(String name) {
    return " " + name.length() + ":" + name;
  }
}
