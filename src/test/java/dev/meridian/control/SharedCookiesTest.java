package dev.meridian.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.answer.CookieSecrets;
import dev.meridian.policy.ClientSpace;
import dev.meridian.publish.LoadFailedException;
import dev.meridian.publish.LoadedState;
import dev.meridian.publish.SharedCookies;
import dev.meridian.publish.StateSource;
import dev.meridian.source.Problem;
import dev.meridian.state.CookieFile;
import dev.meridian.testkit.Check;
import dev.meridian.zone.Zones;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The file of cookie secrets that several servers share. */
class SharedCookiesTest {
  private static final String SECRET = "e5e973e5a6b2a43f48e7dc849e37bfcf";

  @TempDir private Path folder;

  private Path file;
  private final List<CookieSecrets> used = new ArrayList<>();

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(folder.resolve("cookies"), "# ours\n\n" + SECRET + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
  }

  private LoadedState load() throws LoadFailedException {
    StateSource rest =
        () -> new LoadedState(new Zones(List.of()), List.of(), SPACE, List.of(warning("other")));
    return new SharedCookies(rest, file, used::add).load();
  }

  private static final ClientSpace SPACE = ControlTest.NOWHERE;

  private static Problem warning(String message) {
    return new Problem("zone", 1, 1, Problem.Severity.WARNING, message);
  }

  private List<String> problems() {
    return CookieFile.read(file).problems().stream().map(Problem::toString).toList();
  }

  @Test
  void eachLoadReadsTheSecretsAnew() throws Exception {
    assertThat(load().problems()).containsExactly(warning("other"));
    Files.writeString(
        file, SECRET.toUpperCase(Locale.ROOT) + "\n  " + SECRET.replace('e', '0') + "\r\n");
    load();
    assertThat(used).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                        | 1 | there is no secret; write one to 3, one a line",
        "e5e9                      | 1 | a cookie secret is 32 hexadecimal digits",
        "# ours;SECRET0            | 2 | a cookie secret is 32 hexadecimal digits",
        "SECRET;SECRET;SECRET;SECRET | 4 | there are more than 3 secrets; take old ones away",
      })
  @Check("S56")
  void whatIsWrongIsToldWithItsPlaceAndWithoutTheSecret(String text, int line, String message)
      throws IOException {
    Files.writeString(file, text.replace(';', '\n').replace("SECRET", SECRET));
    assertThat(problems()).containsExactly(file + ":" + line + ":1: " + message);
    assertThatThrownBy(this::load)
        .isInstanceOfSatisfying(
            LoadFailedException.class,
            e -> assertThat(e.problems()).contains(warning("other")).hasSize(2))
        .hasMessageNotContaining(SECRET);
    assertThat(used).isEmpty();
  }

  @Test
  void aMissingFileIsToldWithWhateverElseIsWrong() throws IOException {
    Files.delete(file);
    StateSource broken =
        () -> {
          throw new LoadFailedException(List.of(warning("broken zone")));
        };
    assertThatThrownBy(() -> new SharedCookies(broken, file, used::add).load())
        .isInstanceOfSatisfying(
            LoadFailedException.class,
            e ->
                assertThat(e.problems().stream().map(Problem::message))
                    .containsExactly("broken zone", "there is no such file"));
  }

  @Test
  void aFolderOrAHugeFileIsNoFileOfSecrets() throws IOException {
    Files.writeString(file, "#".repeat(70_000));
    assertThat(problems()).singleElement().asString().endsWith("to be a file of cookie secrets");
    Files.delete(file);
    Files.createDirectory(file);
    assertThat(problems()).anyMatch(line -> line.contains("cannot be read"));
  }

  @Test
  void secretsThatAnybodyCanReadAreWarnedOf() throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(problems())
        .containsExactly(
            file
                + ":1:1: warning: anybody on this machine can read these secrets; chmod o-r the"
                + " file");
    assertThat(CookieFile.read(file).secrets()).isPresent();
  }
}
