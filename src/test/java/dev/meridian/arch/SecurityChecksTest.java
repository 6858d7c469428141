package dev.meridian.arch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.testkit.Check;
import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Keeps docs/SECURITY-CHECKS.md: which test holds the server to which security check. {@code
 * -Dchecks.update=true} writes the page anew.
 */
class SecurityChecksTest {
  private static final Path PAGE = Path.of("docs/SECURITY-CHECKS.md");
  private static final Path TESTS = Path.of("src/test/java");
  private static final Path CHECKS = Path.of("src/test/resources/security-checks.txt");
  private static final int COUNT = 144;
  private static final String APART = "  does not apply: ";
  private static final String EXCEPT = "  except: ";

  /** A line of the list, and what is said of it: why it does not apply, or what is missing. */
  private record Item(String id, String text, String apart, String except) {
    boolean applies() {
      return apart.isEmpty();
    }
  }

  @Test
  void thePageSaysWhatTheTestsSay() throws Exception {
    List<String> lines = Files.readAllLines(CHECKS);
    Map<String, Item> items = items(lines);
    NavigableMap<String, Set<String>> tested = tested();
    assertThat(items).hasSize(COUNT).containsKeys(tested.keySet().toArray(String[]::new));
    assertThat(items.values())
        .as("what does not apply has no test, and an exception is one to a test")
        .noneMatch(item -> !item.applies() && tested.containsKey(item.id()))
        .noneMatch(item -> !item.except().isEmpty() && !tested.containsKey(item.id()));
    String page = page(lines, items, tested);
    if (Boolean.getBoolean("checks.update")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as("%s is not what the tests say; run this test with -Dchecks.update=true", PAGE)
        .isEqualTo(page);
  }

  private static Map<String, Item> items(List<String> lines) {
    Map<String, Item> items = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("S")) {
        String id = id(lines.get(i));
        String note = i + 1 < lines.size() ? lines.get(i + 1) : "";
        String text = lines.get(i).substring(id.length() + 1);
        items.put(id, new Item(id, text, behind(APART, note), behind(EXCEPT, note)));
      }
    }
    return items;
  }

  private static String behind(String word, String note) {
    return note.startsWith(word) ? note.substring(word.length()) : "";
  }

  private static String id(String line) {
    return line.substring(0, line.indexOf(' '));
  }

  private static NavigableMap<String, Set<String>> tested()
      throws IOException, ClassNotFoundException {
    NavigableMap<String, Set<String>> tested = new TreeMap<>();
    try (Stream<Path> files = Files.walk(TESTS)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        if (Files.readString(file).contains("@Check(")) {
          note(tested, file);
        }
      }
    }
    return tested;
  }

  private static void note(NavigableMap<String, Set<String>> tested, Path file)
      throws ClassNotFoundException {
    String path = TESTS.relativize(file).toString();
    Class<?> type = Class.forName(path.replace(".java", "").replace('/', '.'));
    note(tested, type, type.getSimpleName());
    for (Method method : type.getDeclaredMethods()) {
      note(tested, method, type.getSimpleName() + "." + method.getName());
    }
  }

  private static void note(
      NavigableMap<String, Set<String>> tested, AnnotatedElement element, String test) {
    Check check = element.getAnnotation(Check.class);
    if (check != null) {
      for (String id : check.value()) {
        tested.computeIfAbsent(id, any -> new TreeSet<>()).add(test);
      }
    }
  }

  private static String page(
      List<String> lines, Map<String, Item> items, NavigableMap<String, Set<String>> tested) {
    long apart = items.values().stream().filter(item -> !item.applies()).count();
    long excepted = items.values().stream().filter(item -> !item.except().isEmpty()).count();
    StringBuilder page =
        new StringBuilder(
            """
            # Security checks: %d of the %d that apply, of %d

            What an authoritative server on the open internet should hold, collected from faults that others had, and the
            tests that hold this one to it. %d do not apply, and why is said; %d are held with an exception that is named;
            those without a test are not built, or hold without a test that would notice. Written by `SecurityChecksTest`
            from the `@Check` annotations of the tests and `src/test/resources/security-checks.txt`;
            `mvn test -Dtest=SecurityChecksTest -Dchecks.update=true` writes it anew.
            """
                .formatted(tested.size(), COUNT - apart, COUNT, apart, excepted));
    for (String line : lines) {
      if (line.startsWith("#")) {
        page.append('\n').append(line).append("\n\n| | check | tests |\n|---|---|---|\n");
      } else if (line.startsWith("S")) {
        page.append(row(items.get(id(line)), tested.getOrDefault(id(line), Set.of())));
      }
    }
    return page.toString();
  }

  private static String row(@Nullable Item item, Set<String> tests) {
    assertThat(item).isNotNull();
    String cell = tests.isEmpty() ? "" : "`" + String.join("`, `", tests) + "`";
    cell += item.except().isEmpty() ? "" : "; except: " + item.except();
    cell += item.applies() ? "" : "does not apply: " + item.apart();
    String check = item.text().replace("|", "\\|");
    return "| " + item.id() + " | " + check + " | " + cell + " |\n";
  }
}
