package dev.meridian.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.testkit.Heard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateKeeperTest {
  private static final String NOTHING = "";

  @TempDir private Path folder;
  private Path state;
  private volatile String known = NOTHING;
  private StateKeeper<String> keeper;

  @BeforeEach
  void make() {
    state = folder.resolve("state");
    keeper = new StateKeeper<>("test-keeper", file(), new Word(), NOTHING);
  }

  @AfterEach
  void close() {
    keeper.close();
  }

  private final class Word implements StateKeeper.Subject<String> {
    @Override
    public String name() {
      return "a word";
    }

    @Override
    public String known() {
      return known;
    }

    @Override
    public boolean isNews(String known, String kept) {
      return !known.equals(kept);
    }

    @Override
    public byte[] octets(String known) {
      return known.getBytes(StandardCharsets.UTF_8);
    }
  }

  @Test
  void whatIsKnownIsOnTheDiskBeforeItRests() {
    known = "one";
    keeper.suspend();
    assertThat(kept()).isEqualTo("one");
  }

  @Test
  void whatIsKnownIsOnTheDiskAtTheEnd() {
    known = "last";
    keeper.close();
    assertThat(kept()).isEqualTo("last");
  }

  @Test
  void whileAnotherProcessKeepsItThisOneDoesNot() throws IOException {
    known = "mine";
    keeper.suspend();
    known = "late";
    StateFile other = file();
    other.read();
    other.write("other".getBytes(StandardCharsets.UTF_8));

    assertThat(keeper.inTurn(this::write).join())
        .isEqualTo("another process is taking over; try again in a moment");
    assertThat(keeper.<String>newer(this::kept)).isEqualTo("other");
    assertThat(kept()).isEqualTo("other");
  }

  @Test
  void whatIsKnownHereCountsAgainAfterwards() throws IOException {
    known = "mine";
    keeper.suspend();
    StateFile other = file();
    other.read();
    other.write("other".getBytes(StandardCharsets.UTF_8));
    keeper.resume();
    keeper.suspend();

    assertThat(kept()).isEqualTo("mine");
    assertThat(keeper.<String>newer(this::kept)).isNull();
  }

  @Test
  void aDiskThatTakesNothingIsComplainedOfOnce() throws IOException {
    Files.writeString(state, "a file where the folder should be");
    known = "one";
    try (Heard log = new Heard(StateKeeper.class)) {
      for (int i = 0; i < 3; i++) {
        keeper.suspend();
        keeper.resume();
      }
      assertThat(log.messages())
          .singleElement()
          .asString()
          .startsWith("What is known of a word cannot be kept, and a restart would lose it: ");
      Files.delete(state);
      keeper.suspend();
      assertThat(kept()).isEqualTo("one");
      Files.move(state, folder.resolve("elsewhere"));
      Files.writeString(state, "and again");
      known = "two";
      keeper.resume();
      keeper.suspend();
      assertThat(log.messages()).hasSize(2);
    }
  }

  @Test
  void whatCannotBeUnderstoodIsAsIfNothingWereKept() throws IOException {
    file().write(new byte[] {1});
    StateKeeper.Parser<String> picky =
        _ -> {
          throw new IOException("it is too short");
        };
    try (Heard log = new Heard(StateKeeper.class)) {
      assertThat(StateKeeper.recall(file(), "a word", picky, NOTHING)).isEqualTo(NOTHING);
      assertThat(log.messages())
          .containsExactly(
              "What was known of a word before the start cannot be used: it is too short");
    }
  }

  private String write() {
    try {
      keeper.write(new byte[0]);
      return "written";
    } catch (IOException e) {
      return Objects.requireNonNull(e.getMessage());
    }
  }

  private StateFile file() {
    return new StateFile(state, "word");
  }

  private String kept() {
    return StateKeeper.recall(
        file(), "a word", octets -> new String(octets, StandardCharsets.UTF_8), NOTHING);
  }
}
