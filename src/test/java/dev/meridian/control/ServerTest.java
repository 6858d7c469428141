package dev.meridian.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.answer.StateHolder;
import dev.meridian.config.ConfigKey;
import dev.meridian.config.ListenAddress;
import dev.meridian.config.ServerConfig;
import dev.meridian.config.UdpChoice;
import dev.meridian.rr.RRType;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
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
              .flag(ConfigKey.LISTEN, List.of(ListenAddress.format(server.addresses().getFirst())))
              .conclude();
      assertThatThrownBy(() -> Server.start(config, Parts.of(config, "test")).close())
          .isInstanceOf(ListenException.class);
    }
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

  private static byte[] ask(Server server, String name) throws IOException {
    byte[] query = WarmUp.query(DomainName.parse(name), RRType.A, false);
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(5000);
      socket.send(new DatagramPacket(query, query.length, server.addresses().getFirst()));
      DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
      socket.receive(answer);
      return Arrays.copyOf(answer.getData(), answer.getLength());
    }
  }
}
