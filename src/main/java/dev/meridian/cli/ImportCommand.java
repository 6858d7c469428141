package dev.meridian.cli;

import dev.meridian.exchange.Route53Import;
import dev.meridian.source.LoadLimits;
import dev.meridian.wire.DomainName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code meridian import}: zones of others as zone and policy files. */
final class ImportCommand {
  private static final String NAME = "--name";
  private static final String TTL = "--ttl";

  private ImportCommand() {}

  static void addTo(CommandSpec root, Console console) {
    CommandSpec spec = Options.command("import");
    spec.usageMessage().description("Turns zones of other servers into zone and policy files.");
    spec.addSubcommand("route53", route53(console));
    root.addSubcommand("import", spec);
  }

  private static CommandSpec route53(Console console) {
    CommandSpec spec = Options.command("route53", own -> route53(own, console));
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0..*")
            .arity("1..*")
            .required(true)
            .paramLabel("FILE")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description("What 'aws route53 list-…' printed, and traffic policies.")
            .build());
    spec.addOption(
        Options.value(NAME, "NAME", "Where traffic policies among the files are answered.")
            .build());
    spec.addOption(
        Options.value(TTL, "SECONDS", "TTL of what they answer. Default: 60.")
            .defaultValue("60")
            .build());
    OutputFiles.addTo(spec);
    spec.usageMessage()
        .description(
            "Writes <zone>.zone and <zone>.policy.yaml from Route 53's JSON.",
            "What needs a look is printed, and at the end of the policy file.")
        .footer(
            "",
            "Examples:",
            "  meridian import route53 example.com.json health-checks.json -o zones",
            "  meridian import route53 example.com.json policy.json --name www.example.com -o zones");
    return spec;
  }

  private static int route53(CommandSpec spec, Console console) {
    List<String> files = spec.positionalParameters().getFirst().getValue();
    Path folder = OutputFiles.folder(spec);
    Route53Import.Result result =
        Route53Import.read(
            files.stream().map(Path::of).map(Inputs::file).toList(),
            LoadLimits.DEFAULT,
            instance(spec));
    List<String> lines = new ArrayList<>(Failures.lines(Path.of(""), result.problems()));
    if (result.zones().isEmpty()) {
      lines.add(Failures.summary(result.problems()));
      throw CommandException.wrongInput(lines);
    }
    console.errors(lines);
    Map<Path, Optional<String>> texts = new LinkedHashMap<>();
    for (Route53Import.Files zone : result.zones()) {
      texts.put(folder.resolve(zone.name() + ".zone"), Optional.of(zone.zone()));
      texts.put(folder.resolve(zone.name() + ".policy.yaml"), zone.policy());
    }
    OutputFiles.write(spec, texts, console);
    return 0;
  }

  private static Optional<Route53Import.Instance> instance(CommandSpec spec) {
    String name = Options.text(spec, NAME);
    String ttl = String.valueOf(Options.text(spec, TTL));
    if (!ttl.matches("[0-9]{1,9}")) {
      throw CommandException.usage(TTL + ": '" + ttl + "' is not a number of seconds");
    }
    try {
      return name == null
          ? Optional.empty()
          : Optional.of(new Route53Import.Instance(DomainName.parse(name), Long.parseLong(ttl)));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(NAME + ": " + e.getMessage());
    }
  }
}
