package dev.meridian.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.meridian.control.ShareTable;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthStatus;
import dev.meridian.policy.Explained;
import dev.meridian.policy.PolicyTree;
import dev.meridian.reach.ClientSample;
import dev.meridian.reach.EndpointKey;
import dev.meridian.reach.EndpointSite;
import dev.meridian.reach.NameShares;
import dev.meridian.reach.Reach;
import dev.meridian.reach.RoutedName;
import dev.meridian.reach.Situation;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Routed names: where everybody goes, and the policy that says so. */
final class NamesJson {
  private static final int MAX_SHARES = 6;

  /** A picture of more is no picture. */
  private static final int MAX_NODES = 2_000;

  private NamesJson() {}

  /** The list, those that are not as planned first. */
  static JsonBody list(Situation situation, Paging paging, boolean onlyAffected) {
    List<RoutedName> rows =
        situation.reach().names().stream()
            .filter(name -> paging.matches(Reach.text(name.owner())))
            .filter(name -> !onlyAffected || situation.differs(name))
            .sorted(Comparator.comparingInt(name -> urgency(situation, name)))
            .toList();
    return json -> {
      json.writeStartObject();
      paging.write(json, rows.size());
      json.writeArrayFieldStart("names");
      for (RoutedName name : paging.page(rows)) {
        row(json, situation, name);
      }
      json.writeEndArray();
      json.writeEndObject();
    };
  }

  private static int urgency(Situation situation, RoutedName name) {
    return situation.failsOpen(name) || situation.leavesUnanswered(name)
        ? 0
        : situation.differs(name) ? 1 : 2;
  }

  private static void row(JsonGenerator json, Situation situation, RoutedName name)
      throws IOException {
    json.writeStartObject();
    head(json, situation, name);
    shares(json, "shares", situation, name, situation.now(name).overall());
    json.writeEndObject();
  }

  private static void head(JsonGenerator json, Situation situation, RoutedName name)
      throws IOException {
    json.writeStringField("name", Reach.text(name.owner()));
    json.writeStringField("type", name.type());
    json.writeStringField("zone", Reach.text(situation.state().zones().get(name.zone()).apex()));
    json.writeStringField("policy", PolicyTree.of(name.rrset()).policy());
    json.writeNumberField("answering", situation.now(name).answering());
    json.writeNumberField("answeringAtBest", situation.reach().best(name).answering());
    json.writeNumberField("moved", SituationJson.rounded(situation.moved(name)));
    json.writeBooleanField("failOpen", situation.failsOpen(name));
    json.writeBooleanField("unanswered", situation.leavesUnanswered(name));
    json.writeBooleanField("clientDependent", name.rrset().isClientDependent());
  }

  /** The largest shares, by endpoint. */
  static void shares(
      JsonGenerator json, String field, Situation situation, RoutedName name, double[] byLeaf)
      throws IOException {
    List<Map.Entry<EndpointKey, Double>> largest =
        byEndpoint(name, byLeaf).entrySet().stream()
            .filter(each -> each.getValue() > 0.00005)
            .sorted(Map.Entry.<EndpointKey, Double>comparingByValue().reversed())
            .limit(MAX_SHARES)
            .toList();
    json.writeArrayFieldStart(field);
    for (Map.Entry<EndpointKey, Double> each : largest) {
      json.writeStartObject();
      json.writeStringField("endpoint", each.getKey().id());
      EndpointSite site = situation.reach().endpoints().get(each.getKey());
      if (site != null && site.region() != null) {
        json.writeStringField("region", site.region());
      }
      json.writeNumberField("share", SituationJson.rounded(each.getValue()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** An endpoint stands in several places of a tree, each with a share, if its TTLs differ. */
  private static Map<EndpointKey, Double> byEndpoint(RoutedName name, double[] byLeaf) {
    Map<EndpointKey, Double> sums = new LinkedHashMap<>();
    for (int leaf = 0; leaf < byLeaf.length; leaf++) {
      sums.merge(name.endpoints().get(leaf), byLeaf[leaf], Double::sum);
    }
    return sums;
  }

  private static Set<EndpointKey> healthy(RoutedName name, EligibilitySnapshot eligibility) {
    return IntStream.range(0, name.endpoints().size())
        .filter(leaf -> name.isHealthy(leaf, eligibility))
        .mapToObj(name.endpoints()::get)
        .collect(Collectors.toSet());
  }

  /** One name: its tree with the health of every node, and where each region goes. */
  static JsonBody detail(
      Situation situation, RoutedName name, HealthBoard board, ShareTable shares) {
    return json -> {
      json.writeStartObject();
      head(json, situation, name);
      json.writeFieldName("tree");
      new Tree(json, name, situation, board).node(PolicyTree.of(name.rrset()));
      endpoints(json, situation, name, shares);
      regions(json, situation, name);
      countries(json, situation, name);
      json.writeEndObject();
    };
  }

  private static void endpoints(
      JsonGenerator json, Situation situation, RoutedName name, ShareTable shares)
      throws IOException {
    Map<String, Long> chosen = new HashMap<>();
    shares
        .of(name.owner(), name.rrset().type())
        .forEach(row -> chosen.merge(row.endpoint(), row.recent(), Long::sum));
    if (!chosen.isEmpty()) {
      json.writeNumberField("observedSeconds", shares.window().toSeconds());
      json.writeNumberField("observedAnswers", sum(chosen));
    }
    Map<EndpointKey, Double> best = byEndpoint(name, situation.reach().best(name).overall());
    Set<EndpointKey> healthy = healthy(name, situation.state().eligibility());
    json.writeArrayFieldStart("endpoints");
    for (Map.Entry<EndpointKey, Double> each :
        byEndpoint(name, situation.now(name).overall()).entrySet()) {
      EndpointKey key = each.getKey();
      json.writeStartObject();
      json.writeStringField("endpoint", key.id());
      json.writeStringField("zone", key.zone());
      EndpointSite site = situation.reach().endpoints().get(key);
      if (site != null) {
        EndpointsJson.place(json, site.region(), site.coordinates());
      }
      json.writeBooleanField("healthy", healthy.contains(key));
      json.writeNumberField("share", SituationJson.rounded(each.getValue()));
      json.writeNumberField("atBest", SituationJson.rounded(best.getOrDefault(key, 0.0)));
      Long often = chosen.get(key.id());
      if (often != null && sum(chosen) > 0) {
        json.writeNumberField("observed", SituationJson.rounded((double) often / sum(chosen)));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static long sum(Map<String, Long> chosen) {
    return chosen.values().stream().mapToLong(Long::longValue).sum();
  }

  private static void regions(JsonGenerator json, Situation situation, RoutedName name)
      throws IOException {
    ClientSample sample = situation.reach().sample();
    Map<String, Double> continents = new TreeMap<>();
    sample.places().stream()
        .filter(place -> !place.continent().isEmpty())
        .forEach(place -> continents.merge(place.continent(), place.weight(), Double::sum));
    NameShares now = situation.now(name);
    json.writeArrayFieldStart("regions");
    for (Map.Entry<String, Double> each : continents.entrySet()) {
      json.writeStartObject();
      json.writeStringField("continent", each.getKey());
      json.writeNumberField("weight", SituationJson.rounded(each.getValue()));
      shares(json, "shares", situation, name, now.within(sample, each.getKey()));
      shares(
          json,
          "atBest",
          situation,
          name,
          situation.reach().best(name).within(sample, each.getKey()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Of each country the endpoint that most of its heaviest place is answered with. */
  private static void countries(JsonGenerator json, Situation situation, RoutedName name)
      throws IOException {
    NameShares now = situation.now(name);
    List<ClientSample.Place> places = situation.reach().sample().places();
    Map<String, String> first = new TreeMap<>();
    for (int i = 0; i < places.size(); i++) {
      int leaf = now.first(i);
      first.putIfAbsent(places.get(i).country(), leaf < 0 ? "" : name.endpoints().get(leaf).id());
    }
    json.writeObjectFieldStart("countries");
    for (Map.Entry<String, String> each : first.entrySet()) {
      json.writeStringField(each.getKey(), each.getValue());
    }
    json.writeEndObject();
  }

  /** Writes a tree, as far as it goes. */
  private static final class Tree {
    private final JsonGenerator json;
    private final Situation situation;
    private final HealthBoard board;
    private final double[] shares;
    private int nodes;

    Tree(JsonGenerator json, RoutedName name, Situation situation, HealthBoard board) {
      this.json = json;
      this.situation = situation;
      this.board = board;
      this.shares = situation.now(name).overall();
    }

    void node(PolicyTree node) throws IOException {
      nodes++;
      json.writeStartObject();
      json.writeStringField("what", node.what());
      json.writeStringField("kind", SituationJson.word(node.kind()));
      json.writeBooleanField("healthy", isHealthy(node));
      if (isHeld(node)) {
        json.writeBooleanField("held", true);
      }
      check(node.healthCheck());
      if (node.kind() == Explained.Kind.ENDPOINT) {
        json.writeNumberField("share", SituationJson.rounded(shares[node.leaf()]));
      }
      json.writeArrayFieldStart("branches");
      for (PolicyTree.Branch branch : node.branches()) {
        if (nodes < MAX_NODES) {
          branch(branch);
        }
      }
      json.writeEndArray();
      json.writeEndObject();
    }

    private void branch(PolicyTree.Branch branch) throws IOException {
      json.writeStartObject();
      json.writeStringField("id", branch.id());
      json.writeStringField("selector", branch.selector());
      check(branch.healthCheck());
      json.writeFieldName("node");
      node(branch.node());
      json.writeEndObject();
    }

    private void check(int number) throws IOException {
      HealthStatus status = number < 0 ? null : board.status(number);
      if (status != null) {
        json.writeStringField("healthCheck", status.id());
      }
    }

    /** Whether an endpoint fails and is answered all the same. */
    private boolean isHeld(PolicyTree node) {
      HealthStatus status = node.healthCheck() < 0 ? null : board.status(node.healthCheck());
      return status != null && status.isHeld();
    }

    /** Whether something inside may be answered. */
    private boolean isHealthy(PolicyTree node) {
      EligibilitySnapshot eligibility = situation.state().eligibility();
      if (node.leaf() >= 0) {
        return eligibility.isEligible(node.healthCheck());
      }
      return node.branches().stream()
          .anyMatch(
              branch -> eligibility.isEligible(branch.healthCheck()) && isHealthy(branch.node()));
    }
  }
}
