package dev.meridian.state;

import dev.meridian.answer.CookieSecrets;
import dev.meridian.source.Problem;
import dev.meridian.text.Reasons;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads cookie secrets that several servers share (RFC 9018 §5): 32 hexadecimal digits a line, one
 * to three lines. Empty lines and those that begin with {@code #} are skipped. No message repeats
 * what stands in the file.
 */
public final class CookieFile {
  /** Far above any real file; it only keeps a mistaken path from filling the memory. */
  private static final long MAX_OCTETS = 1 << 16;

  private static final Pattern SECRET =
      Pattern.compile("[0-9a-fA-F]{" + 2 * CookieSecrets.LENGTH + "}");

  private final Path file;
  private final List<Problem> problems = new ArrayList<>();
  private final List<byte[]> secrets = new ArrayList<>();

  private CookieFile(Path file) {
    this.file = file;
  }

  /**
   * What a file says.
   *
   * @param secrets empty if any problem is an error
   */
  public record Content(Optional<CookieSecrets> secrets, List<Problem> problems) {}

  /** Reads a file, collecting all that is wrong with it. */
  public static Content read(Path file) {
    return new CookieFile(file).read();
  }

  private Content read() {
    try {
      checkReaders();
      lines();
    } catch (NoSuchFileException e) {
      error(1, "there is no such file");
    } catch (IOException e) {
      error(1, "cannot be read: " + Reasons.of(e));
    }
    if (problems.stream().anyMatch(Problem::isError)) {
      return new Content(Optional.empty(), List.copyOf(problems));
    }
    CookieSecrets read = CookieSecrets.of(secrets.toArray(byte[][]::new));
    return new Content(Optional.of(read), List.copyOf(problems));
  }

  private void checkReaders() throws IOException {
    if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
      String message = "anybody on this machine can read these secrets; chmod o-r the file";
      problems.add(new Problem(file.toString(), 1, 1, Problem.Severity.WARNING, message));
    }
  }

  private void lines() throws IOException {
    if (Files.size(file) > MAX_OCTETS) {
      error(1, "is too large to be a file of cookie secrets");
      return;
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    List<String> lines = text.lines().map(String::strip).toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!line.isEmpty() && !line.startsWith("#")) {
        secret(i + 1, line);
      }
    }
    if (secrets.isEmpty() && problems.stream().noneMatch(Problem::isError)) {
      error(1, "there is no secret; write one to " + CookieSecrets.MAX_COUNT + ", one a line");
    }
  }

  private void secret(int line, String text) {
    if (!SECRET.matcher(text).matches()) {
      error(line, "a cookie secret is " + 2 * CookieSecrets.LENGTH + " hexadecimal digits");
    } else if (secrets.size() == CookieSecrets.MAX_COUNT) {
      error(
          line, "there are more than " + CookieSecrets.MAX_COUNT + " secrets; take old ones away");
    } else {
      secrets.add(HexFormat.of().parseHex(text));
    }
  }

  private void error(int line, String message) {
    problems.add(new Problem(file.toString(), line, 1, Problem.Severity.ERROR, message));
  }
}
