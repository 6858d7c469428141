package dev.meridian.arch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.testkit.Rfc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Keeps docs/RFC-COVERAGE.md: which test holds the server to which section. Tests name sections in
 * {@link Rfc}, golden cases in their comments. A section that the code cites and no test names
 * fails the build. {@code -Drfc.update=true} writes the page anew.
 */
class RfcCoverageTest {
  private static final Path PAGE = Path.of("docs/RFC-COVERAGE.md");
  private static final Path MAIN = Path.of("src/main/java");
  private static final Path TESTS = Path.of("src/test/java");
  private static final Path CASES = Path.of("src/test/resources/cases");

  /** What the server says it does. */
  private static final List<Integer> PROMISED =
      List.of(
          1034, 1035, 2181, 2308, 3597, 4343, 4592, 5001, 6604, 6672, 6891, 7766, 7828, 7830, 7871,
          7873, 8020, 8482, 8906, 8914, 9018, 9210, 9460, 9471, 9619);

  private static final Pattern LINE_BREAK = Pattern.compile("\\s*\\n\\s*(?:\\*|//)?\\s*");
  private static final Pattern CITATION =
      Pattern.compile("RFC (\\d+) (§[\\d.A-Z]+(?:,? (?:and )?§[\\d.A-Z]+)*)");
  private static final Pattern SECTION = Pattern.compile("§([A-Z\\d]+(?:\\.\\d+)*)");

  /** A section of an RFC, in the order of a table of contents. */
  private record Section(int rfc, String number) implements Comparable<Section> {
    private static final Comparator<Section> ORDER =
        Comparator.comparingInt(Section::rfc).thenComparing(Section::padded);

    private String padded() {
      StringBuilder text = new StringBuilder();
      for (String part : number.split("\\.", -1)) {
        text.append(" ".repeat(Math.max(0, 4 - part.length()))).append(part);
      }
      return text.toString();
    }

    boolean isAtOrAbove(Section other) {
      return rfc == other.rfc && (other.number + ".").startsWith(number + ".");
    }

    @Override
    public int compareTo(Section other) {
      return ORDER.compare(this, other);
    }
  }

  @Test
  void everySectionThatTheCodeCitesHasATest() {
    assertThat(untested(tested()))
        .as("name these in @Rfc on the test that would fail if the code did not do what they say")
        .isEmpty();
  }

  @Test
  void everyStandardThatIsPromisedHasTests() {
    assertThat(tested().keySet().stream().map(Section::rfc).distinct()).containsAll(PROMISED);
  }

  @Test
  void thePageSaysWhatTheTestsSay() throws IOException {
    NavigableMap<Section, Set<String>> tested = tested();
    assertThat(tested).as("annotated sections").hasSizeGreaterThan(20);
    String page = page(tested);
    if (Boolean.getBoolean("rfc.update")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as("%s is not what the tests say; run this test with -Drfc.update=true", PAGE)
        .isEqualTo(page);
  }

  private static NavigableMap<Section, Set<String>> tested() {
    NavigableMap<Section, Set<String>> tested = new TreeMap<>();
    for (Path file : sources(TESTS)) {
      if (read(file).contains("@Rfc(")) {
        Class<?> type = load(file);
        note(tested, type, type.getSimpleName());
        for (Method method : type.getDeclaredMethods()) {
          note(tested, method, type.getSimpleName() + "." + method.getName());
        }
      }
    }
    for (Path file : files(CASES, ".case")) {
      for (Section section : citations(comments(file))) {
        String name = CASES.relativize(file).toString();
        tested.computeIfAbsent(section, any -> new TreeSet<>()).add(name);
      }
    }
    return tested;
  }

  private static String comments(Path file) {
    return read(file)
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.substring(1).strip())
        .collect(Collectors.joining(" "));
  }

  private static void note(
      NavigableMap<Section, Set<String>> tested, AnnotatedElement element, String test) {
    for (Rfc rfc : element.getAnnotationsByType(Rfc.class)) {
      for (String number : rfc.sections()) {
        tested.computeIfAbsent(new Section(rfc.number(), number), any -> new TreeSet<>()).add(test);
      }
    }
  }

  private static Set<Section> untested(NavigableMap<Section, Set<String>> tested) {
    Set<Section> untested = new TreeSet<>();
    for (Path file : sources(MAIN)) {
      for (Section cited : citations(LINE_BREAK.matcher(read(file)).replaceAll(" "))) {
        if (tested.keySet().stream().noneMatch(cited::isAtOrAbove)) {
          untested.add(cited);
        }
      }
    }
    return untested;
  }

  private static List<Section> citations(String text) {
    List<Section> citations = new ArrayList<>();
    Matcher citation = CITATION.matcher(text);
    while (citation.find()) {
      Matcher section = SECTION.matcher(citation.group(2));
      while (section.find()) {
        citations.add(new Section(Integer.parseInt(citation.group(1)), section.group(1)));
      }
    }
    return citations;
  }

  private static String page(NavigableMap<Section, Set<String>> tested) {
    StringBuilder page =
        new StringBuilder(
            """
            # RFC coverage

            Which test holds the server to which section. Written by `RfcCoverageTest` from the `@Rfc` annotations of the
            tests and the comments of the golden cases in `src/test/resources/cases`; `mvn test -Dtest=RfcCoverageTest -Drfc.update=true` writes it anew.

            RFC 8467 (how much to pad) has no row: its policies are for encrypted transports, of which there are none here, and
            RFC 7830 §6 keeps padding off the others.
            """);
    int rfc = 0;
    for (var entry : tested.entrySet()) {
      Section section = entry.getKey();
      if (section.rfc() != rfc) {
        rfc = section.rfc();
        page.append("\n## RFC ").append(rfc).append("\n\n| section | tests |\n|---|---|\n");
      }
      String tests = String.join("`, `", entry.getValue());
      page.append("| §").append(section.number()).append(" | `").append(tests).append("` |\n");
    }
    return page.toString();
  }

  private static List<Path> sources(Path root) {
    return files(root, ".java");
  }

  private static List<Path> files(Path root, String suffix) {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Class<?> load(Path file) {
    String path = TESTS.relativize(file).toString();
    String name = path.substring(0, path.length() - ".java".length()).replace('/', '.');
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError("no class in " + file, e);
    }
  }
}
