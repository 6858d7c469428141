package dev.meridian.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Who gives way to threads that answer; read from {@code /proc}, where Linux tells. */
@EnabledOnOs(OS.LINUX)
class BackgroundTest {
  /** Of the fields behind the name in {@code /proc/self/task/N/stat}; proc_pid_stat(5). */
  private static final int NICENESS = 16;

  @BeforeEach
  void onlyWhereThereIsRoomBelow() {
    assumeThat(niceness(Path.of("/proc/thread-self"))).isLessThan(5);
  }

  @Test
  void aThreadInTheBackgroundStepsBackAndWhoMakesItDoesNot() {
    int before = niceness(Path.of("/proc/thread-self"));
    CompletableFuture<Integer> inside = new CompletableFuture<>();
    Background.threads("background-test")
        .newThread(() -> inside.complete(niceness(Path.of("/proc/thread-self"))))
        .start();
    assertThat(inside.join()).isEqualTo(5);
    assertThat(niceness(Path.of("/proc/thread-self"))).isEqualTo(before);
  }

  @Test
  void theCompilersOfTheJvmStepBack() throws IOException {
    Background.compilers();
    assertThat(threads(" CompilerThre")).isNotEmpty().allMatch(thread -> niceness(thread) == 5);
  }

  @Test
  void nobodyElseStepsBackWithTheCompilers() throws IOException {
    Background.compilers();
    assertThat(threads("VM Thread")).isNotEmpty().allMatch(thread -> niceness(thread) < 5);
  }

  private static List<Path> threads(String name) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/task"))) {
      return all.filter(thread -> text(thread.resolve("comm")).contains(name)).toList();
    }
  }

  private static int niceness(Path thread) {
    String stat = text(thread.resolve("stat"));
    return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[NICENESS]);
  }

  /** Empty for a thread that has ended. */
  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
