package dev.meridian.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReasonsTest {
  @TempDir private Path folder;

  @Test
  void whatTheTypeSaysIsSaidInWords() {
    assertReason(new NoSuchFileException("/a"), "there is no such file or folder");
    assertReason(new AccessDeniedException("/a"), "permission denied");
    assertReason(new NotDirectoryException("/a"), "it is no folder");
    assertReason(new FileAlreadyExistsException("/a"), "there is a file of that name already");
    assertReason(new MalformedInputException(1), "it is not UTF-8 text");
    assertReason(new EOFException(), "it ends too early");
    assertReason(new ClosedChannelException(), "it has been closed");
    assertReason(new UnknownHostException("a.example"), "the name 'a.example' has no address");
  }

  @Test
  void theSystemsReasonStandsWithoutThePath() {
    assertReason(
        new FileSystemException("/a", null, "No space left on device"), "No space left on device");
  }

  @Test
  void aTypeOfFailureNobodyHasThoughtOfIsNamed() {
    assertReason(new DirectoryNotEmptyException("/a"), "DirectoryNotEmptyException of /a");
    assertReason(new IOException(), "IOException");
    assertReason(new IOException(" "), "IOException");
  }

  @Test
  void whatHasNoOtherNameIsNamedByItsFile() {
    assertThat(Reasons.withFile(new AccessDeniedException("/a")))
        .isEqualTo("/a: permission denied");
    assertThat(Reasons.withFile(new IOException("it is cut off"))).isEqualTo("it is cut off");
  }

  @Test
  void aSentenceIsTakenAsItIs() {
    assertReason(new IOException("it is cut off"), "it is cut off");
    assertReason(new EOFException("the other side has ended"), "the other side has ended");
  }

  @Test
  void whatIsWrappedIsUnwrapped() {
    assertReason(
        new UncheckedIOException("reading", new AccessDeniedException("/a")), "permission denied");
  }

  @Test
  void whatTheSystemThrowsIsToldWithoutThePath() {
    Path missing = folder.resolve("missing");
    assertThat(reasonOf(() -> Files.readString(missing))).doesNotContain("missing");
    assertThat(reasonOf(() -> Files.readString(folder))).isEqualTo("Is a directory");
  }

  private interface Work {
    void run() throws IOException;
  }

  private static String reasonOf(Work work) {
    try {
      work.run();
    } catch (IOException e) {
      return Reasons.of(e);
    }
    throw new AssertionError("it has not failed");
  }

  private static void assertReason(Exception failure, String reason) {
    assertThat(Reasons.of(failure)).isEqualTo(reason);
  }
}
