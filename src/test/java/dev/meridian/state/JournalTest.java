package dev.meridian.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.state.JournalEntry.Kind;
import dev.meridian.testkit.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final long SIZE = 1 << 20;

  @TempDir private Path folder;

  @Test
  void whatHappenedIsReadBackByItsNumberOverARestart() throws IOException {
    try (Journal journal = open()) {
      assertThat(journal.last()).isZero();
      journal.add(Kind.HEALTH, "a/b", "healthy", "unhealthy", "verdict", "Failure: timeout");
      journal.add(Kind.STOP, "1.2.3", "", "", "", "");
      assertThat(journal.last()).isEqualTo(2);
    }
    try (Journal journal = open()) {
      assertThat(journal.since(0, 10))
          .isEqualTo(journal.recent(0, 10))
          .contains(
              new JournalEntry(
                  1,
                  NOW,
                  Kind.HEALTH,
                  "a/b",
                  "healthy",
                  "unhealthy",
                  "verdict",
                  "Failure: timeout"));
      add(journal, 1);
      assertThat(journal.last()).as("the last end was in order").isEqualTo(3);
      assertThat(journal.since(1, 1)).extracting(JournalEntry::sequence).containsExactly(2L);
    }
  }

  @Test
  void whatAnotherProcessWroteIsToldWhenThisOneGoesOn() throws IOException {
    try (Journal journal = open()) {
      add(journal, 2);
      journal.suspend();
      add(journal, 1); // the other one's to tell
      assertThat(journal.last()).isEqualTo(2);
      try (Journal other = Journal.open(folder, SIZE, InstantSource.fixed(NOW), true)) {
        add(other, 3);
      }
      journal.resume();
      assertThat(journal.recent(0, 10))
          .extracting(JournalEntry::sequence)
          .containsExactly(1L, 2L, 3L, 4L, 5L);
      add(journal, 1);
      assertThat(journal.last()).as("the other one may have ended suddenly").isGreaterThan(6);
    }
    try (Journal journal = open()) {
      assertThat(journal.recent(0, 10)).hasSize(6);
    }
  }

  @Test
  void afterASuddenEndNoNumberIsUsedTwice() {
    try (Journal journal = open()) {
      add(journal, 5);
    }
    try (Journal journal = open()) {
      add(journal, 1);
      assertThat(journal.last()).isGreaterThan(5 + Journal.REMEMBERED);
    }
  }

  @Test
  void whatHasLeftMemoryIsReadFromTheDisk() throws IOException {
    int many = Journal.REMEMBERED + 1000;
    try (Journal journal = open()) {
      for (int i = 0; i < many; i += 500) {
        add(journal, 500);
        awaitWritten(i + 500);
      }
      assertThat(journal.recent(0, 1).getFirst().sequence()).isGreaterThan(900);
      assertThat(numbers(journal.since(0, 10_000)))
          .isEqualTo(LongStream.rangeClosed(1, journal.last()).boxed().toList());
      assertThat(numbers(journal.since(100, 3))).containsExactly(101L, 102L, 103L);
    }
  }

  private void awaitWritten(long sequence) throws IOException {
    JournalFolder reader = new JournalFolder(folder, SIZE);
    while (reader.after(sequence - 1, 1).isEmpty()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void theOldestGoesWhenTheDiskShareIsUsedUp() throws IOException {
    JournalFolder journal = new JournalFolder(folder, SIZE);
    long written = 0;
    for (int batch = 1; batch <= 200; batch++) {
      journal.append(entries(written + 1, 100));
      written += 100;
    }
    assertThat(octets()).isBetween(SIZE / 2, SIZE);
    List<JournalEntry> kept = journal.after(0, Integer.MAX_VALUE);
    assertThat(kept.getLast().sequence()).isEqualTo(written);
    assertThat(kept).hasSize((int) (written - kept.getFirst().sequence() + 1));
    assertThat(kept.getFirst().sequence()).isGreaterThan(1);
  }

  private long octets() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Test
  void aDeathAtAnyOctetCostsTheTornEntriesOnly() throws IOException {
    JournalFolder journal = new JournalFolder(folder, SIZE);
    journal.append(entries(1, 2));
    Path file = onlyFile();
    long before = Files.size(file);
    journal.append(entries(3, 1));
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      List<String> complaints = new ArrayList<>();
      JournalFolder next = new JournalFolder(folder, SIZE);
      List<JournalEntry> found = next.open(10, complaints::add);
      assertThat(found).as("cut to %d", length).hasSizeLessThan(3);
      if (length >= before) {
        assertThat(found).as("cut to %d", length).hasSize(2);
        assertThat(complaints).hasSize(length == before ? 0 : 1);
        next.append(entries(7, 1));
        assertThat(numbers(new JournalFolder(folder, SIZE).after(0, 10)))
            .containsExactly(1L, 2L, 7L);
        Files.deleteIfExists(folder.resolve("journal-0000000000000007"));
      }
    }
  }

  @Test
  void whicheverOctetIsWrongNothingWrongIsReadAndNothingIsRefused() throws IOException {
    new JournalFolder(folder, SIZE).append(entries(1, 3));
    Path file = onlyFile();
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;
      Files.write(file, damaged);
      List<String> complaints = new ArrayList<>();
      List<JournalEntry> found = new JournalFolder(folder, SIZE).open(10, complaints::add);
      assertThat(found).as("damaged at %d", at).isEqualTo(entries(1, found.size()));
      assertThat(found).as("damaged at %d", at).hasSizeLessThan(3);
      assertThat(complaints).as("damaged at %d", at).hasSize(1);
    }
  }

  @Test
  void aSubscriberGetsEverythingInOrderFromWhereItAsked() {
    Queue<Runnable> loop = new ArrayDeque<>();
    Taker taker = new Taker();
    try (Journal journal = open()) {
      add(journal, 3);
      try (var _ = journal.subscribe(1, loop::add, taker)) {
        run(loop);
        assertThat(taker.taken).containsExactly(2L, 3L);
        add(journal, 1000);
        assertThat(loop).as("however much there is, it is called once").hasSize(1);
        run(loop);
        assertThat(taker.taken).isEqualTo(LongStream.rangeClosed(2, 1003).boxed().toList());
      }
      add(journal, 1);
      assertThat(loop).isEmpty();
    }
  }

  @Test
  @Check("S113")
  void aSubscriberThatFallsBehindByAllOfMemoryIsDroppedAndDelaysNobody() {
    Queue<Runnable> slow = new ArrayDeque<>();
    Taker taker = new Taker();
    try (Journal journal = open()) {
      journal.subscribe(0, slow::add, taker);
      add(journal, Journal.REMEMBERED + 1);
      assertThat(slow).hasSize(1);
      run(slow);
      assertThat(taker.taken).isEmpty();
      assertThat(taker.dropped).isTrue();
      add(journal, 1);
      assertThat(slow).isEmpty();
    }
  }

  @Test
  void subscribersAreLimited() {
    try (Journal journal = open()) {
      for (int i = 0; i < 128; i++) {
        journal.subscribe(0, _ -> {}, new Taker());
      }
      assertThatThrownBy(() -> journal.subscribe(0, _ -> {}, new Taker()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("128 subscribers already");
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsNoReasonToForget() throws IOException {
    Path blocked = Files.writeString(folder.resolve("file"), "in the way");
    try (Journal journal = Journal.open(blocked, SIZE, InstantSource.fixed(NOW))) {
      add(journal, 10);
      assertThat(numbers(journal.since(8, 10))).containsExactly(9L, 10L);
    }
  }

  private static final class Taker implements Journal.Subscriber {
    final List<Long> taken = new ArrayList<>();
    boolean dropped;

    @Override
    public void next(JournalEntry entry) {
      taken.add(entry.sequence());
    }

    @Override
    public void dropped() {
      dropped = true;
    }
  }

  private static void run(Queue<Runnable> loop) {
    for (Runnable next = loop.poll(); next != null; next = loop.poll()) {
      next.run();
    }
  }

  private Journal open() {
    return Journal.open(folder, SIZE, InstantSource.fixed(NOW));
  }

  private static void add(Journal journal, int count) {
    for (int i = 0; i < count; i++) {
      journal.add(Kind.HEALTH, "check", "healthy", "unhealthy", "verdict", "test");
    }
  }

  private static List<JournalEntry> entries(long from, int count) {
    return LongStream.range(from, from + count)
        .mapToObj(n -> new JournalEntry(n, NOW, Kind.RELOAD, "2", "1", "2", "test", "took long"))
        .toList();
  }

  private static List<Long> numbers(List<JournalEntry> entries) {
    return entries.stream().map(JournalEntry::sequence).toList();
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.reduce((_, _) -> null).orElseThrow();
    }
  }
}
