package dev.meridian.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EligibilitySnapshotTest {
  @Test
  void everythingIsEligibleUntilSaidOtherwise() {
    assertThat(EligibilitySnapshot.ALL.isEligible(0)).isTrue();
    assertThat(EligibilitySnapshot.ALL.isEligible(100_000)).isTrue();
    assertThat(EligibilitySnapshot.ALL.isEligible(HealthRegistry.NONE)).isTrue();
  }

  @Test
  void oneCheckIsSetAndTheOthersStay() {
    EligibilitySnapshot down = EligibilitySnapshot.ALL.with(64, false);

    assertThat(down.isEligible(64)).isFalse();
    assertThat(down.isEligible(0)).isTrue();
    assertThat(down.isEligible(63)).isTrue();
    assertThat(down.isEligible(65)).isTrue();
    assertThat(down.with(64, true).isEligible(64)).isTrue();
  }

  @Test
  void aSnapshotNeverChanges() {
    EligibilitySnapshot before = EligibilitySnapshot.ALL.with(3, false);
    EligibilitySnapshot after = before.with(4, false);

    assertThat(before.isEligible(4)).isTrue();
    assertThat(after.isEligible(3)).isFalse();
  }

  @Test
  void theEpochCountsChangesOnly() {
    EligibilitySnapshot down = EligibilitySnapshot.ALL.with(7, false);

    assertThat(down.epoch()).isEqualTo(1);
    assertThat(down.with(7, false)).isSameAs(down);
    assertThat(down.with(7, true).epoch()).isEqualTo(2);
  }

  @Test
  void noCheckCannotBeSet() {
    assertThatThrownBy(() -> EligibilitySnapshot.ALL.with(HealthRegistry.NONE, false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
