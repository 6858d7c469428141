package dev.meridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/** {@code meridian states}: what health checking says. */
final class StatesCommand {
  private static final int PAGE = 1000;

  /** Causes of a standing that leave it to the thresholds. */
  private static final Set<String> THRESHOLDS = Set.of("verdict", "no-data");

  private StatesCommand() {}

  static void addTo(CommandSpec root, Console console) {
    CommandSpec spec = Options.command("states", own -> states(own, console));
    Remote.addTo(spec);
    spec.addOption(Options.format());
    spec.usageMessage()
        .description("Prints the health checks of the running server, the unhealthy first.")
        .footer("", "Examples:", "  meridian states", "  meridian states --format json");
    root.addSubcommand("states", spec);
  }

  private static int states(CommandSpec spec, Console console) {
    boolean asJson = Options.isJson(spec);
    JsonNode states = all(Remote.client(spec));
    if (asJson) {
      console.line(states.toString());
      return 0;
    }
    Instant now = InstantSource.system().instant();
    print(states, false, now, console);
    print(states, true, now, console);
    console.line(
        states.path("healthy").asInt()
            + " healthy, "
            + states.path("unhealthy").asInt()
            + " unhealthy");
    states.path("overrides").forEach(override -> console.line(override(override)));
    return 0;
  }

  /** What is in force, and how it ends: {@code meridian set} ends only what it began. */
  static String override(JsonNode override) {
    return override.path("action").asText()
        + " "
        + override.path("selector").asText()
        + " by "
        + override.path("author").asText()
        + (isInFile(override) ? " in overrides.yaml" : "")
        + " "
        + until(override)
        + ": "
        + override.path("reason").asText();
  }

  /** Whether it stands in the file of overrides, and not on the server's word alone. */
  static boolean isInFile(JsonNode override) {
    return override.path("origin").asText().equals("file");
  }

  /** {@code until 2026-11-22T14:03:00Z}, or until further notice. */
  static String until(JsonNode override) {
    JsonNode expires = override.path("expires");
    return "until " + (expires.isMissingNode() ? "further notice" : Remote.time(expires));
  }

  /** The pages of the list put together. */
  private static JsonNode all(ServerClient client) {
    String path = "/api/v1/states?sort=id&limit=" + PAGE + "&offset=";
    JsonNode states = client.askOrFail("GET", path + 0);
    ArrayNode checks = (ArrayNode) states.withArray("checks");
    int total = states.path("total").asInt();
    for (int offset = PAGE; offset < total; offset += PAGE) {
      client.askOrFail("GET", path + offset).path("checks").forEach(checks::add);
    }
    return states;
  }

  private static void print(JsonNode states, boolean healthy, Instant now, Console console) {
    for (JsonNode check : states.path("checks")) {
      if (check.path("healthy").asBoolean() == healthy) {
        Duration since = Duration.between(Instant.parse(check.path("since").asText()), now);
        console.line(
            String.format(
                Locale.ROOT,
                "%-9s  %-40s  %8s  %s",
                healthy ? "healthy" : "unhealthy",
                check.path("id").asText(),
                age(since),
                check.path("why").asText() + contrary(check, healthy) + weight(check)));
      }
    }
  }

  /** Says how often results were other than the verdict, and where thresholds are why it stands. */
  static String contrary(JsonNode check, boolean healthy) {
    String reason = check.path("reason").asText("");
    boolean passed = reason.startsWith("Success");
    if (reason.isEmpty() || passed == healthy) {
      return "";
    }
    int times = check.path(passed ? "consecutivePasses" : "consecutiveFailures").asInt();
    boolean thresholds = THRESHOLDS.contains(check.path("cause").asText());
    String why = thresholds ? ", not yet enough to change" : "";
    return times == 0 ? "" : " (" + times + " in a row" + why + ")";
  }

  /** Says what it takes, where that is not what policies say. */
  private static String weight(JsonNode check) {
    String weight = check.path("weight").asText("");
    return weight.isEmpty()
        ? ""
        : " (weight " + weight + " by " + check.path("weightCause").asText() + ")";
  }

  /** The two largest units: {@code 3h12m}. */
  static String age(Duration since) {
    long seconds = Math.max(0, since.toSeconds());
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return seconds / 60 + "m" + seconds % 60 + "s";
    }
    long hours = seconds / 3600;
    return hours < 48 ? hours + "h" + seconds % 3600 / 60 + "m" : hours / 24 + "d";
  }
}
