package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.SetCompiler;
import dev.meridian.load.ZoneSetLoader;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.source.LoadLimits;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.Zones;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChoiceCellsTest {
  @TempDir private Path folder;

  @Test
  void everyEndpointOfAnRRsetHasANumberOfItsOwn() throws Exception {
    ServerState state = counting(ServerState.EMPTY, 10, "www: [ a, b ]", "api: [ b, c ]");
    assertThat(numbers(state).values()).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  @Test
  void anEndpointInSeveralPlacesOfATreeIsCountedInOne() throws Exception {
    String[] records = {"www: [ a, b ]", "api: [ a, { alias: www } ]"};
    ServerState before = counting(ServerState.EMPTY, 10, records);
    assertThat(numbers(before)).containsOnlyKeys("www/a", "www/b", "api/a", "api/b");
    assertThat(numbers(before).values()).doesNotHaveDuplicates();
    assertThat(before.choices().choices()).anyMatch(choice -> choice.leaves().size() == 2);
    assertThat(numbers(counting(before, 10, records))).isEqualTo(numbers(before));
  }

  @Test
  void whatStaysKeepsItsNumberOverALoad() throws Exception {
    ServerState before = counting(ServerState.EMPTY, 10, "www: [ a, b ]", "api: [ b, c ]");
    ServerState after = counting(before, 10, "aaa: [ a, b, c ]", "www: [ c, b, a ]");
    Map<String, Integer> old = numbers(before);
    Map<String, Integer> now = numbers(after);
    assertThat(now)
        .containsEntry("www/a", old.get("www/a"))
        .containsEntry("www/b", old.get("www/b"))
        .hasSize(6);
    assertThat(now.values()).doesNotHaveDuplicates();
  }

  @Test
  void anRRsetForWhichThereAreTooFewIsNotCountedAtAll() throws Exception {
    ServerState state = counting(ServerState.EMPTY, 4, "aaa: [ a, b, c ]", "www: [ a, b ]");
    assertThat(numbers(state)).hasSize(3);
    assertThat(state.choices().omitted()).isEqualTo(2);
    assertThat(state.choices().of(0, 0).length + state.choices().of(0, 1).length).isEqualTo(3);
  }

  @Test
  void whatIsCountedIsNotPushedOutByWhatIsNew() throws Exception {
    ServerState before = counting(ServerState.EMPTY, 2, "www: [ a, b ]");
    ServerState after = counting(before, 2, "aaa: [ a, b ]", "www: [ a, b ]");
    assertThat(numbers(after)).isEqualTo(numbers(before));
  }

  @Test
  void whatIsGoneMakesRoom() throws Exception {
    ServerState before = counting(ServerState.EMPTY, 2, "www: [ a, b ]");
    assertThat(numbers(counting(before, 2, "aaa: [ a, b ]")).values())
        .containsExactlyInAnyOrder(0, 1);
  }

  private ServerState counting(ServerState before, int capacity, String... failovers)
      throws IOException {
    StringBuilder policy = new StringBuilder("endpoints:\n");
    for (String endpoint : new String[] {"a", "b", "c"}) {
      policy.append(
          "  %s: { address: 192.0.2.1%d }\n".formatted(endpoint, (int) endpoint.charAt(0)));
    }
    policy.append("records:\n");
    for (String failover : failovers) {
      policy.append(
          "  %s }\n"
              .formatted(
                  failover.replaceFirst(
                      ": ", ": { ttl: %d, failover: ".formatted(30 + failover.length()))));
    }
    Files.writeString(
        folder.resolve("example.org.zone"),
        "@ 60 SOA n h 1 2 3 4 5\n@ 60 NS n\nn 60 A 192.0.2.1\n");
    Files.writeString(folder.resolve("example.org.policy.yaml"), policy);
    Zones zones =
        SetCompiler.compile(
                ZoneSetLoader.load(folder, LoadLimits.DEFAULT, new HealthRegistry()),
                GeoDatabase.embedded())
            .orElseThrow()
            .zones();
    return ServerState.of(zones, EligibilitySnapshot.ALL, 1).counting(before, capacity);
  }

  /** By {@code name/endpoint}. */
  private static Map<String, Integer> numbers(ServerState state) {
    Map<String, Integer> numbers = new TreeMap<>();
    for (ChoiceCells.Choice choice : state.choices().choices()) {
      RoutedRRset rrset = state.zones().get(choice.zone()).routed(choice.routed());
      String owner = rrset.owner().toString().replace(".example.org.", "");
      assertThat(rrset.owner()).isNotEqualTo(DomainName.ROOT);
      int[] cells = state.choices().of(choice.zone(), choice.routed());
      for (int leaf : choice.leaves()) {
        assertThat(cells[leaf]).isEqualTo(choice.cell());
        assertThat(numbers.put(owner + "/" + rrset.leafId(leaf), choice.cell()))
            .isIn(null, choice.cell());
      }
    }
    return numbers;
  }
}
