package dev.meridian.golden;

import dev.meridian.health.Weight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One {@code .case} file: a world, then steps in it.
 *
 * @param files of the zone folder, by name
 * @param geo lines of the form {@code prefix place latitude,longitude AS}; empty: the fixture
 */
public record GoldenCase(Path file, Map<String, String> files, List<String> geo, List<Step> steps) {
  private static final String SECTION = "== ";
  private static final String STEP = "$ ";

  /** What happens next. */
  public sealed interface Step {
    /** Its line in the file, from 1. */
    int line();

    /** What is written behind the {@code $}. */
    String text();
  }

  /** A query, and the response as the file has it: all lines up to the next step. */
  public record Ask(int line, String text, List<String> expected) implements Step {}

  /** Checks go up or down from here on. */
  public record Health(int line, String text, boolean up, List<String> checks) implements Step {}

  /** An endpoint's checks have this weight from here on. */
  public record Weigh(int line, String text, Weight weight, String check) implements Step {}

  /** Reads a file. */
  public static GoldenCase read(Path file) {
    Map<String, String> files = new LinkedHashMap<>();
    List<String> geo = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    List<String> lines = lines(file);
    int at = 0;
    while (at < lines.size()) {
      String heading = lines.get(at);
      int end = at + 1;
      while (end < lines.size() && !lines.get(end).startsWith(SECTION)) {
        end++;
      }
      if (heading.startsWith(SECTION)) {
        section(heading.substring(SECTION.length()), lines, at, end, files, geo, steps);
      }
      at = heading.startsWith(SECTION) ? end : at + 1;
    }
    return new GoldenCase(file, files, geo, steps);
  }

  private static void section(
      String heading,
      List<String> lines,
      int at,
      int end,
      Map<String, String> files,
      List<String> geo,
      List<Step> steps) {
    List<String> body = lines.subList(at + 1, end);
    String name = heading.substring(heading.indexOf(' ') + 1);
    switch (heading.substring(
        0, heading.indexOf(' ') < 0 ? heading.length() : heading.indexOf(' '))) {
      case "zone" -> files.put(fileName(name) + ".zone", text(body));
      case "policy" -> files.put(fileName(name) + ".policy.yaml", text(body));
      case "latency" -> files.put("latency.csv", text(body));
      case "geo" -> body.stream().filter(line -> !line.isBlank()).forEach(geo::add);
      case "queries" -> steps(lines, at + 1, end, steps);
      default -> throw new IllegalArgumentException("no such section: " + heading);
    }
  }

  /** The root's files are called after the sign that stands for an origin. */
  private static String fileName(String zone) {
    return zone.equals(".") ? "@" : zone.substring(0, zone.length() - 1);
  }

  private static String text(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }

  private static void steps(List<String> lines, int from, int to, List<Step> steps) {
    for (int i = from; i < to; i++) {
      if (lines.get(i).startsWith(STEP)) {
        int end = i + 1;
        while (end < to && isExpectation(lines.get(end))) {
          end++;
        }
        steps.add(step(i + 1, lines.get(i).substring(STEP.length()), lines.subList(i + 1, end)));
      }
    }
  }

  /** Comments and empty lines end an expectation, so that an update leaves them where they are. */
  static boolean isExpectation(String line) {
    return !line.isBlank() && !line.startsWith("$") && !line.startsWith("#");
  }

  private static Step step(int line, String text, List<String> expected) {
    List<String> words = Arrays.asList(text.split("\\s+", -1));
    return switch (words.getFirst()) {
      case "up" -> new Health(line, text, true, words.subList(1, words.size()));
      case "down" -> new Health(line, text, false, words.subList(1, words.size()));
      case "weight" -> new Weigh(line, text, Weight.parse(words.getLast()), words.get(1));
      default -> new Ask(line, text, List.copyOf(expected));
    };
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
