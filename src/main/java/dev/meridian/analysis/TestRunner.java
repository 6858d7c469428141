package dev.meridian.analysis;

import dev.meridian.analysis.Population.Kind;
import dev.meridian.analysis.TestResult.Failure;
import dev.meridian.answer.Explainer;
import dev.meridian.answer.Explanation;
import dev.meridian.answer.Outcome;
import dev.meridian.answer.Outcomes;
import dev.meridian.answer.ServerState;
import dev.meridian.load.Clients;
import dev.meridian.load.RoutingTest;
import dev.meridian.load.RoutingTest.Selector;
import dev.meridian.policy.ClientSpace;
import dev.meridian.source.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Runs the tests of a zone folder against what it compiles to: no sockets, no dice, no waiting. A
 * test about a country holds for every network that the geo database has there, for one client of
 * each kind that the policies can tell apart is asked for. Owned by one thread.
 */
public final class TestRunner {
  private final ClientSpace space;
  private final AssumedHealth health;
  private final Population population;
  private final ServerState healthy;
  private final Map<Set<String>, ServerState> states = new HashMap<>();

  /** A runner for a revision that is not wrong. */
  public TestRunner(Revision revision) {
    this(revision, new AddressSpace(revision.set().space().geo()));
  }

  /**
   * The same.
   *
   * @param addresses of its geo database
   */
  TestRunner(Revision revision, AddressSpace addresses) {
    space = revision.set().space();
    population = new Population(space.geo(), addresses);
    health = new AssumedHealth(revision.set().checks(), revision.registry());
    healthy = ServerState.of(revision.set().zones(), health.eligibility(Set.of()), 1);
  }

  /** What the tests have wrong about the zones: health checks that are not there. */
  public List<Problem> problems(List<RoutingTest> tests) {
    List<Problem> problems = new ArrayList<>();
    for (RoutingTest test : tests) {
      for (Selector selector : test.down()) {
        if (health.matching(selector.text()).isEmpty()) {
          problems.add(
              selector
                  .place()
                  .error(
                      "no health check is meant by '"
                          + selector.text()
                          + "': what has none is never down"
                          + health.hint(selector.text())));
        }
      }
    }
    return problems;
  }

  /** Runs one test. */
  public TestResult run(RoutingTest test) {
    long start = System.nanoTime();
    Set<String> down = new TreeSet<>();
    test.down().forEach(selector -> down.addAll(health.matching(selector.text())));
    ServerState state = state(down);
    List<Failure> failures = new ArrayList<>();
    for (int type : test.types()) {
      new OneType(test, state, type, failures).check();
    }
    return new TestResult(test, failures, System.nanoTime() - start);
  }

  private ServerState state(Set<String> down) {
    return down.isEmpty()
        ? healthy
        : states.computeIfAbsent(down, ids -> healthy.with(health.eligibility(ids)));
  }

  /** A test for one of its types. */
  private final class OneType {
    /** More examples say nothing new. */
    private static final int MAX_EXAMPLES = 3;

    private final RoutingTest test;
    private final ServerState state;
    private final int type;
    private final List<Failure> failures;
    private final Set<String> endpoints = new TreeSet<>();
    private final Set<String> records = new TreeSet<>();
    private int examples;

    OneType(RoutingTest test, ServerState state, int type, List<Failure> failures) {
      this.test = test;
      this.state = state;
      this.type = type;
      this.failures = failures;
    }

    void check() {
      for (Clients clients : test.clients()) {
        List<Kind> kinds = population.kinds(state, test.question(), type, clients);
        if (kinds.isEmpty()) {
          fail("there are no clients in " + clients + ": " + space.geo().description());
        }
        kinds.forEach(kind -> check(clients, kind));
      }
      if (examples == 0) {
        new Verdicts(test.expectation()).missing(endpoints, records).forEach(this::fail);
      }
    }

    private void check(Clients clients, Kind kind) {
      Outcome outcome = Outcomes.of(state, test.question(), type, kind.example());
      endpoints.addAll(outcome.endpoints().keySet());
      records.addAll(outcome.records().keySet());
      List<String> wrong = new Verdicts(test.expectation()).wrong(outcome);
      if (!wrong.isEmpty() && examples++ < MAX_EXAMPLES) {
        String who = clients instanceof Clients.Network ? "" : " in " + clients;
        Explanation explanation =
            new Explainer(state, space, kind.example(), 1).explain(test.question(), type);
        String sentence = String.join("; ", wrong);
        failures.add(
            new Failure(
                type,
                "client " + client(kind) + who + ": " + sentence,
                explanation,
                this::healthText));
      }
    }

    private String client(Kind kind) {
      return new Clients.Network(kind.example()).toString();
    }

    private String healthText(int number) {
      boolean up = state.eligibility().isEligible(number);
      return health.id(number) + ": " + (up ? "healthy" : "unhealthy") + " (in this test)";
    }

    private void fail(String sentence) {
      failures.add(new Failure(type, sentence, null, this::healthText));
    }
  }
}
