package dev.meridian.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.master.MasterEntry;
import dev.meridian.master.PlainRdata;
import dev.meridian.net.Prefix;
import dev.meridian.source.Problem.Severity;
import dev.meridian.testkit.Check;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Problems, positions, spans of time and hints. */
class SmallPartsTest {
  private static Problem problem(String file, int line, Severity severity) {
    return new Problem(file, line, 1, severity, "m" + line);
  }

  @Test
  void aProblemReadsLikeACompilersMessage() {
    assertThat(new Problem("f", 3, 7, Severity.ERROR, "wrong")).hasToString("f:3:7: wrong");
    assertThat(new Problem("f", 3, 7, Severity.WARNING, "odd")).hasToString("f:3:7: warning: odd");
  }

  @Test
  @Check("S120")
  void whatAProblemQuotesCannotDisturbATerminal() {
    assertThat(new Problem("f", 1, 1, Severity.ERROR, "a\u001b[2Jb\n\u0085c").message())
        .isEqualTo("a [2Jb  c");
    assertThat(new Problem("f", 1, 1, Severity.ERROR, "x".repeat(1000)).message()).hasSize(401);
  }

  @Test
  void problemsAreSortedWithinTheirFiles() {
    Problems problems = new Problems(10);
    problems.add(problem("b", 2, Severity.ERROR));
    problems.add(problem("a", 9, Severity.WARNING));
    problems.add(problem("b", 1, Severity.WARNING));

    assertThat(problems.list()).extracting(Problem::message).containsExactly("m1", "m2", "m9");
    assertThat(problems.errorCount()).isEqualTo(1);
  }

  @Test
  void anErrorTakesTheRoomOfAWarning() {
    Problems problems = new Problems(2);
    problems.add(problem("f", 1, Severity.WARNING));
    problems.add(problem("f", 2, Severity.WARNING));
    problems.add(problem("f", 3, Severity.ERROR));
    Problems all = new Problems(5);
    all.addAll(problems);

    assertThat(all.list())
        .extracting(Problem::toString)
        .containsExactly("f:1:1: warning: m1", "f:3:1: m3", "f:3:1: … and 1 more");
    assertThat(all.hasErrors()).isTrue();
  }

  @Test
  void errorsBeyondTheLimitStillCount() {
    Problems problems = new Problems(1);
    problems.add(problem("f", 1, Severity.ERROR));
    problems.add(problem("f", 2, Severity.ERROR));
    Problems all = new Problems(1);
    all.addAll(problems);

    assertThat(all.errorCount()).isEqualTo(2);
    assertThat(all.list()).extracting(Problem::message).containsExactly("m1", "… and 1 more");
  }

  @Test
  void positionsHoldFileLineAndColumn() {
    SourceFiles files = new SourceFiles();
    files.indexOf("a");
    int b = files.indexOf("b");
    long position = SourceFiles.position(b, 3_000_000, 70_000);

    assertThat(files.file(position)).isEqualTo("b");
    assertThat(SourceFiles.line(position)).isEqualTo(3_000_000);
    assertThat(SourceFiles.column(position)).isEqualTo(65_535);
    assertThat(files.indexOf("a")).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "300, 300",
    "30s, 30",
    "5m, 300",
    "1h30m, 5400",
    "1W2D, 777600",
    "1h30, -1",
    "h, -1",
    "'', -1",
    "-1, -1",
    "1 h, -1",
    "1.5h, -1",
    "0x10, -1",
    "9999999999999, -1",
    "1y, -1"
  })
  void secondsAreReadWithUnits(String text, long seconds) {
    assertThat(TimeText.seconds(text)).isEqualTo(seconds);
  }

  @Test
  void longSpansDoNotOverflow() {
    assertThat(TimeText.seconds("999999999999w".repeat(5000))).isGreaterThan(TimeText.MAX_TTL);
  }

  @ParameterizedTest
  @CsvSource({"500ms, 500", "2s, 2000", "3, 3000", "ms, -1", "1xms, -1", "1.5s, -1"})
  void millisecondsAreReadWithUnits(String text, long milliseconds) {
    assertThat(TimeText.milliseconds(text)).isEqualTo(milliseconds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::",
        "::1",
        "1::",
        "2001:db8::1",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "1:2:3:4::5:6:7:8",
        "1::3:4:5:6:7:8",
        "fe80::A:b",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        ":1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:",
        ":",
        ":::",
        "1:::2",
        "1::2::3",
        "12345::",
        "::g",
        "::1:",
        "::ffff:192.0.2.1",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8"
      })
  void whatIsReadOfAnIpv6AddressAtOnceIsWhatTheWholeGrammarSays(String text) {
    MasterEntry entry = new MasterEntry();
    entry.open(1, 1, false, false);
    entry.append(text.getBytes(StandardCharsets.US_ASCII), 0, text.length());
    entry.close();

    byte[] wanted = text.contains(".") ? null : Prefix.parseAddress(text);

    assertThat(PlainRdata.ipv6(entry, 0)).isEqualTo(wanted);
  }
}
