package dev.meridian.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * All that one run of a program has started, however it did. A child of a child whose parent has
 * ended is nobody's descendant, and one that began a session of its own is in no group of ours; but
 * every process has the environment that it was started with, and in it our mark. Only one that has
 * thrown its environment away goes free.
 */
final class Offspring {
  /** The variable that marks them. */
  static final String MARK = "MERIDIAN_RUN";

  private static final Path PROCESSES = Path.of("/proc");

  /** Between a look and a kill, more may have been started; but not for ever. */
  private static final int MAX_ROUNDS = 16;

  private final String mark = UUID.randomUUID().toString();

  /** The value of the variable for this run. */
  String mark() {
    return mark;
  }

  /** Kills them all; takes some milliseconds. Where there is no /proc, it finds none. */
  void kill() {
    List<ProcessHandle> found = living();
    for (int round = 1; !found.isEmpty() && round < MAX_ROUNDS; round++) {
      found.forEach(ProcessHandle::destroyForcibly);
      found = living();
    }
    found.forEach(ProcessHandle::destroyForcibly);
  }

  private List<ProcessHandle> living() {
    List<ProcessHandle> living = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
      for (Path each : all) {
        if (isMarked(each)) {
          ProcessHandle.of(Long.parseLong(String.valueOf(each.getFileName())))
              .ifPresent(living::add);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // no /proc, or none that we may look into
    }
    return living;
  }

  /** A process that has been killed and not been waited for has no environment any more. */
  private boolean isMarked(Path process) {
    try {
      String environment = Files.readString(process.resolve("environ"), ISO_8859_1);
      return environment.contains(MARK + "=" + mark);
    } catch (IOException e) {
      return false; // somebody else's, or gone
    }
  }
}
