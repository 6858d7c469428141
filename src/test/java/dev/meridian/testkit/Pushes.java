package dev.meridian.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Changes of the zone folder {@code gate/zones} that are free of errors: disasters, and what people
 * do every day, as tables in {@code gate/*.csv} have them.
 */
public final class Pushes {
  private static final Path ROOT = Path.of("src/test/resources/gate/zones");

  private Pushes() {}

  /** The folder before, by relative path. */
  public static Map<String, String> before() {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(ROOT)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(ROOT.relativize(file).toString(), Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /**
   * The folder after an edit.
   *
   * @param what a regular expression; {@code *}: the whole file goes; {@code +}: it comes, as a
   *     copy of {@code to}
   * @param to what it becomes; after {@code (and)} another file that goes, or {@code file: line}
   *     that is added to one
   */
  public static Map<String, String> after(String file, String what, @Nullable String to) {
    Map<String, String> files = before();
    List<String> parts = List.of((to == null ? "" : to).split(Pattern.quote("(and) "), 2));
    switch (what) {
      case "*" -> files.remove(file);
      case "+" -> files.put(file, text(files, parts.getFirst()));
      default -> {
        String text = text(files, file);
        String edited = text.replaceAll(what, parts.getFirst().replace("\\n", "\n"));
        assertThat(edited).as("the edit does something").isNotEqualTo(text);
        files.put(file, edited);
      }
    }
    if (parts.size() > 1) {
      List<String> more = List.of(parts.get(1).split(": ", 2));
      if (more.size() == 1) {
        files.remove(more.getFirst());
      } else {
        files.merge(more.getFirst(), more.get(1) + "\n", String::concat);
      }
    }
    return files;
  }

  private static String text(Map<String, String> files, String file) {
    String text = files.get(file);
    assertThat(text).as(file).isNotNull();
    return String.valueOf(text);
  }

  /** Makes a folder of files have these, and no others. */
  public static void write(Path folder, Map<String, String> files) {
    try {
      Files.createDirectories(folder.resolve("tests"));
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          if (!files.containsKey(folder.relativize(file).toString())) {
            Files.delete(file);
          }
        }
      }
      for (Map.Entry<String, String> file : files.entrySet()) {
        Files.writeString(folder.resolve(file.getKey()), file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
