package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.CompiledSet;
import dev.meridian.load.LoadedSet;
import dev.meridian.load.SetCompiler;
import dev.meridian.load.ZoneSetLoader;
import dev.meridian.source.LoadLimits;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Rfc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What policies choose, as it stands in messages: asked for directly, and at the end of a chain.
 */
class RoutedAnswersTest {
  private static final String SOA = "authority: example.com. 5 SOA ";

  @TempDir private Path folder;
  private Answering server = new Answering(List.of());

  @BeforeEach
  void load() throws IOException {
    Files.writeString(
        folder.resolve("example.com.zone"),
        """
        $TTL 60
        @ SOA ns1 hostmaster 1 2 3 4 5
        @ NS ns1
        ns1 A 192.0.2.53
        nick CNAME both
        away CNAME elsewhere
        """);
    Files.writeString(
        folder.resolve("example.com.policy.yaml"),
        """
        endpoints:
          a: { address: 192.0.2.1 }
          b: { address: 192.0.2.1 }
          c: { address: 192.0.2.2 }
          gone: { cname: nothing.example.com. }
        records:
          both: { ttl: 30, multivalue: [a, b, c] }
          elsewhere: { ttl: 30, endpoint: gone }
        """);
    LoadedSet loaded = ZoneSetLoader.load(folder, LoadLimits.DEFAULT, new HealthRegistry());
    CompiledSet set =
        SetCompiler.compile(loaded, GeoDatabase.embedded())
            .orElseThrow(() -> new AssertionError(loaded.problems().list().toString()));
    server = new Answering(List.of());
    server.publish(ServerState.of(set.zones(), EligibilitySnapshot.ALL, 1));
  }

  private static String both(String address) {
    return "answer: both.example.com. 30 A " + address;
  }

  @Test
  @Rfc(number = 2181, sections = "5")
  void anAddressOfTwoEndpointsIsAnsweredOnce() {
    Set<List<String>> orders = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      List<String> answer = server.dig("both.example.com.", "A");
      assertThat(answer)
          .containsExactlyInAnyOrder("NOERROR aa", both("192.0.2.1"), both("192.0.2.2"));
      orders.add(answer);
    }
    assertThat(orders).hasSize(2);
  }

  @Test
  void soItIsAtTheEndOfAChain() {
    Set<List<String>> orders = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      List<String> answer = server.dig("nick.example.com.", "A");
      assertThat(answer)
          .containsExactlyInAnyOrder(
              "NOERROR aa",
              "answer: nick.example.com. 60 CNAME both.example.com.",
              both("192.0.2.1"),
              both("192.0.2.2"));
      orders.add(answer);
    }
    assertThat(orders).hasSize(2);
  }

  @Test
  void anyAtARoutedNameIsOneRoutedRRset() {
    assertThat(server.dig("both.example.com.", "ANY"))
        .containsExactlyInAnyOrder("NOERROR aa", both("192.0.2.1"), both("192.0.2.2"));
  }

  @Test
  void aRoutedNameWithoutTheTypeIsNoData() {
    assertThat(server.dig("both.example.com.", "TXT").getFirst()).isEqualTo("NOERROR aa");
    assertThat(server.dig("both.example.com.", "TXT").getLast()).startsWith(SOA);
  }

  @Test
  @Rfc(number = 6604, sections = "2.1")
  void theCodeIsThatOfTheLastNameOfAChain() {
    List<String> answer = server.dig("away.example.com.", "A");
    assertThat(answer.subList(0, 3))
        .containsExactly(
            "NXDOMAIN aa",
            "answer: away.example.com. 60 CNAME elsewhere.example.com.",
            "answer: elsewhere.example.com. 30 CNAME nothing.example.com.");
    assertThat(answer.getLast()).startsWith(SOA);
  }
}
