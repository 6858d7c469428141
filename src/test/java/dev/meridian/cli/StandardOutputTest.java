package dev.meridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StandardOutputTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void whatIsWrittenArrivesAndTheCodeStays() {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    assertThat(codeOf(target, 0)).isZero();
    assertThat(target.toString(StandardCharsets.UTF_8))
        .isEqualTo("Zürich" + System.lineSeparator());
    assertThat(codeOf(target, 1)).isEqualTo(1);
    assertThat(told()).isEmpty();
  }

  @Test
  void aResultThatIsLostIsNoSuccess() {
    assertThat(codeOf(failing("No space left on device"), 0)).isEqualTo(3);
    assertThat(told())
        .isEqualTo("meridian: standard output cannot be written: No space left on device");
  }

  @Test
  void whatWasWrongBeforeStaysWhatIsWrong() {
    assertThat(codeOf(failing("No space left on device"), 1)).isEqualTo(1);
  }

  @Test
  void aReaderThatHasEnoughIsNoFault() {
    assertThat(codeOf(failing("Broken pipe"), 0)).isZero();
    assertThat(told()).isEmpty();
  }

  private int codeOf(OutputStream target, int code) {
    StandardOutput out = new StandardOutput(target, StandardCharsets.UTF_8);
    out.stream().println("Zürich");
    return out.conclude(code, new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String told() {
    return err.toString(StandardCharsets.UTF_8).strip();
  }

  private static OutputStream failing(String why) {
    return new OutputStream() {
      @Override
      public void write(int octet) throws IOException {
        throw new IOException(why);
      }
    };
  }
}
