package dev.meridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class StatesCommandTest {
  @Test
  void whereThresholdsDecideResultsToTheContraryAreNotYetEnough() {
    assertThat(contrary("verdict")).isEqualTo(" (2 in a row, not yet enough to change)");
    assertThat(contrary("no-data")).isEqualTo(" (2 in a row, not yet enough to change)");
  }

  @Test
  void whereSomethingElseDecidesNoNumberOfThemWouldBeEnough() {
    for (String cause : new String[] {"guard", "damping", "votes", "override"}) {
      assertThat(contrary(cause)).as(cause).isEqualTo(" (2 in a row)");
    }
  }

  @Test
  void anOverrideSaysWhereItIsToBeEnded() throws Exception {
    String override =
        """
        {"action": "drain", "selector": "fra-1", "author": "ann", "reason": "rack", "origin": "%s"}
        """;
    assertThat(StatesCommand.override(json(override.formatted("command"))))
        .isEqualTo("drain fra-1 by ann until further notice: rack");
    assertThat(StatesCommand.override(json(override.formatted("file"))))
        .isEqualTo("drain fra-1 by ann in overrides.yaml until further notice: rack");
  }

  @Test
  void whenAnOverrideEndsIsToldToTheSecond() throws Exception {
    assertThat(StatesCommand.until(json("{\"expires\": \"2026-11-28T22:30:44.264637565Z\"}")))
        .isEqualTo("until 2026-11-28T22:30:44Z");
  }

  private static String contrary(String cause) {
    ObjectNode check = JsonNodeFactory.instance.objectNode();
    check.put("cause", cause).put("reason", "Failure: refused").put("consecutiveFailures", 2);
    return StatesCommand.contrary(check, true);
  }

  private static JsonNode json(String text) throws Exception {
    return new ObjectMapper().readTree(text);
  }
}
