package dev.meridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meridian.answer.Explanation;
import dev.meridian.answer.ExplanationText;
import dev.meridian.answer.ServerState;
import dev.meridian.api.ExplainQuery;
import dev.meridian.api.ExplanationJson;
import dev.meridian.config.ConfigKey;
import dev.meridian.config.ServerConfig;
import dev.meridian.control.Parts;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthRegistry;
import dev.meridian.policy.Explained;
import dev.meridian.publish.DiskSource;
import dev.meridian.publish.LoadFailedException;
import dev.meridian.publish.LoadedState;
import dev.meridian.text.RefusedException;
import dev.meridian.wire.DomainName;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code meridian explain}: why a question is answered as it is. The running server is asked if
 * there is one, for it knows the state of health; else the files are.
 */
final class ExplainCommand {
  private static final String OFFLINE = "--offline";
  private static final String AT = "--at";

  private ExplainCommand() {}

  static void addTo(CommandSpec root, Console console) {
    CommandSpec spec = Options.command("explain", own -> new Question(own).answer(console));
    spec.addPositional(
        Options.positional("NAME", "0", "The domain name that is asked for.").build());
    spec.addPositional(
        Options.positional("TYPE", "1", "The RR type; A if not given.")
            .arity("0..1")
            .required(false)
            .build());
    spec.addOption(
        Options.value("--client", "IP|PREFIX", "As whom to ask; 127.0.0.1 if not given.").build());
    spec.addOption(
        Options.values("--health", "ID=up|down", "Assume this of a health check; may be repeated.")
            .build());
    spec.addOption(
        Options.value(
                AT,
                "TIME",
                "What was answered then, such as 2026-11-22T14:03Z: by the sets that the running"
                    + " server keeps, and its journal.")
            .build());
    spec.addOption(
        Options.flag(OFFLINE, "Use the files even if a server is running; so do --zones, --geoip.")
            .build());
    Remote.addTo(spec);
    spec.addOption(Options.setting(ConfigKey.ZONES));
    spec.addOption(Options.setting(ConfigKey.GEOIP));
    spec.addOption(Options.setting(ConfigKey.HEALTH_ALLOW));
    spec.addOption(Options.setting(ConfigKey.HEALTH_DENY));
    spec.addOption(Options.format());
    spec.usageMessage()
        .description(
            "Says what a client is answered, and why.",
            "Shows every policy on the way, every candidate, its health, the TTL and the ECS scope."
                + " The first line says where this was found out: from the running server, or"
                + " offline from files, where every health check counts as healthy and aliases to"
                + " names elsewhere are not resolved.")
        .footer(
            "",
            "Examples:",
            "  meridian explain www.example.com",
            "  meridian explain www.example.com AAAA --client 2001:db8::/48",
            "  meridian explain www.example.com --health example.com/fra-1/192.0.2.10=down",
            "  meridian explain www.example.com --client 198.51.100.7 --at 2026-11-22T14:03Z");
    root.addSubcommand("explain", spec);
  }

  /** One call of the command. */
  private static final class Question {
    private final CommandSpec spec;
    private final String name;
    private final Optional<String> type;
    private final Optional<String> client;
    private final List<String> health;
    private final Optional<String> at;
    private final boolean json;

    Question(CommandSpec spec) {
      this.spec = spec;
      this.name = spec.positionalParameters().get(0).getValue();
      this.type = Optional.ofNullable(spec.positionalParameters().get(1).getValue());
      this.client = Optional.ofNullable(Options.text(spec, "--client"));
      this.health = Options.list(spec, "--health");
      this.at = Optional.ofNullable(Options.text(spec, AT));
      this.json = Options.isJson(spec);
    }

    int answer(Console console) {
      ExplainQuery query = parse();
      if (at.isPresent() && offline()) {
        throw CommandException.usage(AT + " asks the running server; files have no past");
      }
      if (!offline()) {
        ServerClient server = Remote.client(spec);
        ServerClient.Answer answer = server.ask("GET", path());
        if (answer != null) {
          return fromServer(answer, server, console);
        }
        if (at.isPresent()) {
          throw CommandException.cannotRun(
              "no server answers on "
                  + server.address()
                  + ", and what was at "
                  + at.get()
                  + " is in its state folder");
        }
        if (Remote.isNamed(spec)) {
          throw server.nobody(); // what files say is not what that server says
        }
      }
      return fromFiles(query, console);
    }

    private ExplainQuery parse() {
      try {
        at.ifPresent(ExplainQuery::time);
        return ExplainQuery.parse(name, type, client, health);
      } catch (RefusedException e) {
        throw CommandException.usage(String.valueOf(e.getMessage()));
      }
    }

    private boolean offline() {
      return Options.isSet(spec, OFFLINE)
          || !Options.list(spec, "--zones").isEmpty()
          || !Options.list(spec, "--geoip").isEmpty();
    }

    private String path() {
      StringBuilder path = new StringBuilder("/api/v1/explain?name=").append(encode(name));
      type.ifPresent(t -> path.append("&type=").append(encode(t)));
      client.ifPresent(c -> path.append("&client=").append(encode(c)));
      at.ifPresent(t -> path.append("&at=").append(encode(t)));
      health.forEach(h -> path.append("&health=").append(encode(h)));
      return path.toString();
    }

    private static String encode(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private int fromServer(ServerClient.Answer answer, ServerClient server, Console console) {
      JsonNode explained = answer.json(server.address());
      if (answer.status() == 400) {
        throw CommandException.usage(explained.path("detail").asText(answer.body()));
      }
      if (answer.status() != 200) {
        throw ServerClient.refused(answer, explained);
      }
      if (json) {
        console.line(answer.body());
      } else {
        String source = explained.path("source").asText();
        console.line("source    " + source + ", at " + server.address());
        console.print(explained.path("text").asText());
      }
      return 0;
    }

    private int fromFiles(ExplainQuery query, Console console) {
      ServerConfig config =
          ServerConfig.builder()
              .flag(ConfigKey.ZONES, Options.list(spec, "--zones"))
              .flag(ConfigKey.GEOIP, Options.list(spec, "--geoip"))
              .flag(ConfigKey.HEALTH_ALLOW, Options.list(spec, "--health-allow"))
              .flag(ConfigKey.HEALTH_DENY, Options.list(spec, "--health-deny"))
              .conclude();
      Inputs.folder(config.zones());
      Inputs.requireGeo(config);
      HealthRegistry registry = Parts.registry(config);
      LoadedState loaded;
      try {
        loaded = DiskSource.of(config, registry).load();
      } catch (LoadFailedException e) {
        throw Failures.wrongFiles(config, e);
      }
      Explanation explanation = explain(query, loaded, registry);
      String source =
          "offline, from "
              + config.zones()
              + ": every health check counts as healthy"
              + unresolved(explanation, loaded);
      print(explanation, source, query, registry, console);
      return 0;
    }

    /** Only a server asks resolvers; what the answer lacks here must not look like an outage. */
    private static String unresolved(Explanation explanation, LoadedState loaded) {
      ServerState state = ServerState.of(loaded.zones(), EligibilitySnapshot.ALL, 1);
      Set<String> names =
          state.externalNames().stream().map(DomainName::toString).collect(Collectors.toSet());
      Set<String> met = new TreeSet<>();
      for (Explanation.Link link : explanation.links()) {
        if (link.policy() != null) {
          collect(link.policy(), names, met);
        }
      }
      return met.isEmpty()
          ? ""
          : ", and names elsewhere are not resolved, so that nothing is known of "
              + String.join(", ", met);
    }

    private static void collect(Explained node, Set<String> names, Set<String> met) {
      if (node.kind() == Explained.Kind.ENDPOINT && names.contains(node.what())) {
        met.add(node.what());
      }
      for (Explained.Branch branch : node.branches()) {
        if (branch.node() != null) {
          collect(branch.node(), names, met);
        }
      }
    }

    private static Explanation explain(
        ExplainQuery query, LoadedState loaded, HealthRegistry registry) {
      ServerState state = ServerState.of(loaded.zones(), EligibilitySnapshot.ALL, 1);
      List<String> ids = loaded.checks().stream().map(HealthCheck::id).toList();
      try {
        return query.explain(
            state,
            loaded.space(),
            id -> ids.contains(id) ? Optional.of(registry.indexOf(id)) : Optional.empty(),
            new SplittableRandom());
      } catch (RefusedException e) {
        String known = ids.isEmpty() ? "" : "; there are " + String.join(", ", ids);
        throw CommandException.usage(e.getMessage() + known);
      }
    }

    private void print(
        Explanation explanation,
        String source,
        ExplainQuery query,
        HealthRegistry registry,
        Console console) {
      String text =
          ExplanationText.of(
              explanation,
              number -> {
                String id = registry.idOf(number);
                Boolean assumed = query.health().get(id);
                String state = Boolean.FALSE.equals(assumed) ? "unhealthy" : "healthy";
                return id + ": " + state + (assumed == null ? " (not probed)" : " (assumed)");
              });
      if (json) {
        byte[] octets = ExplanationJson.bytes(explanation, source, text, registry::idOf);
        console.line(new String(octets, StandardCharsets.UTF_8));
      } else {
        console.line("source    " + source);
        console.print(text);
      }
    }
  }
}
