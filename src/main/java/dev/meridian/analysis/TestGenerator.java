package dev.meridian.analysis;

import dev.meridian.analysis.Population.Kind;
import dev.meridian.answer.Outcome;
import dev.meridian.answer.Outcome.Ending;
import dev.meridian.answer.Outcomes;
import dev.meridian.answer.ServerState;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.load.Clients;
import dev.meridian.load.LoadedZone;
import dev.meridian.load.RoutingTestReader;
import dev.meridian.policy.Endpoint;
import dev.meridian.policy.Geolocation;
import dev.meridian.policy.IpBased;
import dev.meridian.policy.RoutingPolicy;
import dev.meridian.policy.Target;
import dev.meridian.policyfile.RoutedOwner;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Writes down what zones do now as tests, so that a later change of it has to be meant: who is
 * answered with what in every place that a policy names and on every continent, with each endpoint
 * down in turn, and with all of them down.
 */
public final class TestGenerator {
  private static final List<String> CONTINENTS = List.of("AF", "AN", "AS", "EU", "NA", "OC", "SA");

  /** More places of one name than this are left out: nobody reads on. */
  private static final int MAX_CLIENTS = 40;

  private final Revision revision;
  private final AssumedHealth health;
  private final Population population;
  private final ServerState healthy;

  /** A generator for a revision that compiles. */
  public TestGenerator(Revision revision) {
    this.revision = revision;
    GeoDatabase geo = revision.set().space().geo();
    population = new Population(geo, new AddressSpace(geo));
    health = new AssumedHealth(revision.set().checks(), revision.registry());
    EligibilitySnapshot all = health.eligibility(Set.of());
    healthy = ServerState.of(revision.set().zones(), all, 1);
  }

  /** Names relative to the zone folder, and contents; none for zones that route nothing. */
  public Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    for (LoadedZone zone : revision.loaded().zones()) {
      if (!zone.routed().isEmpty()) {
        String apex = zone.apex().toString();
        String base = apex.substring(0, apex.length() - 1);
        files.put(RoutingTestReader.FOLDER + "/" + base + ".generated.yaml", file(zone));
      }
    }
    return files;
  }

  private String file(LoadedZone zone) {
    StringBuilder text =
        new StringBuilder()
            .append("# What ")
            .append(zone.apex())
            .append(" does, written by 'meridian test --generate', which overwrites this file.\n")
            .append("# yaml-language-server: $schema=../../docs/schema/tests-1.json\n")
            .append("tests:\n");
    Map<DomainName, List<RoutedOwner>> byName = new LinkedHashMap<>();
    zone.routed()
        .forEach(owner -> byName.computeIfAbsent(owner.owner(), _ -> new ArrayList<>()).add(owner));
    byName.forEach(
        (name, owners) -> {
          Set<String> tests = new LinkedHashSet<>();
          new OneName(name, owners, tests).write();
          tests.forEach(test -> text.append("  - ").append(test).append('\n'));
        });
    return text.toString();
  }

  /** The tests of one name. */
  private final class OneName {
    private final DomainName name;
    private final Set<Integer> types = new TreeSet<>();
    private final Set<Clients> clients = new LinkedHashSet<>();
    private final Set<String> endpoints = new LinkedHashSet<>();
    private final Set<String> tests;

    OneName(DomainName name, List<RoutedOwner> owners, Set<String> tests) {
      this.name = question(name);
      this.tests = tests;
      for (RoutedOwner owner : owners) {
        types.addAll(owner.types());
        if (owner.aliased()) {
          types.addAll(List.of(RRType.A, RRType.AAAA));
        }
        visit(owner.target());
      }
      boolean dependent =
          types.stream().anyMatch(type -> !Outcomes.partitions(healthy, this.name, type).isEmpty());
      if (dependent) {
        CONTINENTS.forEach(c -> clients.add(Clients.of(Geolocation.Key.continent(c))));
        clients.add(new Clients.Unplaced());
      } else {
        clients.clear();
        clients.add(new Clients.Everyone());
      }
    }

    /** A wildcard is asked for with a name that it covers. */
    private static DomainName question(DomainName name) {
      return name.isWildcard() ? name.parent().child("any") : name;
    }

    private void visit(Target target) {
      switch (target) {
        case Endpoint endpoint -> endpoints.add(endpoint.id());
        case RoutingPolicy policy -> {
          if (policy instanceof Geolocation geolocation) {
            geolocation.regions().stream()
                .filter(region -> !region.key().isDefault())
                .forEach(region -> clients.add(Clients.of(region.key())));
          }
          if (policy instanceof IpBased cidr) {
            cidr.networks()
                .forEach(
                    network ->
                        network.blocks().stream()
                            .limit(1)
                            .forEach(block -> clients.add(new Clients.Network(block))));
          }
          policy.candidates().forEach(candidate -> visit(candidate.target()));
        }
        default -> {}
      }
    }

    void write() {
      clients.stream().limit(MAX_CLIENTS).forEach(each -> test(each, healthy, ""));
      Clients everyone = new Clients.Everyone();
      for (String endpoint : endpoints) {
        Set<String> checks = health.matching(endpoint);
        if (!checks.isEmpty()) {
          test(everyone, healthy.with(health.eligibility(checks)), ", down: " + quoted(endpoint));
        }
      }
      if (endpoints.stream().anyMatch(id -> !health.matching(id).isEmpty())) {
        ServerState none = healthy.with(health.eligibility(health.matching("*")));
        test(everyone, none, ", down: all");
      }
    }

    /** Types for which the same is expected share a test. */
    private void test(Clients who, ServerState state, String down) {
      Map<String, List<String>> types = new LinkedHashMap<>();
      for (int type : this.types) {
        String expected = expected(who, state, type);
        if (!expected.isEmpty()) {
          types.computeIfAbsent(expected, _ -> new ArrayList<>()).add(RRType.toText(type));
        }
      }
      types.forEach(
          (expected, names) -> {
            String client =
                who instanceof Clients.Everyone ? "" : ", client: " + quoted(who.toString());
            String ask = names.equals(List.of("A")) ? "" : " " + String.join(" ", names);
            String question = name.toString();
            String bare = question.substring(0, question.length() - 1);
            tests.add("{ ask: " + quoted(bare + ask) + client + down + ", " + expected + " }");
          });
    }

    /** What is so, as expectations; empty if there is nobody to ask, or nothing to say. */
    private String expected(Clients who, ServerState state, int type) {
      Set<String> ids = new TreeSet<>();
      Set<Outcome> outcomes = new LinkedHashSet<>();
      boolean answered = false;
      for (Kind kind : population.kinds(state, name, type, who)) {
        Outcome outcome = Outcomes.of(state, name, type, kind.example());
        outcomes.add(outcome);
        ids.addAll(outcome.endpoints().keySet());
        answered |= outcome.chance(Ending.ANSWER) > 0;
        if (outcome.chance(Ending.ANSWER) > 0 && outcome.chance(Ending.ANSWER) < 1) {
          return ""; // now an answer, now none: only a person can say what is right
        }
      }
      if (outcomes.isEmpty() || (ids.isEmpty() && answered)) {
        return "";
      }
      boolean mixed =
          answered && outcomes.stream().anyMatch(outcome -> outcome.chance(Ending.ANSWER) < 1);
      if (mixed) {
        return "";
      }
      String answer = ids.isEmpty() ? Verdicts.NONE : list(ids);
      return "answer: " + answer + (outcomes.size() == 1 ? shares(outcomes.iterator().next()) : "");
    }

    private String shares(Outcome outcome) {
      boolean drawn = outcome.endpoints().values().stream().anyMatch(share -> share < 1);
      if (!drawn) {
        return "";
      }
      return outcome.endpoints().entrySet().stream()
          .map(each -> quoted(each.getKey()) + ": " + Verdicts.percent(each.getValue()))
          .collect(Collectors.joining(", ", ", share: { ", " }"));
    }

    private static String list(Set<String> ids) {
      List<String> texts = ids.stream().map(OneName::quoted).toList();
      return texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]";
    }

    private static String quoted(String text) {
      boolean plain = text.matches("[A-Za-z0-9][A-Za-z0-9._/ -]*|continent:[A-Z]{2}");
      return plain && !text.equals(Verdicts.NONE)
          ? text
          : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
  }
}
