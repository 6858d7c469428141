package dev.meridian.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.config.ConfigKey;
import dev.meridian.publish.ReloadResult;
import dev.meridian.source.Problem;
import dev.meridian.testkit.Pushes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the gate decides is tested beside it; here: what a server makes of it. */
class GateTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Map<ConfigKey, String> BY_HAND = Map.of(ConfigKey.WATCH, "off");

  /** Endpoint a is down, whatever a probe says; none reaches anybody. */
  private static final String HEALTH =
      """
      overrides:
        - { selector: a, action: down, author: t, reason: t, until: forever }
      """;

  @TempDir private Path folder;

  @Test
  void everyDisasterIsStoppedAndEveryOtherDayIsServed() throws Exception {
    write(Pushes.before());
    Map<ConfigKey, String> settings = new HashMap<>(BY_HAND);
    settings.put(ConfigKey.STATE, folder.resolve("state").toString());
    try (Server server = ZoneFolder.serve(zones(), settings)) {
      List<String> wrong = new ArrayList<>();
      long generation = 1;
      for (String[] row : rows("disasters.csv")) {
        write(Pushes.after(row[2], row[3], row.length > 4 ? row[4] : ""));
        ReloadResult result = server.reload("test").join();
        if (!result.heldBack() || result.ok() || server.state().generation() != generation) {
          wrong.add("not stopped: " + row[0] + " " + result.problems());
        }
      }
      for (String[] row : rows("everyday.csv")) {
        write(Pushes.before());
        server.force("back").join();
        write(Pushes.after(row[1], row[2], row.length > 3 ? row[3] : ""));
        ReloadResult result = server.reload("test").join();
        generation += 2;
        if (!result.ok() || server.state().generation() != generation) {
          wrong.add("stopped: " + row[0] + " " + result.problems());
        }
      }
      assertThat(wrong).isEmpty();
    }
  }

  /** The probes of the folder are replaced by one that asks nobody. */
  private void write(Map<String, String> files) {
    files.put("overrides.yaml", HEALTH);
    files.computeIfPresent(
        "example.org.policy.yaml",
        (_, text) ->
            text.replace("{ port: 443 }", "{ port: 9, address: 127.0.0.1 }, interval: 1h")
                .replace("{ host: example.org }", "{ host: example.org, address: 127.0.0.1 }"));
    Pushes.write(zones(), files);
  }

  private Path zones() {
    return folder.resolve("zones");
  }

  private static List<String[]> rows(String table) throws IOException {
    List<String[]> rows = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("src/test/resources/gate", table))) {
      if (!line.startsWith("#")) {
        String[] columns = line.split(" *[|] *");
        for (int i = 0; i < columns.length; i++) {
          columns[i] = columns[i].replaceAll("^'(.*)'$", "$1");
        }
        rows.add(columns);
      }
    }
    return rows;
  }

  @Test
  void whatIsHeldBackIsToldUntilItIsForced() throws Exception {
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 7), BY_HAND)) {
      ZoneFolder.write(folder, 3);

      ReloadResult held = server.reload("test").join();

      assertThat(held.ok()).isFalse();
      assertThat(held.heldBack()).isTrue();
      assertThat(held.problems())
          .filteredOn(Problem::isError)
          .singleElement()
          .extracting(Problem::message)
          .asString()
          .startsWith("serial-backwards: zone example.org");
      assertThat(held.problems().getLast().message()).contains("reload --force --reason");
      assertThat(serial(server)).isEqualTo(7);
      assertThat(server.status().heldBack()).isEqualTo(1);
      assertThat(server.status().holding()).isTrue();
      assertThat(server.journal().recent(0, 10))
          .anyMatch(entry -> entry.reason().contains("held back: serial-backwards"));

      ReloadResult forced = server.force("forced by ann: it is meant").join();

      assertThat(forced.ok()).isTrue();
      assertThat(forced.problems()).singleElement().asString().contains("serial-backwards");
      assertThat(serial(server)).isEqualTo(3);
      assertThat(server.status().holding()).isFalse();
    }
  }

  @Test
  void aRestartIsNoWayAroundTheGate() throws Exception {
    ZoneFolder.write(folder, 7);
    try (Server server = ZoneFolder.serve(folder, BY_HAND)) {
      Awaitility.await().atMost(PATIENCE).until(() -> !server.keptSets().isEmpty());
      ZoneFolder.write(folder, 3);
      assertThat(server.reload("test").join().heldBack()).isTrue();
    }
    try (Server server = ZoneFolder.serve(folder, BY_HAND)) {
      assertThat(serial(server)).isEqualTo(7);
      assertThat(server.status().holding()).isTrue();
      assertThat(server.status().kept()).isNotNull();
      assertThat(server.force("forced by ann: it is meant").join().ok()).isTrue();
      assertThat(serial(server)).isEqualTo(3);
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> server.keptSets().getFirst().generation() == server.state().generation());
    }
    try (Server server = ZoneFolder.serve(folder, BY_HAND)) {
      assertThat(serial(server)).as("forced once and for all").isEqualTo(3);
    }
  }

  @Test
  void filesThatWereChangedWhileNobodyServedAreServed() throws Exception {
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 7), BY_HAND)) {
      Awaitility.await().atMost(PATIENCE).until(() -> !server.keptSets().isEmpty());
    }
    try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 3), BY_HAND)) {
      assertThat(serial(server)).isEqualTo(3);
    }
  }

  @Test
  void rulesAndTheWholeGateCanBeMadeToWarn() throws Exception {
    ZoneFolder.write(folder, 7);
    for (Map<ConfigKey, String> settings :
        List.of(
            Map.of(ConfigKey.WATCH, "off", ConfigKey.GATE, "warn"),
            Map.of(ConfigKey.WATCH, "off", ConfigKey.GATE_ALLOW, "serial-backwards"))) {
      try (Server server = ZoneFolder.serve(ZoneFolder.write(folder, 7), settings)) {
        ZoneFolder.write(folder, 3);
        ReloadResult result = server.reload("test").join();
        assertThat(result.ok()).isTrue();
        assertThat(result.problems()).singleElement().asString().contains("serial-backwards");
      }
    }
    try (Server server =
        ZoneFolder.serve(
            ZoneFolder.write(folder, 7), Map.of(ConfigKey.WATCH, "off", ConfigKey.GATE, "off"))) {
      ZoneFolder.write(folder, 3);
      assertThat(server.reload("test").join().problems()).isEmpty();
    }
  }

  private static long serial(Server server) {
    return server.state().zones().get(0).serial();
  }
}
