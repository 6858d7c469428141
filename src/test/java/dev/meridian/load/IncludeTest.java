package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.testkit.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code $INCLUDE} reads files below the zone folder, and nothing else however it is spelled. */
class IncludeTest {
  private static final String HEAD =
      """
      $TTL 3600
      @ SOA ns1 h 1 2 3 4 5
      @ NS ns.example.net.
      """;

  /** Reads as a record, so that a leak would be seen. */
  private static final String SECRET = "secret A 192.0.2.66\n";

  @TempDir private Path outside;
  private Path folder = Path.of("");

  @BeforeEach
  void secretBesideTheZoneFolder() throws IOException {
    folder = Files.createDirectory(outside.resolve("zones"));
    Files.writeString(outside.resolve("secret"), SECRET);
    Files.createDirectory(outside.resolve("zones-other"));
    Files.writeString(outside.resolve("zones-other/secret"), SECRET);
  }

  private ZoneFolder zone(String text) {
    return new ZoneFolder(folder).write("example.com.zone", HEAD + text + "\n");
  }

  @Test
  void anIncludedFileHasItsOwnOriginAndOwnerAndLeavesThoseOfTheOtherAlone() {
    LoadedZone zone =
        zone("a A 192.0.2.1\n$INCLUDE sub/part.inc sub\n A 192.0.2.2\nb A 192.0.2.3")
            .write("sub/part.inc", "c A 192.0.2.4\n$ORIGIN deep\n@ A 192.0.2.5\n$TTL 60\n")
            .zone();

    assertThat(ZoneFolder.records(zone, "a", "A")).isEqualTo("3600 c0000201 c0000202");
    assertThat(ZoneFolder.records(zone, "c.sub", "A")).isEqualTo("3600 c0000204");
    assertThat(ZoneFolder.records(zone, "deep.sub", "A")).isEqualTo("3600 c0000205");
    assertThat(ZoneFolder.records(zone, "b", "A"))
        .as("$TTL stays")
        .startsWith("3600 c0000203".replace("3600", "60"));
    assertThat(zone.files().names()).containsExactly("example.com.zone", "sub/part.inc");
  }

  @Test
  void problemsNameTheIncludedFile() {
    assertThat(zone("$INCLUDE part.inc").write("part.inc", "\na A x\n").problems())
        .containsExactly("part.inc:2:5: 'x' is not an IPv4 address");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret",
        "./../secret",
        "sub/../../secret",
        "sub/../../../secret",
        "../zones-other/secret",
        "../zones/../secret",
        "/etc/passwd",
        "//etc/passwd",
        "/proc/self/environ",
        "/dev/zero",
        "link",
        "linked-folder/secret",
        "chain",
        "sub/link",
        "/../../etc/passwd",
        "..",
        ".",
        "sub",
        "",
        "none",
        "sub/none",
        "secret\\000",
        "~/secret",
        "file:///etc/passwd",
        "..\\\\secret",
        "%2e%2e/secret",
      })
  void nothingOutsideIsOpened(String written) throws IOException {
    Files.createDirectory(folder.resolve("sub"));
    Files.createSymbolicLink(folder.resolve("link"), outside.resolve("secret"));
    Files.createSymbolicLink(folder.resolve("linked-folder"), outside);
    Files.createSymbolicLink(folder.resolve("chain"), folder.resolve("link"));
    Files.createSymbolicLink(folder.resolve("sub/link"), Path.of("../../secret"));

    LoadedSet set = zone("$INCLUDE \"" + written + "\"").load();

    assertThat(set.zones()).isEmpty();
    assertThat(set.problems().list())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.toString()).startsWith("example.com.zone:4:10: $INCLUDE '");
              assertThat(problem.message()).doesNotContain("192.0.2.66");
            });
  }

  @Test
  void aLinkInsideOfTheFolderIsFollowed() throws IOException {
    Path real = Files.createDirectories(folder.resolve("..2026_11_23")).resolve("part.inc");
    Files.writeString(real, "a A 192.0.2.1\n");
    Files.createSymbolicLink(folder.resolve("part.inc"), Path.of("..2026_11_23/part.inc"));

    assertThat(ZoneFolder.records(zone("$INCLUDE part.inc").zone(), "a", "A"))
        .isEqualTo("3600 c0000201");
  }

  @Test
  @Check("S36")
  void aPipeIsNotOpened() throws Exception {
    Process mkfifo = new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start();
    Assumptions.assumeTrue(
        mkfifo.waitFor(10, TimeUnit.SECONDS) && mkfifo.exitValue() == 0, "mkfifo is missing");

    assertThat(zone("$INCLUDE pipe").problems())
        .containsExactly("example.com.zone:4:10: $INCLUDE 'pipe': not a regular file");
  }

  @Test
  @Check("S36")
  void aCircleIsAnError() throws IOException {
    Files.createSymbolicLink(folder.resolve("again"), folder.resolve("example.com.zone"));

    assertThat(
            zone("$INCLUDE a").write("a", "$INCLUDE b\n").write("b", "$INCLUDE again\n").problems())
        .containsExactly("b:1:10: $INCLUDE 'again': the file would include itself");
  }

  @Test
  @Check("S36")
  void eightLevelsAreAllowedAndNineAreNot() {
    ZoneFolder zone = zone("$INCLUDE 1");
    for (int i = 1; i <= 8; i++) {
      zone.write(Integer.toString(i), "n" + i + " A 192.0.2.1\n");
      zone.write(Integer.toString(i), "$INCLUDE " + (i + 1) + "\n");
    }
    zone.write("8", "deepest A 192.0.2.1\n");
    assertThat(ZoneFolder.records(zone.zone(), "deepest", "A")).isEqualTo("3600 c0000201");

    zone.write("8", "$INCLUDE 9\n").write("9", "deepest A 192.0.2.1\n");
    assertThat(zone.problems()).containsExactly("8:1:10: $INCLUDE '9': nested more than 8 deep");
  }
}
