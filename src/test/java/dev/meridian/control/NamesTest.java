package dev.meridian.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.config.ConfigKey;
import dev.meridian.net.SocketAddresses;
import dev.meridian.publish.LoadFailedException;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.rr.ResolvedName;
import dev.meridian.rr.ResolvedNames;
import dev.meridian.testkit.FakeResolver;
import dev.meridian.wire.DomainName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NamesTest {
  private static final DomainName LB = DomainName.parse("lb.example.net.");
  private static final String POLICY =
      """
      endpoints:
        a: { address: 192.0.2.10 }
      records:
        www: { ttl: 30, endpoint: a }
        lb: { alias: lb.example.net. }
      """;

  @TempDir private Path folder;

  private static Server serve(Path folder, FakeResolver resolver) throws LoadFailedException {
    return ZoneFolder.serve(
        folder,
        Map.of(
            ConfigKey.RESOLVER,
            SocketAddresses.format(resolver.address()),
            ConfigKey.WATCH,
            "off"));
  }

  @Test
  void anAliasIsKnownWhenTheFirstQueryComesAndStaysKnownOverARestart() throws Exception {
    ZoneFolder.write(folder, 1);
    Files.writeString(folder.resolve("example.org.policy.yaml"), POLICY);
    try (FakeResolver resolver = new FakeResolver()) {
      resolver.answer("lb.example.net. A", "lb.example.net. 60 IN A 192.0.2.99");
      resolver.answer("lb.example.net. AAAA");
      try (Server server = serve(folder, resolver)) {
        assertThat(server.state().resolved().find(LB).isComplete()).isTrue();
        assertThat(lastOctet(server)).isEqualTo(99);
      }
      resolver.silent(true);
      try (Server server = serve(folder, resolver)) {
        assertThat(lastOctet(server)).isEqualTo(99);
      }
    }
  }

  private static int lastOctet(Server server) throws IOException {
    byte[] answer = ServerTest.ask(server, "lb.example.org.");
    assertThat(answer[3] & 0xF).as("response code").isZero();
    return answer[answer.length - 1];
  }

  @Test
  void whatIsKeptIsReadBack() throws Exception {
    RRset one = new RRset(RRType.A, 60, List.of(new byte[] {1, 2, 3, 4}));
    RRset none = new RRset(RRType.AAAA, 30, List.of());
    ResolvedName other = ResolvedName.unknown(DomainName.parse("x.test."));
    ResolvedNames names =
        ResolvedNames.of(List.of(ResolvedName.unknown(LB).with(one).with(none), other));
    ResolvedNames read = NameMemory.read(NameMemory.octets(names));
    assertThat(read.all()).hasSize(2);
    assertThat(read.find(LB).ipv4()).isNotNull().matches(set -> set.saysTheSameAs(one));
    assertThat(read.find(LB).ipv6()).isNotNull().matches(set -> set.saysTheSameAs(none));
    assertThat(read.find(other.name())).isEqualTo(other);
    byte[] octets = NameMemory.octets(names);
    for (int length = 0; length < octets.length; length++) {
      byte[] cut = Arrays.copyOf(octets, length);
      assertThatThrownBy(() -> NameMemory.read(cut)).isInstanceOf(IOException.class);
    }
  }
}
