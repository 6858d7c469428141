package dev.meridian.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
  @TempDir private Path folder;

  @Test
  void whatWasWrittenLastIsRead() throws IOException {
    StateFile file = new StateFile(folder.resolve("new"), "health");
    assertThat(file.read().octets()).isNull();
    assertThat(file.read().complaints()).isEmpty();
    for (int i = 0; i < 5; i++) {
      file.write(text("state " + i));
      StateFile.Kept kept = new StateFile(folder.resolve("new"), "health").read();
      assertThat(kept.octets()).isEqualTo(text("state " + i));
      assertThat(kept.complaints()).isEmpty();
    }
  }

  @Test
  void theGenerationBeforeIsReadWhereverTheLastOneIsCutOff() throws IOException {
    byte[] whole = writeTwo();
    for (int length = 0; length < whole.length; length++) {
      Files.write(folder.resolve("health.0"), Arrays.copyOf(whole, length));
      assertFirstIsRead("cut to " + length);
    }
  }

  @Test
  void theGenerationBeforeIsReadWhicheverOctetIsWrong() throws IOException {
    byte[] whole = writeTwo();
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;
      Files.write(folder.resolve("health.0"), damaged);
      assertFirstIsRead("damaged at " + at);
    }
  }

  @Test
  void aDeathAtAnyOctetOfADraftLosesNothing() throws IOException {
    byte[] whole = writeTwo();
    for (int length = 0; length <= whole.length; length++) {
      Files.write(folder.resolve("health.draft"), Arrays.copyOf(whole, length));
      StateFile file = new StateFile(folder, "health");
      assertThat(file.read().octets()).isEqualTo(text("second"));
    }
    StateFile file = new StateFile(folder, "health");
    file.read();
    file.write(text("third"));
    assertThat(new StateFile(folder, "health").read().octets()).isEqualTo(text("third"));
  }

  @Test
  void afterADamagedGenerationTheWholeOneIsNotTheNextToBeReplaced() throws IOException {
    writeTwo();
    Files.writeString(folder.resolve("health.0"), "garbage");
    StateFile file = new StateFile(folder, "health");
    file.read();
    file.write(text("third"));

    assertThat(Files.readString(folder.resolve("health.1"), StandardCharsets.ISO_8859_1))
        .contains("first");
    assertThat(new StateFile(folder, "health").read().octets()).isEqualTo(text("third"));
  }

  @Test
  void aFileFromTheFutureIsToldAndLeftOut() throws IOException {
    byte[] whole = writeTwo();
    whole[11] = 2;
    Files.write(folder.resolve("health.0"), whole);
    assertThat(new StateFile(folder, "health").read().complaints())
        .singleElement()
        .asString()
        .contains("health.0 cannot be used: it has format 2, and this build reads format 1 only");
  }

  @Test
  void aFolderThatCannotBeWrittenIsTold() throws IOException {
    Path blocked = Files.writeString(folder.resolve("file"), "in the way");
    StateFile file = new StateFile(blocked, "health");
    assertThat(file.read().octets()).isNull();
    assertThatThrownBy(() -> file.write(text("x"))).isInstanceOf(IOException.class);
  }

  private byte[] writeTwo() throws IOException {
    StateFile file = new StateFile(folder, "health");
    file.write(text("first"));
    file.write(text("second"));
    return Files.readAllBytes(folder.resolve("health.0"));
  }

  private void assertFirstIsRead(String how) {
    StateFile.Kept kept = new StateFile(folder, "health").read();
    assertThat(kept.octets()).as(how).isEqualTo(text("first"));
    assertThat(kept.complaints()).as(how).hasSize(1);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
