package dev.meridian.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.HealthCheck.Settings;
import dev.meridian.health.Observation.Outcome;
import dev.meridian.health.Observation.Reason;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lives through random results and reloads, and holds the monitor against the definition of a
 * verdict: a plain look back over all results since a check was defined.
 */
class HealthSimulationTest {
  private static final int CHECKS = 70; // more than one word of eligibility bits
  private static final int STEPS = 20_000;
  private static final Reason[] RESULTS = {
    Reason.OK, Reason.OK, Reason.CONNECT_REFUSED, Reason.HTTP_STATUS, Reason.LOCAL_TROUBLE
  };

  private final VirtualTime time = new VirtualTime();
  private final HealthRegistry registry = new HealthRegistry();
  private EligibilitySnapshot published = EligibilitySnapshot.ALL;
  private int publications;
  private final HealthMonitor monitor =
      new HealthMonitor(registry, time, time::nanoTime, HealthRules.PLAIN, this::publish, _ -> {});

  private final Map<String, HealthCheck> defined = new HashMap<>();
  private final Map<String, Model> models = new HashMap<>();

  /** What is true by definition. */
  private static final class Model {
    private boolean verdictBefore = true;
    private final List<Outcome> results = new ArrayList<>();

    /** The verdict flips wherever enough consecutive known results contradict it. */
    boolean isHealthy(Settings settings) {
      List<Outcome> known = results.stream().filter(each -> each != Outcome.UNKNOWN).toList();
      boolean up = verdictBefore;
      int run = 0;
      for (int i = 0; i < known.size(); i++) {
        boolean contradicts = up == (known.get(i) == Outcome.FAIL);
        run = contradicts ? run + 1 : 0;
        int outages = outages(known.subList(Math.max(0, i - 63), i + 1));
        int needed = up ? settings.failureThreshold() : settings.successThreshold() * outages;
        if (contradicts && run >= needed) {
          up = !up;
          run = 0;
        }
      }
      return (settings.disabled() || up) != settings.inverted();
    }

    private static int outages(List<Outcome> results) {
      int outages = 0;
      Outcome before = Outcome.PASS;
      for (Outcome result : results) {
        outages += result == Outcome.FAIL && before == Outcome.PASS ? 1 : 0;
        before = result;
      }
      return Math.max(1, outages);
    }

    void redefined(Settings old) {
      Settings plain =
          new Settings(
              old.interval(),
              old.timeout(),
              old.failureThreshold(),
              old.successThreshold(),
              null,
              false,
              false);
      verdictBefore = isHealthy(plain);
      results.clear();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyVerdictFollowsFromTheResultsAndEveryChangeIsPublished(long seed) {
    Random random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      time.advance(Duration.ofMillis(1 + random.nextInt(100)));
      if (step % 100 == 0) {
        redefine(random);
      } else {
        observe("check-" + random.nextInt(CHECKS), RESULTS[random.nextInt(RESULTS.length)]);
      }
      assertThat(published).as("step %d", step).isSameAs(monitor.board().eligibility());
    }
    assertThat(publications).isGreaterThan(100);
  }

  private void observe(String id, Reason reason) {
    monitor.observe(
        registry.indexOf(id), new Observation(reason, "", time.nanoTime(), Duration.ZERO));
    HealthCheck check = defined.get(id);
    Model model = models.get(id);
    if (check == null || model == null) {
      assertThat(monitor.board().status(id)).isNull();
      return;
    }
    if (!check.settings().disabled()) {
      model.results.add(reason.outcome());
    }
    assertHealth(check, model);
  }

  private void redefine(Random random) {
    for (int i = 0; i < CHECKS; i++) {
      String id = "check-" + i;
      switch (random.nextInt(10)) {
        case 0 -> {
          defined.remove(id);
          models.remove(id);
        }
        case 1, 2 -> define(id, random);
        default -> {} // stays as it is
      }
    }
    monitor.define(defined.values());
    defined.forEach((id, check) -> assertHealth(check, models.getOrDefault(id, new Model())));
  }

  private void define(String id, Random random) {
    HealthCheck check =
        new HealthCheck(
            id,
            InetAddress.ofLiteral("127.0.0.1"),
            new CheckKind.Tcp(1 + random.nextInt(3)),
            Settings.builder()
                .failureThreshold(1 + random.nextInt(4))
                .successThreshold(1 + random.nextInt(4))
                .inverted(random.nextInt(8) == 0)
                .disabled(random.nextInt(8) == 0)
                .build());
    HealthCheck old = defined.put(id, check);
    if (old == null) {
      models.put(id, new Model());
    } else if (!old.equals(check)) {
      models.getOrDefault(id, new Model()).redefined(old.settings());
    }
  }

  private void assertHealth(HealthCheck check, Model model) {
    assertThat(published.isEligible(registry.indexOf(check.id())))
        .as(check.id())
        .isEqualTo(model.isHealthy(check.settings()));
  }

  private void publish(HealthBoard board) {
    assertThat(board.eligibility().epoch()).isGreaterThan(published.epoch());
    published = board.eligibility();
    publications++;
  }
}
