package dev.meridian.control;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.answer.Counter;
import dev.meridian.answer.StateHolder;
import dev.meridian.config.ConfigKey;
import dev.meridian.config.ServerConfig;
import dev.meridian.config.UdpChoice;
import dev.meridian.health.HealthOverride;
import dev.meridian.net.SocketAddresses;
import dev.meridian.publish.LoadFailedException;
import dev.meridian.publish.ReloadResult;
import dev.meridian.rr.RRType;
import dev.meridian.state.JournalEntry;
import dev.meridian.state.StateInUseException;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Rfc;
import dev.meridian.transport.ListenException;
import dev.meridian.transport.UdpPath;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.Edns;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerTest {
  private static final int RCODE_MASK = 0xF;

  @TempDir private Path folder;

  @Test
  void answersOverUdpWithWhatTheFolderSays() throws Exception {
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 1))) {
      byte[] answer = ask(server, "www.example.org.");
      assertThat(answer[3] & RCODE_MASK).isZero();
      assertThat(answer[7]).as("ANCOUNT").isEqualTo((byte) 1);
      assertThat(server.queryStats().getFirst().rcode(0)).isEqualTo(1);
    }
  }

  @Test
  void aChangeOfTheFolderIsServedByItself() throws Exception {
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 1))) {
      ZoneFolder.write(folder, 2);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> server.state().zones().get(0).serial() == 2);
    }
  }

  @Test
  void theJournalTellsOfTheStartOverridesReloadsAndTheEnd() throws Exception {
    ZoneFolder.write(folder, 1);
    try (Server server = ZoneFolder.serve(folder, Map.of(ConfigKey.WATCH, "off"))) {
      server.place(override(server, Duration.ofHours(1))).join();
      server.lift("example.org", false).join();
      ZoneFolder.breakIt(folder);
      server.reload("test").join();
      assertThat(server.journal().since(0, 100))
          .extracting(e -> String.join("|", e.kind().word(), e.from(), e.to(), e.cause()))
          .containsExactly(
              "reload|0|1|start",
              "start|||",
              "override-set||down|ann",
              "health|healthy|unhealthy|override",
              "override-ended|down||lifted",
              "health|unhealthy|healthy|no-data",
              "reload-refused|1|1|test");
      ZoneFolder.repair(folder);
    }
    try (Server server = ZoneFolder.serve(folder)) {
      assertThat(server.journal().since(7, 1).getFirst().kind()).isEqualTo(JournalEntry.Kind.STOP);
    }
  }

  private static HealthOverride override(Server server, Duration lasts) {
    return new HealthOverride(
        "example.org",
        HealthOverride.Action.DOWN,
        "ann",
        "test",
        server.now(),
        server.now().plus(lasts));
  }

  @Test
  void tellsWhoItIsOnlyIfToldTo() throws Exception {
    ZoneFolder.write(folder, 1);
    try (Server server = ZoneFolder.serve(folder)) {
      assertThat(chaos(server, "id.server.")[3] & RCODE_MASK).isEqualTo(5);
    }
    try (Server server =
        ZoneFolder.serve(
            folder, Map.of(ConfigKey.SERVER_VERSION, "one", ConfigKey.SERVER_ID, "fra-1"))) {
      assertThat(new String(chaos(server, "hostname.bind."), ISO_8859_1)).endsWith("fra-1");
      assertThat(new String(chaos(server, "version.bind."), ISO_8859_1)).endsWith("one");
    }
  }

  @Test
  void theAuthoritySectionHasTheServersIfToldTo() throws Exception {
    ZoneFolder.write(folder, 1);
    for (String setting : List.of("on", "off")) {
      try (Server server = ZoneFolder.serve(folder, Map.of(ConfigKey.AUTHORITY_NS, setting))) {
        assertThat(ask(server, "www.example.org.")[9])
            .as("NSCOUNT")
            .isEqualTo((byte) (setting.equals("on") ? 1 : 0));
      }
    }
  }

  @Test
  @Rfc(number = 7873, sections = "5.2.5")
  void aCookieIsGoodAfterARestart() throws Exception {
    ZoneFolder.write(folder, 1);
    byte[] cookie;
    try (Server server = ZoneFolder.serve(folder)) {
      cookie = askWithCookie(server, new byte[8]);
    }
    try (Server server = ZoneFolder.serve(folder)) {
      assertThat(askWithCookie(server, cookie)).isEqualTo(cookie);
      assertThat(validCookies(server)).isEqualTo(1);
    }
  }

  @Test
  @Rfc(number = 9018, sections = "5")
  void serversThatShareSecretsTakeEachOthersCookiesAndRollThemOnReload() throws Exception {
    ZoneFolder.write(folder.resolve("zones"), 1);
    Path secrets = folder.resolve("cookies");
    String old = "e5e973e5a6b2a43f48e7dc849e37bfcf\n";
    Files.writeString(secrets, old);
    Map<ConfigKey, String> shared =
        Map.of(ConfigKey.COOKIE_SECRETS, secrets.toString(), ConfigKey.WATCH, "off");
    Map<ConfigKey, String> other = new HashMap<>(shared);
    other.put(ConfigKey.STATE, folder.resolve("other").toString());
    try (Server one = ZoneFolder.serve(folder.resolve("zones"), shared);
        Server two = ZoneFolder.serve(folder.resolve("zones"), other)) {
      byte[] cookie = askWithCookie(one, new byte[8]);
      assertThat(askWithCookie(two, cookie)).isEqualTo(cookie);
      assertThat(folder.resolve("zones/.state/cookies.1")).doesNotExist();

      Files.writeString(secrets, "445536bcd2513298075a5d379663c962\n" + old);
      assertThat(two.reload("test").join().ok()).isTrue();
      assertThat(askWithCookie(two, cookie)).as("a new one").isNotEqualTo(cookie);
      assertThat(validCookies(two)).isEqualTo(2);

      Files.writeString(secrets, "nonsense\n");
      ReloadResult refused = two.reload("test").join();
      assertThat(refused.problems().toString()).contains(secrets + ":1:1: a cookie secret is");
      assertThat(askWithCookie(two, cookie)).hasSize(24);
      assertThat(validCookies(two)).as("the last good secrets").isEqualTo(3);
    }
  }

  private static long validCookies(Server server) {
    return server.queryStats().stream().mapToLong(s -> s.get(Counter.COOKIE_VALID)).sum();
  }

  private static byte[] askWithCookie(Server server, byte[] cookie) throws IOException {
    byte[] response =
        exchange(server, Answering.queryWithOption("www.example.org.", "A", 10, cookie).toWire());
    byte[] option = Answering.parse(response).getOPT().getOptions(10).getFirst().toWire();
    return Arrays.copyOfRange(option, 4, option.length);
  }

  private static byte[] chaos(Server server, String name) throws IOException {
    byte[] query = WarmUp.query(DomainName.parse(name), RRType.TXT, false);
    query[query.length - 1] = 3;
    return exchange(server, query);
  }

  @Test
  void wrongFilesAtTheStartAreToldWithEveryProblem() throws Exception {
    ZoneFolder.write(folder, 1);
    ZoneFolder.breakIt(folder);
    assertThatThrownBy(() -> ZoneFolder.serve(folder).close())
        .isInstanceOfSatisfying(
            LoadFailedException.class,
            e ->
                assertThat(e.problems())
                    .anyMatch(p -> p.toString().startsWith("broken.example.zone:3:5: ")));
  }

  @Test
  void anAddressInUseIsTold() throws Exception {
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 1))) {
      ServerConfig config =
          ServerConfig.builder()
              .flag(ConfigKey.ZONES, List.of(folder.toString()))
              .flag(ConfigKey.STATE, List.of(folder.resolve(".other").toString()))
              .flag(
                  ConfigKey.LISTEN, List.of(SocketAddresses.format(server.addresses().getFirst())))
              .conclude();
      assertThatThrownBy(() -> Server.start(config, Parts.of(config, "test")).close())
          .isInstanceOf(ListenException.class);
    }
  }

  @Test
  void aStateFolderInUseIsTold() throws Exception {
    try (Server _ = ZoneFolder.serve(ZoneFolder.write(folder, 1))) {
      assertThatThrownBy(() -> ZoneFolder.serve(folder).close())
          .isInstanceOf(StateInUseException.class)
          .hasMessage(
              "the state folder %s is in use by process %d; stop that server, or give this one"
                  + " another --state",
              folder.resolve(".state"), ProcessHandle.current().pid());
    }
    ZoneFolder.serve(folder).close();
  }

  @Test
  void everyUdpChoiceIsOneOfTheTransport() {
    assertThat(Arrays.stream(UdpChoice.values()).map(Enum::name))
        .containsExactlyElementsOf(Arrays.stream(UdpPath.values()).map(Enum::name).toList());
  }

  @Test
  void warmingUpAnswersFromEveryZoneAndStopsInTime() throws Exception {
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 1))) {
      var states = new StateHolder();
      states.publish(server.state());
      assertThat(WarmUp.run(states, 1232, Duration.ofMillis(20))).isPositive();
    }
  }

  @Test
  @Rfc(number = 7828, sections = "3.4")
  void tcpClientsLearnHowLongTheyMayStayAndOfTheEnd() throws Exception {
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 1))) {
      assertThat(keepalive(server)).isEqualTo(100);
      server.drain();
      assertThat(keepalive(server)).isZero();
    }
  }

  /** What edns-tcp-keepalive says, in tenths of a second: it is all there is behind the answer. */
  private static int keepalive(Server server) throws IOException {
    byte[] query =
        Answering.queryWithOption("www.example.org.", "A", Edns.TCP_KEEPALIVE, new byte[0])
            .toWire();
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(5000);
      socket.connect(server.addresses().getFirst());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeShort(query.length);
      out.write(query);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      in.skipNBytes(in.readUnsignedShort() - 2);
      return in.readUnsignedShort();
    }
  }

  static byte[] ask(Server server, String name) throws IOException {
    return exchange(server, WarmUp.query(DomainName.parse(name), RRType.A, false));
  }

  private static byte[] exchange(Server server, byte[] query) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(5000);
      socket.send(new DatagramPacket(query, query.length, server.addresses().getFirst()));
      DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
      socket.receive(answer);
      return Arrays.copyOf(answer.getData(), answer.getLength());
    }
  }
}
