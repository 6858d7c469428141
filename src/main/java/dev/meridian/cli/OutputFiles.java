package dev.meridian.cli;

import dev.meridian.text.Reasons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The files that a command writes to a folder of the user's choice: what import and export share.
 */
final class OutputFiles {
  private static final String FORCE = "--force";
  private static final String OUT = "--out";

  private OutputFiles() {}

  /** Lets a command take the folder, and leave to overwrite what is there. */
  static void addTo(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder("-o", OUT)
            .paramLabel("DIR")
            .type(String.class)
            .description("Folder to write to. Default: this one.")
            .defaultValue(".")
            .build());
    spec.addOption(Options.flag(FORCE, "Overwrite files that are there.").build());
  }

  /** The folder to write to. */
  static Path folder(CommandSpec spec) {
    return Path.of(String.valueOf(Options.text(spec, OUT)));
  }

  /** Writes them all, or none where one is there that may not be overwritten; empty: removed. */
  static void write(CommandSpec spec, Map<Path, Optional<String>> texts, Console console) {
    refuseToOverwrite(texts, Options.isSet(spec, FORCE));
    try {
      texts.forEach(OutputFiles::draft);
      texts.forEach((path, text) -> publish(path, text, console));
    } finally {
      texts.keySet().forEach(OutputFiles::discard);
    }
  }

  /** A policy file that is no longer needed counts too: it would route the zone beside it. */
  private static void refuseToOverwrite(Map<Path, Optional<String>> texts, boolean force) {
    List<String> present =
        texts.keySet().stream()
            .filter(path -> Files.isDirectory(path) || (!force && Files.exists(path)))
            .map(
                path ->
                    Files.isDirectory(path)
                        ? path + " is a folder; write to another one with " + OUT
                        : path + " is there already; " + FORCE + " overwrites it")
            .toList();
    if (!present.isEmpty()) {
      throw CommandException.wrongInput(present);
    }
  }

  /** First all of them are written beside: what cannot be written leaves everything as it was. */
  private static void draft(Path path, Optional<String> text) {
    if (text.isPresent()) {
      doing(
          path,
          () -> {
            Files.createDirectories(path.toAbsolutePath().getParent());
            Files.writeString(draft(path), text.get());
          });
    }
  }

  /**
   * Then each takes its place at once: a server that watches the folder never reads half a file.
   */
  private static void publish(Path path, Optional<String> text, Console console) {
    doing(
        path,
        () -> {
          if (text.isEmpty()) {
            Files.deleteIfExists(path);
          } else {
            Files.move(
                draft(path),
                path,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
            console.line(path.toString());
          }
        });
  }

  private static void discard(Path path) {
    try {
      Files.deleteIfExists(draft(path));
    } catch (IOException _) {
      // it begins with a dot, so nobody reads it
    }
  }

  private static Path draft(Path path) {
    return path.resolveSibling("." + path.getFileName() + ".draft");
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void doing(Path path, Work work) {
    try {
      work.run();
    } catch (IOException e) {
      throw CommandException.cannotRun("cannot write " + path + ": " + Reasons.of(e));
    }
  }
}
