package dev.meridian.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** How nice threads of this process are, read from {@code /proc}, where Linux tells. */
public final class Niceness {
  /** Of the fields behind the name in {@code /proc/self/task/N/stat}; proc_pid_stat(5). */
  private static final int FIELD = 16;

  private Niceness() {}

  /** Of the calling thread. */
  public static int own() {
    return of(text(Path.of("/proc/thread-self/stat")));
  }

  /** Of a thread that has stepped back, by how nice this process is. */
  public static int steppedBack() {
    return Math.min(19, of(text(Path.of("/proc/self/stat"))) + 5);
  }

  /** Of each thread whose name, 15 octets of it, has this within. */
  public static List<Integer> ofThreads(String name) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/task"))) {
      return all.filter(thread -> text(thread.resolve("comm")).contains(name))
          .map(thread -> text(thread.resolve("stat")))
          .filter(stat -> !stat.isEmpty())
          .map(Niceness::of)
          .toList();
    }
  }

  private static int of(String stat) {
    return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[FIELD]);
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
