package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.master.MasterEntry;
import dev.meridian.master.MasterScanner;
import dev.meridian.master.MasterScanner.MalformedFile;
import dev.meridian.source.LoadLimits;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Rfc;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Input that never ends, or is larger than any zone, is refused early and in bounded memory. */
class LimitsTest {
  private static final MasterScanner.Mistakes NONE =
      new MasterScanner.Mistakes() {
        @Override
        public void error(int line, int column, String message) {
          throw new AssertionError(message);
        }

        @Override
        public void warning(int line, int column, String message) {
          throw new AssertionError(message);
        }
      };

  @TempDir private Path folder;

  /** A text, and then another one for ever; counts what is read. */
  private static final class Endless extends InputStream {
    private final byte[] head;
    private final byte[] rest;
    private long read;

    Endless(String head, String rest) {
      this.head = head.getBytes(StandardCharsets.US_ASCII);
      this.rest = rest.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public int read() {
      long at = read++;
      return at < head.length ? head[(int) at] : rest[(int) ((at - head.length) % rest.length)];
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      for (int i = 0; i < length; i++) {
        target[offset + i] = (byte) read();
      }
      return length;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a TXT ", "a TXT \"", ";", "a TXT ( ", " ", "a\\"})
  @Check("S38")
  void aLineWithoutEndIsGivenUp(String head) throws IOException {
    Endless endless = new Endless(head, "x");
    MasterScanner scanner = new MasterScanner(endless, NONE);

    assertThatThrownBy(() -> scanner.next(new MasterEntry()))
        .isInstanceOf(MalformedFile.class)
        .hasMessage("the line is longer than 65536 octets");
    assertThat(endless.read).isLessThan(4L * MasterScanner.MAX_LINE);
  }

  @Test
  void linesOfBlanksAndNothingElseAreGivenUpToo() throws IOException {
    MasterScanner scanner = new MasterScanner(new Endless("", " "), NONE);

    assertThatThrownBy(() -> scanner.next(new MasterEntry())).isInstanceOf(MalformedFile.class);
  }

  @Test
  @Check("S39")
  void aParenthesisThatIsNeverClosedIsGivenUp() throws IOException {
    Endless lines = new Endless("\na TXT (\n", "x".repeat(999) + "\n");
    MasterScanner scanner = new MasterScanner(lines, NONE);

    assertThatThrownBy(() -> scanner.next(new MasterEntry()))
        .isInstanceOf(MalformedFile.class)
        .hasMessage("the '(' of line 2 is not closed within 524288 octets");
  }

  @Test
  @Check("S38")
  void aFileAboveTheLimitIsNotRead() {
    LoadLimits limits = new LoadLimits(100, 50, 1000, 10);
    ZoneFolder zone =
        new ZoneFolder(folder)
            .limits(limits)
            .write("example.com.zone", "; " + "x".repeat(100))
            .write("example.com.policy.yaml", "# " + "x".repeat(50));

    assertThat(zone.problems())
        .containsExactly(
            "example.com.zone:1:1: the file is larger than the limit of 100 octets",
            "example.com.policy.yaml:1:1: the file is larger than the limit of 50 octets");
  }

  @Test
  @Check("S38")
  void recordsAreCountedGeneratedOnesToo() {
    ZoneFolder zone =
        new ZoneFolder(folder)
            .limits(new LoadLimits(10_000, 100, 20, 10))
            .write(
                "example.com.zone", ZoneFolder.PLAIN_ZONE + "$GENERATE 0-65535 h$ A 192.0.2.1\n");

    assertThat(zone.problems())
        .containsExactly(
            "example.com.zone:7:19: the zone has more than 20 records; raise the limit or split the"
                + " zone");
  }

  @Test
  @Rfc(number = 1035, sections = "4.1.3")
  @Check({"S12", "S40"})
  void anRRsetThatFitsNoMessageIsRefusedOnce() {
    ZoneFolder zone =
        new ZoneFolder(folder)
            .write(
                "example.com.zone",
                ZoneFolder.PLAIN_ZONE + "$GENERATE 0-65535 big A 10.0.${0,0,d}.1\n");
    assertThat(zone.problems()).isNotEmpty();

    zone.write("example.com.zone", ZoneFolder.PLAIN_ZONE + "$GENERATE 0-9999 big TXT $\n");
    assertThat(zone.problems())
        .containsExactly(
            "example.com.zone:7:18: big.example.com. TXT has more than 64000 octets from here on; no"
                + " DNS message can hold it, take records away");
  }

  @Test
  @Check("S37")
  void generateCannotInflateText() {
    ZoneFolder zone =
        new ZoneFolder(folder)
            .write(
                "example.com.zone",
                ZoneFolder.PLAIN_ZONE
                    + "$GENERATE 0-65535 x$ TXT "
                    + "\"${0,250}\" ".repeat(5)
                    + "\n");

    assertThat(zone.problems())
        .containsExactly(
            "example.com.zone:7:11: $GENERATE makes more than 33554432 octets of text");
  }

  @Test
  void problemsAreCutToTheLimitAndCounted() {
    ZoneFolder zone =
        new ZoneFolder(folder)
            .limits(new LoadLimits(10_000, 100, 1000, 3))
            .write("example.com.zone", "a A x\n".repeat(10));

    assertThat(zone.problems()).hasSize(4).last().isEqualTo("example.com.zone:3:5: … and 7 more");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void limitsBelowOneMakeNoSense(long octets) {
    assertThatThrownBy(() -> new LoadLimits(octets, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("zoneFileOctets must be 1 to ");
  }
}
