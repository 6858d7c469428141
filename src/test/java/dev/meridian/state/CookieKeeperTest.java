package dev.meridian.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.meridian.answer.AnswerSettings;
import dev.meridian.answer.CookieSecrets;
import dev.meridian.answer.Counter;
import dev.meridian.answer.ServerCookies;
import dev.meridian.answer.ServerIdentity;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Rfc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Message;

/** The life of the server's own cookie secrets, with cookies as clients see them. */
class CookieKeeperTest {
  private static final int COOKIE = 10;
  private static final Duration LIFETIME = Duration.ofHours(2);
  private static final byte[] CLIENT = {1, 2, 3, 4, 5, 6, 7, 8};
  private static final CookieSecrets NOBODYS = CookieSecrets.random(new Random(0));

  @TempDir private Path folder;

  private Instant now = Instant.parse("2026-11-23T12:00:00Z");
  private final InstantSource clock = () -> now;
  private final Random random = new Random(42);
  private final List<CookieKeeper> begun = new ArrayList<>();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(CookieKeeper.class);
  private final Level level = logger.getLevel();

  @BeforeEach
  void listen() {
    log.start();
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    logger.addAppender(log);
  }

  @AfterEach
  void end() {
    begun.forEach(CookieKeeper::close);
    logger.detachAppender(log);
    logger.setAdditive(true);
    logger.setLevel(level);
  }

  /** A server as it would be started, with a client's view of it. */
  private final class Life {
    final ServerCookies cookies = new ServerCookies(NOBODYS, clock);
    final CookieKeeper keeper =
        new CookieKeeper(folder.resolve("state"), clock, LIFETIME, random, cookies::use);
    final Answering server =
        new Answering(
            List.of(Answering.zone("example.com.", "@ 300 SOA ns1 h 1 2 3 4 5").build()),
            new AnswerSettings(
                1232, Optional.of(cookies), ServerIdentity.HIDDEN, Optional.empty(), false));

    /** Nothing is closed before the next one: each ends as suddenly as by {@code kill -9}. */
    Life() {
      begun.add(keeper);
      keeper.begin();
    }

    byte[] ask(byte[] cookie) {
      Message query = Answering.queryWithOption("example.com.", "SOA", COOKIE, cookie);
      byte[] option = server.ask(query).getOPT().getOptions(COOKIE).getFirst().toWire();
      return Arrays.copyOfRange(option, 4, option.length);
    }

    boolean accepts(byte[] cookie) {
      long before = server.context().stats().get(Counter.COOKIE_VALID);
      ask(cookie);
      return server.context().stats().get(Counter.COOKIE_VALID) > before;
    }
  }

  private List<String> warnings() {
    return log.list.stream()
        .filter(event -> event.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("state"))) {
      return files.sorted().toList();
    }
  }

  @Test
  void cookiesOutliveASuddenEnd() {
    byte[] cookie = new Life().ask(CLIENT);
    Life next = new Life();
    assertThat(next.accepts(cookie)).isTrue();
    assertThat(next.ask(cookie)).isEqualTo(cookie);
    assertThat(warnings()).isEmpty();
  }

  @Test
  @Check({"S43", "S56"})
  void onlyTheOwnerCanReadTheSecrets() throws IOException {
    Life process = new Life();
    now = now.plus(LIFETIME);
    process.keeper.look();
    assertThat(files()).hasSize(2);
    for (Path file : files()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  @Rfc(number = 7873, sections = "7.1")
  void aSecretIsReplacedInTimeAndNoValidCookieFails() {
    Life process = new Life();
    byte[] first = process.ask(CLIENT);
    byte[] latest = first;
    for (int minute = 0; minute < 600; minute++) {
      now = now.plus(Duration.ofMinutes(1));
      process.keeper.look();
      assertThat(process.accepts(latest)).as("after %d minutes", minute).isTrue();
      latest = process.ask(latest);
    }
    assertThat(process.accepts(first)).isFalse();
    long rolls =
        log.list.stream().filter(event -> event.getMessage().contains("new secret")).count();
    assertThat(rolls).isEqualTo(5);
  }

  @Test
  void aCookieFromJustBeforeARollOverIsGoodForItsHour() {
    Life process = new Life();
    now = now.plus(LIFETIME).minusSeconds(1);
    byte[] cookie = process.ask(CLIENT);
    now = now.plusSeconds(1);
    process.keeper.look();
    now = now.plusSeconds(3598);
    assertThat(process.accepts(cookie)).isTrue();
    assertThat(process.ask(cookie)).as("a cookie by the new secret").isNotEqualTo(cookie);
    assertThat(new Life().accepts(cookie)).as("by the next process too").isTrue();
  }

  @Test
  void aSecretThatBecameTooOldWhileTheServerWasOffIsReplacedAtTheStart() {
    Life before = new Life();
    now = now.plus(LIFETIME).minusSeconds(10);
    byte[] cookie = before.ask(CLIENT);
    now = now.plusSeconds(20);
    Life after = new Life();
    assertThat(after.accepts(cookie)).isTrue();
    assertThat(after.ask(cookie)).isNotEqualTo(cookie);
  }

  @Test
  void aClockThatIsSetBackMeansNewSecrets() {
    Life process = new Life();
    now = now.minus(Duration.ofDays(400));
    byte[] cookie = process.ask(CLIENT);
    process.keeper.look();
    assertThat(process.accepts(cookie)).isTrue();
    assertThat(process.ask(cookie)).isNotEqualTo(cookie);
  }

  @Test
  void secretsFromTheFutureAreNotUsedAndTheLogSaysWhy() {
    byte[] cookie = new Life().ask(CLIENT);
    now = now.minus(Duration.ofHours(1));
    Life next = new Life();
    assertThat(next.accepts(cookie)).isFalse();
    assertThat(next.accepts(next.ask(CLIENT))).isTrue();
    assertThat(warnings())
        .containsExactly(
            "Making new cookie secrets; those in "
                + folder.resolve("state")
                + " cannot be used: they are dated later than now; was the clock wrong?");
  }

  @Test
  void aDamagedFileIsNotUsedAndTheLogSaysWhy() throws IOException {
    byte[] cookie = new Life().ask(CLIENT);
    for (Path file : files()) {
      Files.write(file, "garbage, and not little of it: more than a header".getBytes(UTF_8));
    }
    Life next = new Life();
    assertThat(next.accepts(cookie)).isFalse();
    assertThat(next.accepts(next.ask(CLIENT))).isTrue();
    assertThat(warnings())
        .singleElement()
        .asString()
        .endsWith("cannot be used: it is not a whole state file");
    byte[] kept = next.ask(CLIENT);
    assertThat(new Life().accepts(kept)).as("repaired").isTrue();
  }

  @Test
  void eachTruncationAndEachChangedOctetIsNoticed() throws IOException {
    new Life();
    Path file = files().getFirst();
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] changed = whole.clone();
      changed[i] ^= 1;
      Files.write(file, changed);
      assertThat(new StateFile(folder.resolve("state"), "cookies").read().octets()).isNull();
      Files.write(file, Arrays.copyOf(whole, i));
      assertThat(new StateFile(folder.resolve("state"), "cookies").read().octets()).isNull();
    }
  }

  @Test
  void aFileThatCannotBeReadIsReplaced() throws IOException {
    new Life();
    Path file = files().getFirst();
    Files.delete(file);
    Files.createDirectory(file);
    Life next = new Life();
    assertThat(next.accepts(next.ask(CLIENT))).isTrue();
    assertThat(warnings().getFirst()).startsWith("Cookie secrets: " + file + " cannot be used: ");
  }

  @Test
  void aFolderThatCannotBeWrittenIsNoReasonNotToServe() throws IOException {
    Files.writeString(folder.resolve("state"), "a file where the folder should be");
    Life process = new Life();
    byte[] cookie = process.ask(CLIENT);
    process.keeper.look();
    process.keeper.look();
    assertThat(process.accepts(cookie)).isTrue();
    assertThat(warnings().stream().filter(line -> line.contains("cannot be kept")))
        .as("complained of once")
        .singleElement()
        .asString()
        .contains("name another folder with --state");

    Files.delete(folder.resolve("state"));
    process.keeper.look();
    assertThat(new Life().accepts(cookie)).as("kept as soon as it can be").isTrue();
  }

  @Test
  void aFolderWithoutWritePermissionIsNoReasonNotToServe() throws IOException {
    Path state = Files.createDirectory(folder.resolve("state"));
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("r-x------"));
    assumeFalse(Files.isWritable(state), "this user may write anywhere (root?)");
    Life process = new Life();
    assertThat(process.accepts(process.ask(CLIENT))).isTrue();
    assertThat(warnings()).hasSize(1);
  }

  @Test
  @Check("S56")
  void noSecretIsEverLogged() throws IOException {
    Life process = new Life();
    now = now.plus(LIFETIME);
    process.keeper.look();
    StateFile.Kept kept = new StateFile(folder.resolve("state"), "cookies").read();
    byte[] octets = kept.octets();
    assertThat(octets).isNotNull().hasSize(40);
    String secret = HexFormat.of().formatHex(octets, 8, 24);
    String all = log.list + CookieRoll.parse(octets, now).toString();
    assertThat(all).doesNotContainIgnoringCase(secret).contains("CookieRoll[since=");
  }
}
