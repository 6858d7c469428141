package dev.meridian.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.control.ControlTest;
import dev.meridian.text.RefusedException;
import dev.meridian.zone.Zones;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which set is gone back to while the disk hangs, so that what is served is not kept yet. */
class KeptSetsChoiceTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  /** So that copying rests for some seconds. */
  private static final Duration SLOW = Duration.ofMillis(500);

  @TempDir private Path folder;
  private final CountDownLatch hangs = new CountDownLatch(1);

  @BeforeEach
  void twoSetsAreKept() {
    try (KeptSets kept = open()) {
      keep(kept, 1, "old look", () -> copy("old"));
      awaitNewest(kept, 1);
      keep(kept, 2, "new look", () -> copy("new"));
      awaitNewest(kept, 2);
    }
  }

  @Test
  void whatIsServedIsRecognizedByItsLookBeforeItIsKept() {
    try (KeptSets kept = open()) {
      keep(kept, 3, "new look", this::hang);

      assertThat(kept.choose(OptionalLong.empty(), served(3)).generation()).isEqualTo(1);
      assertThat(kept.choose(OptionalLong.of(2), served(3)).generation()).isEqualTo(3);
      assertThat(kept.list()).extracting(KeptSet::generation).containsExactly(2L, 1L);
      hangs.countDown();
    }
  }

  @Test
  void whatLooksLikeNothingThatIsKeptStandsForItself() {
    try (KeptSets kept = open()) {
      keep(kept, 3, "newest look", this::hang);

      assertThat(kept.choose(OptionalLong.empty(), served(3)).generation()).isEqualTo(2);
      hangs.countDown();
    }
  }

  @Test
  void anUnknownLookIsLikeNoOther() {
    try (KeptSets kept = open()) {
      keep(kept, 3, "", () -> copy("3"));
      awaitNewest(kept, 3);
      keep(kept, 4, "", this::hang);

      assertThat(kept.choose(OptionalLong.empty(), served(4)).generation()).isEqualTo(3);
      hangs.countDown();
    }
  }

  @Test
  void ofSetsThatComeWhileCopyingRestsTheLastIsKeptAndAnEndDoesNotWait() {
    List<Long> copied = new CopyOnWriteArrayList<>();
    try (KeptSets kept = open()) {
      keep(kept, 3, "", () -> slowCopy(copied, 3));
      awaitNewest(kept, 3);
      keep(kept, 4, "", () -> slowCopy(copied, 4));
      keep(kept, 5, "", () -> slowCopy(copied, 5));
    }
    assertThat(copied).containsExactly(3L, 5L);
    try (KeptSets kept = open()) {
      assertThat(kept.list()).extracting(KeptSet::generation).containsExactly(5L, 3L, 2L, 1L);
    }
  }

  private Optional<SetCopy> slowCopy(List<Long> copied, long generation) {
    copied.add(generation);
    LockSupport.parkNanos(SLOW.toNanos());
    return copy("generation " + generation);
  }

  @Test
  void whatWasNeverServedIsNoChoice() {
    try (KeptSets kept = open()) {
      assertThatThrownBy(() -> kept.choose(OptionalLong.of(9), served(2)))
          .isInstanceOf(RefusedException.class)
          .hasMessage("generation 9 is not kept; kept are [2, 1]");
    }
  }

  private KeptSets open() {
    return KeptSets.open(folder.resolve("state"), folder.resolve("zones"));
  }

  private static void keep(
      KeptSets kept, long generation, String look, Supplier<Optional<SetCopy>> copy) {
    LoadedState state =
        new LoadedState(new Zones(List.of()), List.of(), ControlTest.NOWHERE, List.of())
            .with(new Copying(look, copy));
    kept.keep(state, generation, "test", NOON);
  }

  private Optional<SetCopy> hang() {
    try {
      hangs.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  private Optional<SetCopy> copy(String content) {
    try {
      Path zones = Files.createDirectories(folder.resolve(content));
      Files.writeString(zones.resolve("file"), content);
      return Optional.of(SetCopy.of(zones, ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitNewest(KeptSets kept, long generation) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !kept.list().isEmpty() && kept.list().getFirst().generation() == generation);
  }

  private static ReloadResult served(long generation) {
    return new ReloadResult(true, generation, "test", NOON, Duration.ZERO, List.of(), false, null);
  }
}
