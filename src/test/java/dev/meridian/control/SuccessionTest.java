package dev.meridian.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meridian.config.ConfigKey;
import dev.meridian.config.ServerConfig;
import dev.meridian.health.HealthMemory;
import dev.meridian.health.HealthOverride;
import dev.meridian.publish.LoadFailedException;
import dev.meridian.state.StateFile;
import dev.meridian.state.StateInUseException;
import dev.meridian.state.StateLock;
import dev.meridian.testkit.Asking;
import dev.meridian.transport.PassedSocket;
import dev.meridian.transport.UnixSocket;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A server against processes that want its place and do not get there: the test is the other. */
class SuccessionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** For steps that never come; a machine that is slow makes nobody fail. */
  private static final UpgradeTimes IMPATIENT =
      new UpgradeTimes(Duration.ofMillis(200), Duration.ofMillis(200), Duration.ofMillis(1));

  @TempDir private Path folder;

  /** How far another process gets. */
  enum Step {
    CONNECTED,
    WELCOMED,
    SOCKETS,
    INHERITED,
    SERVING
  }

  @BeforeEach
  void needsLinux() throws IOException {
    assumeTrue(UnixSocket.isAvailable(), "needs Linux");
    ZoneFolder.write(folder, 1);
  }

  @ParameterizedTest
  @EnumSource
  void whereverTheOtherDiesThisOneGoesOn(Step last) throws Exception {
    try (Server server = serve();
        Predecessor waiting = open(server, UpgradeTimes.DEFAULT)) {
      try (Heir heir = new Heir()) {
        heir.goTo(last);
      }
      assertGoesOn(server, waiting);
      assertThat(server.upgradeFailures()).isEqualTo(last == Step.CONNECTED ? 0 : 1);
      assertTheNextOneTakesOver(waiting);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CONNECTED")
  void whereverTheOtherHangsThisOneGoesOn(Step last) throws Exception {
    try (Server server = serve();
        Predecessor waiting = open(server, IMPATIENT);
        Heir heir = new Heir()) {
      try {
        heir.goTo(last);
        heir.awaitEnd();
      } catch (IOException e) {
        // the machine is slow, and the server was out of patience before that step
      }
      assertGoesOn(server, waiting);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CONNECTED")
  void whereverTheOtherGivesUpThisOneGoesOn(Step last) throws Exception {
    try (Server server = serve();
        Predecessor waiting = open(server, UpgradeTimes.DEFAULT);
        Heir heir = new Heir()) {
      heir.goTo(last);
      heir.line.send(new HandoverMessage.Failed("for a reason"));
      heir.awaitEnd();
      assertGoesOn(server, waiting);
    }
  }

  @Test
  void onlyOneProcessReadsProbesAndWritesAtATime() throws Exception {
    try (Server server = serve();
        Predecessor _ = open(server, UpgradeTimes.DEFAULT);
        Heir heir = new Heir()) {
      heir.goTo(Step.WELCOMED);
      assertThatThrownBy(() -> StateLock.take(state())).isInstanceOf(StateInUseException.class);
      server.place(override(server)).join();
      heir.goTo(Step.INHERITED);
      StateLock.take(state()).close();
      assertThatThrownBy(() -> server.place(override(server)).join())
          .hasRootCauseInstanceOf(IOException.class);
      assertThat(server.reload("test").join().problems().getFirst().message())
          .contains("another process is taking over");
      assertThat(HealthMemory.read(heir.inherited().health()).overrides())
          .extracting(HealthOverride::reason)
          .containsExactly("test");
      assertThat(heir.inherited().cookies()).isNotEmpty();
      assertThat(heir.inherited().generation()).isEqualTo(1);
      assertThat(heir.sockets)
          .extracting(PassedSocket::kind)
          .contains(PassedSocket.Kind.UDP, PassedSocket.Kind.TCP, PassedSocket.Kind.UPGRADE);
    }
  }

  @Test
  void whatTheOtherHasKeptBeforeItsEndHolds() throws Exception {
    try (Server server = serve();
        Predecessor waiting = open(server, UpgradeTimes.DEFAULT)) {
      try (Heir heir = new Heir()) {
        heir.goTo(Step.SERVING);
        HealthMemory memory = HealthMemory.read(heir.inherited().health());
        StateFile file = HealthKeeper.file(state());
        file.read();
        file.write(
            new HealthMemory(
                    memory.savedAt(),
                    memory.checks(),
                    List.of(override(server)),
                    memory.heartbeats())
                .octets());
      }
      await().atMost(PATIENCE).until(waiting::isIdle);
      assertThat(server.board().overrides())
          .extracting(HealthOverride::reason)
          .containsExactly("test");
      await().atMost(PATIENCE).until(() -> address(server).equals("192.0.2.20"));
    }
  }

  @Test
  void aSecondOneIsTurnedAway() throws Exception {
    try (Server server = serve();
        Predecessor _ = open(server, UpgradeTimes.DEFAULT);
        Heir first = new Heir()) {
      first.goTo(Step.INHERITED);
      try (Heir second = new Heir()) {
        assertThatThrownBy(() -> second.goTo(Step.WELCOMED))
            .hasMessageContaining("another process is taking over already");
      }
      assertThat(address(server)).isEqualTo("192.0.2.10");
    }
  }

  @Test
  void filesThatCannotBeServedAreNoticedBeforeAnythingIsAskedFor() throws Exception {
    try (Server server = serve();
        Predecessor waiting = open(server, UpgradeTimes.DEFAULT)) {
      ServerConfig config = server.config();
      ZoneFolder.breakIt(folder);
      try (Successor next = Successor.begin(config, "2.0", UpgradeTimes.DEFAULT)) {
        assertThatThrownBy(() -> next.start(config, Parts.of(config, "2.0")))
            .isInstanceOf(LoadFailedException.class);
      }
      ZoneFolder.repair(folder);
      assertGoesOn(server, waiting);
    }
  }

  @Test
  void whereNobodyServesThereIsNothingToTakeOver() throws Exception {
    ServerConfig config;
    try (Server server = serve()) {
      config = server.config();
    }
    assertThatThrownBy(() -> Successor.begin(config, "2.0", UpgradeTimes.DEFAULT))
        .isInstanceOf(UpgradeException.class)
        .hasMessageContaining("start without --take-over");
    assertThatThrownBy(() -> UpgradeCall.make(state(), _ -> {}))
        .hasMessageContaining("no server can be asked");
  }

  @Test
  void oneThatReadsSocketsInAnotherWayDoesNotTakeOver() throws Exception {
    try (Server server = serve();
        Predecessor waiting = open(server, UpgradeTimes.DEFAULT)) {
      ServerConfig other =
          ServerConfig.builder()
              .flag(ConfigKey.STATE, List.of(state().toString()))
              .flag(ConfigKey.UDP_PATH, List.of("netty"))
              .conclude();
      assertThatThrownBy(() -> Successor.begin(other, "2.0", UpgradeTimes.DEFAULT))
          .hasMessageContaining("udp-path is NETTY here and FOREIGN there");
      assertGoesOn(server, waiting);
    }
  }

  @Test
  void theCommandSaysWhyTheOldVersionGoesOn() throws Exception {
    try (Server server = serve();
        Predecessor waiting = open(server, UpgradeTimes.DEFAULT)) {
      assertThatThrownBy(() -> UpgradeCall.make(state(), _ -> {}))
          .isInstanceOf(UpgradeException.class)
          .hasMessageContaining("no other process can be started: the test starts none");
      assertGoesOn(server, waiting);
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "2", "2000000000"})
  void oneThatHandsOverInAnotherWayIsTurnedAway(int protocol) throws Exception {
    try (Server server = serve();
        Predecessor _ = open(server, UpgradeTimes.DEFAULT);
        Heir heir = new Heir()) {
      heir.line.send(new HandoverMessage.Hello(protocol, "9.9"));
      assertThatThrownBy(() -> heir.line.receive(HandoverMessage.Welcome.class, PATIENCE))
          .hasMessageContaining("9.9 hands over in another way");
    }
  }

  private Path state() {
    return folder.resolve(".state");
  }

  private Server serve() throws LoadFailedException {
    return ZoneFolder.serve(
        folder, Map.of(ConfigKey.WATCH, "off", ConfigKey.STATE, state().toString()));
  }

  private static Predecessor open(Server server, UpgradeTimes times) throws IOException {
    return Predecessor.open(
        server,
        List.of(),
        times,
        _ -> {},
        () -> {
          throw new IOException("the test starts none");
        });
  }

  /** Answers, publishes, keeps, and has the folder to itself. */
  private void assertGoesOn(Server server, Predecessor waiting) throws Exception {
    await().atMost(PATIENCE).until(waiting::isIdle);
    assertThat(waiting.successor()).isNotDone();
    assertThat(server.reload("test").join().ok()).isTrue();
    server.lift("example.org", false).exceptionally(_ -> server.board()).join();
    await().atMost(PATIENCE).until(() -> address(server).equals("192.0.2.10"));
    assertThat(Asking.tcp(server.addresses().getFirst(), query()).getSection(Section.ANSWER))
        .isNotEmpty();
    HealthOverride override = override(server);
    server.place(override).join();
    await().atMost(PATIENCE).until(() -> address(server).equals("192.0.2.20"));
    byte[] kept = Objects.requireNonNull(HealthKeeper.file(state()).read().octets());
    assertThat(HealthMemory.read(kept).overrides()).containsExactly(override);
    assertThatThrownBy(() -> StateLock.take(state())).isInstanceOf(StateInUseException.class);
  }

  private void assertTheNextOneTakesOver(Predecessor waiting) throws Exception {
    try (Heir heir = new Heir()) {
      heir.goTo(Step.SERVING);
      heir.line.send(new HandoverMessage.Proven());
      heir.line.receive(HandoverMessage.Farewell.class, PATIENCE);
      assertThat(waiting.successor().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .isEqualTo(ProcessHandle.current().pid());
    }
  }

  private static HealthOverride override(Server server) {
    Instant now = server.now();
    return new HealthOverride(
        "example.org", HealthOverride.Action.DOWN, "ann", "test", now, now.plusSeconds(3600));
  }

  private static Message query() {
    return Message.newQuery(
        Record.newRecord(Name.fromConstantString("www.example.org."), Type.A, DClass.IN));
  }

  private static String address(Server server) {
    return Asking.udp(server.addresses().getFirst(), query())
        .getSection(Section.ANSWER)
        .getFirst()
        .rdataToString();
  }

  /** A process that wants the server's place, as far as the server can tell. */
  private final class Heir implements AutoCloseable {
    final HandoverLine line;
    final List<PassedSocket> sockets = new ArrayList<>();
    private HandoverMessage.@Nullable Inheritance inherited;
    private Step at = Step.CONNECTED;

    Heir() throws IOException {
      line = new HandoverLine(UnixSocket.connect(HandoverLine.path(state())));
    }

    void goTo(Step last) throws IOException {
      while (at.ordinal() < last.ordinal()) {
        at = Step.values()[at.ordinal() + 1];
        take(at);
      }
    }

    private void take(Step step) throws IOException {
      switch (step) {
        case CONNECTED -> throw new AssertionError("it is");
        case WELCOMED -> {
          line.send(new HandoverMessage.Hello(HandoverMessage.PROTOCOL, "2.0"));
          line.receive(HandoverMessage.Welcome.class, PATIENCE);
        }
        case SOCKETS -> {
          line.send(new HandoverMessage.Ready());
          sockets.add(line.receive(PATIENCE).socket());
        }
        case INHERITED -> {
          HandoverLine.Received received = line.receive(PATIENCE);
          while (received.message() instanceof HandoverMessage.Passed) {
            sockets.add(received.socket());
            received = line.receive(PATIENCE);
          }
          inherited = (HandoverMessage.Inheritance) received.message();
        }
        case SERVING -> line.send(new HandoverMessage.Serving(0));
      }
    }

    HandoverMessage.Inheritance inherited() {
      return Objects.requireNonNull(inherited);
    }

    /** Until the server has hung up. */
    void awaitEnd() throws IOException {
      try {
        while (true) {
          HandoverLine.Received received = line.receive(PATIENCE);
          if (received.message() instanceof HandoverMessage.Passed) {
            sockets.add(received.socket());
          }
        }
      } catch (EOFException e) {
        // it has
      }
    }

    @Override
    public void close() {
      sockets.forEach(PassedSocket::close);
      line.close();
    }
  }
}
