package dev.meridian.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.HealthRegistry;
import dev.meridian.publish.DiskSource;
import dev.meridian.publish.LoadFailedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are too large for the heap are refused, and the process goes on with what it had. */
class SmallHeapTest {
  private static final String HEAD =
      "$TTL 60\n@ SOA ns1 host 1 2 3 4 5\n@ NS ns1\nns1 A 192.0.2.1\n";

  @TempDir private Path folder;

  @Test
  void whatDoesNotFitIsRefusedAndTheNextIsLoaded() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeapTest.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> said;
    try {
      said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .toList();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(said).hasSize(5);
    assertThat(said.get(0)).isEqualTo("loaded 3");
    assertThat(said.get(1))
        .matches("example.com.zone:1:1: needs about \\d+ MiB of memory while it is loaded, .*");
    assertThat(said.get(2)).isEqualTo("loaded 4");
    assertThat(said.get(3)).matches(".*:1:1: these files need more memory than there is \\(.*");
    assertThat(said.get(4)).isEqualTo("loaded 3");
    assertThat(process.exitValue()).isZero();
  }

  /** The process with the small heap. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Path file = folder.resolve("example.com.zone");
    DiskSource source = new DiskSource(folder, List.of(), new HealthRegistry());
    String generated = "$GENERATE 0-60000 a$ TXT \"" + "x".repeat(200) + "\"\n";
    StringBuilder generating = new StringBuilder(HEAD);
    for (char letter = 'a'; letter <= 'z'; letter++) {
      generating.append(generated.replace("a$", letter + "$"));
    }
    Files.writeString(file, HEAD);
    load(source);
    writeLarge(file);
    load(source);
    Files.writeString(file, HEAD + "a A 192.0.2.2\n");
    load(source);
    Files.writeString(file, generating);
    load(source);
    Files.writeString(file, HEAD);
    load(source);
  }

  private static void writeLarge(Path file) throws IOException {
    String lines = "name-of-a-host A 192.0.2.1 ; of many\n".repeat(400_000);
    Files.writeString(file, lines, StandardOpenOption.APPEND);
  }

  private static void load(DiskSource source) {
    try {
      System.out.println("loaded " + source.load().zones().get(0).recordCount());
    } catch (LoadFailedException e) {
      System.out.println(e.problems().getFirst());
    }
  }
}
