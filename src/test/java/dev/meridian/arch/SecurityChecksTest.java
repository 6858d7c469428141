package dev.meridian.arch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.testkit.Check;
import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
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

  @Test
  void thePageSaysWhatTheTestsSay() throws Exception {
    List<String> lines = Files.readAllLines(CHECKS);
    NavigableMap<String, Set<String>> tested = tested();
    List<String> known = lines.stream().filter(l -> l.startsWith("S")).map(l -> id(l)).toList();
    assertThat(known).doesNotHaveDuplicates().hasSize(COUNT).containsAll(tested.keySet());
    String page = page(lines, tested);
    if (Boolean.getBoolean("checks.update")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as("%s is not what the tests say; run this test with -Dchecks.update=true", PAGE)
        .isEqualTo(page);
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

  private static String page(List<String> lines, NavigableMap<String, Set<String>> tested) {
    StringBuilder page =
        new StringBuilder(
            """
            # Security checks: %d of %d

            What an authoritative server on the open internet should hold, collected from faults that others had, and the
            tests that hold this one to it. Those without a test are not built, not needed yet (there is neither signing nor
            transfer here), or hold without a test that would notice. Written by `SecurityChecksTest` from the `@Check`
            annotations of the tests; `mvn test -Dtest=SecurityChecksTest -Dchecks.update=true` writes it anew.
            """
                .formatted(tested.size(), COUNT));
    for (String line : lines) {
      if (line.startsWith("#")) {
        page.append('\n').append(line).append("\n\n| | check | tests |\n|---|---|---|\n");
      } else {
        page.append(row(line, tested.getOrDefault(id(line), Set.of())));
      }
    }
    return page.toString();
  }

  private static String row(String line, Set<String> tests) {
    String cell = tests.isEmpty() ? "" : "`" + String.join("`, `", tests) + "`";
    String check = line.substring(id(line).length() + 1).replace("|", "\\|");
    return "| " + id(line) + " | " + check + " | " + cell + " |\n";
  }
}
