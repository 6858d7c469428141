package dev.meridian.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.CheckKind;
import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Outcome;
import org.junit.jupiter.api.Test;

class SocketBudgetTest {
  @Test
  void noMoreAreTakenThanThereAre() {
    SocketBudget budget = new SocketBudget(1);

    assertThat(budget.take()).isTrue();
    assertThat(budget.take()).isFalse();
    budget.giveBack();
    assertThat(budget.take()).isTrue();
  }

  @Test
  void theProcessHasSome() {
    assertThat(SocketBudget.ofProcess().take()).isTrue();
  }

  @Test
  void aProbeWithoutASocketSaysNothingAboutItsTarget() throws Exception {
    try (ProbeRunner runner = new ProbeRunner();
        Target target = Target.of(Target::holdOpen)) {
      runner.sockets(new SocketBudget(0));
      Observation observation = runner.run(new CheckKind.Tcp(target.port()));

      assertThat(observation.outcome()).isEqualTo(Outcome.UNKNOWN);
      assertThat(observation.detail()).startsWith("cannot begin a probe: 0 are under way");
    }
  }

  @Test
  void everyProbeGivesItsSocketBack() throws Exception {
    try (ProbeRunner runner = new ProbeRunner();
        Target target = Target.of(Target::holdOpen)) {
      runner.sockets(new SocketBudget(1));
      for (int i = 0; i < 3; i++) {
        assertThat(runner.run(new CheckKind.Tcp(target.port())).outcome()).isEqualTo(Outcome.PASS);
      }
    }
  }
}
