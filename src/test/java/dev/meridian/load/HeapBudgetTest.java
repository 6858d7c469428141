package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is too large is refused before it is read, and nothing else is. */
class HeapBudgetTest {
  private static final long MIB = 1 << 20;
  private static final long MAX = 2L << 30;

  @TempDir private Path folder;

  /** Half of what is in use is garbage. */
  private static final class SmallHeap implements HeapBudget.Heap {
    private final long max;
    private long used;
    private int collections;

    SmallHeap(long maxMib, long usedMib) {
      max = maxMib * MIB;
      used = usedMib * MIB;
    }

    @Override
    public long max() {
      return max;
    }

    @Override
    public long used() {
      return used;
    }

    @Override
    public void collect() {
      collections++;
      used /= 2;
    }
  }

  /** Lines of 32 octets. */
  private Path file(long octets) throws IOException {
    String line = "host-name A 192.0.2.1 ; comment\n";
    return Files.writeString(folder.resolve("zone"), line.repeat((int) (octets / line.length())));
  }

  @Test
  void aFileThatFitsIsLookedAtAndNoMore() throws IOException {
    SmallHeap heap = new SmallHeap(256, 100);

    assertThat(new HeapBudget(heap).refusal(file(8 * MIB), 8 * MIB, MAX)).isEmpty();
    assertThat(heap.collections).isZero();
  }

  @Test
  void aFileThatDoesNotIsRefusedInOneSentence() throws IOException {
    SmallHeap heap = new SmallHeap(128, 80);

    assertThat(new HeapBudget(heap).refusal(file(16 * MIB), 16 * MIB, MAX))
        .isEqualTo(
            "needs about 115 MiB of memory while it is loaded, and 72 of 128 MiB are free; give the"
                + " JVM more (MERIDIAN_JAVA_OPTS=-Xmx…, or the limit of its container), or split"
                + " the zone");
    assertThat(heap.collections).isEqualTo(1);
  }

  @Test
  void garbageIsCollectedBeforeItCountsAgainstAZone() throws IOException {
    SmallHeap heap = new SmallHeap(200, 120);

    assertThat(new HeapBudget(heap).refusal(file(16 * MIB), 16 * MIB, MAX)).isEmpty();
    assertThat(heap.collections).isEqualTo(1);
  }

  @Test
  void manySmallFilesCountTogetherAndAllAreCompiledInTheEnd() throws IOException {
    HeapBudget budget = new HeapBudget(new SmallHeap(64, 10));
    Path file = file(MIB / 4);
    int read = 0;
    while (read < 1000 && budget.refusal(file, MIB / 4, MAX).isEmpty()) {
      read++;
    }

    assertThat(read).isBetween(20, 200);
  }

  @Test
  void aFileThatIsNotReadForItsSizeIsNotCountedEither() throws IOException {
    SmallHeap heap = new SmallHeap(1, 1);

    assertThat(new HeapBudget(heap).refusal(file(16 * MIB), 16 * MIB, 8 * MIB)).isEmpty();
    assertThat(heap.collections).isZero();
  }

  @Test
  void aFileThatIsGoneIsForItsReaderToMiss() {
    assertThat(new HeapBudget(new SmallHeap(1, 1)).refusal(folder.resolve("gone"), MIB, MAX))
        .isEmpty();
  }
}
