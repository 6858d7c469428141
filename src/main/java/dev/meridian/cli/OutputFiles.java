package dev.meridian.cli;

import dev.meridian.text.Reasons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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

  /**
   * Writes them all, or none: where one is there that may not be overwritten, or something fails on
   * the way.
   *
   * @param texts by the path to write to; empty: removed
   */
  static void write(CommandSpec spec, Map<Path, Optional<String>> texts, Console console) {
    write(texts, Options.isSet(spec, FORCE));
    texts.forEach((path, text) -> text.ifPresent(_ -> console.line(path.toString())));
  }

  /** As above, without a word. */
  static void write(Map<Path, Optional<String>> texts, boolean force) {
    refuseToOverwrite(texts, force);
    Deque<Path> published = new ArrayDeque<>();
    Set<Path> stranded = new LinkedHashSet<>();
    try {
      texts.forEach(OutputFiles::prepare);
      texts.forEach(
          (path, text) -> {
            publish(path, text);
            published.push(path);
          });
    } catch (CommandException e) {
      published.stream().filter(path -> !isPutBack(path)).forEach(stranded::add);
      throw stranded.isEmpty() ? e : stranded(e, stranded);
    } finally {
      texts.keySet().forEach(path -> discard(draft(path)));
      texts.keySet().stream()
          .filter(path -> !stranded.contains(path))
          .forEach(path -> discard(before(path)));
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
  private static void prepare(Path path, Optional<String> text) {
    doing(
        path,
        () -> {
          Files.createDirectories(path.toAbsolutePath().getParent());
          if (text.isPresent()) {
            Files.writeString(draft(path), text.get());
          }
          Files.deleteIfExists(before(path));
          if (Files.exists(path)) {
            Files.copy(path, before(path), StandardCopyOption.COPY_ATTRIBUTES);
          }
        });
  }

  /**
   * Then each takes its place at once: a server that watches the folder never reads half a file.
   */
  private static void publish(Path path, Optional<String> text) {
    doing(
        path,
        () -> {
          if (text.isEmpty()) {
            Files.deleteIfExists(path);
          } else {
            replace(path, draft(path));
          }
        });
  }

  /** Whether what was there before is there again. */
  private static boolean isPutBack(Path path) {
    try {
      if (Files.exists(before(path))) {
        replace(path, before(path));
      } else {
        Files.deleteIfExists(path);
      }
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static CommandException stranded(CommandException e, Set<Path> paths) {
    return CommandException.cannotRun(
        e.getMessage()
            + "; and not put back was what is now in "
            + paths.stream()
                .map(path -> before(path).toString())
                .collect(Collectors.joining(", ")));
  }

  private static void replace(Path path, Path by) throws IOException {
    Files.move(by, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void discard(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException _) {
      // it begins with a dot, so nobody reads it
    }
  }

  private static Path draft(Path path) {
    return path.resolveSibling("." + path.getFileName() + ".draft");
  }

  private static Path before(Path path) {
    return path.resolveSibling("." + path.getFileName() + ".before");
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
