package dev.meridian.cli;

import dev.meridian.load.LoadLimits;
import dev.meridian.load.Route53Import;
import dev.meridian.wire.DomainName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code meridian import}: zones of others as zone and policy files. */
final class ImportCommand {
  static final String FORCE = "--force";
  private static final String OUT = "--out";
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
        OptionSpec.builder("-o", OUT)
            .paramLabel("DIR")
            .type(String.class)
            .description("Folder to write to. Default: this one.")
            .defaultValue(".")
            .build());
    spec.addOption(
        Options.value(NAME, "NAME", "Where traffic policies among the files are answered.")
            .build());
    spec.addOption(
        Options.value(TTL, "SECONDS", "TTL of what they answer. Default: 60.")
            .defaultValue("60")
            .build());
    spec.addOption(Options.flag(FORCE, "Overwrite files that are there.").build());
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
    Path folder = Path.of(String.valueOf(Options.text(spec, OUT)));
    Route53Import.Result result =
        Route53Import.read(
            files.stream().map(Path::of).toList(), LoadLimits.DEFAULT, instance(spec));
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
    refuseToOverwrite(texts, Options.isSet(spec, FORCE));
    texts.forEach((path, text) -> write(path, text, console));
    return 0;
  }

  private static Optional<Route53Import.Instance> instance(CommandSpec spec) {
    String name = Options.text(spec, NAME);
    String ttl = String.valueOf(Options.text(spec, TTL));
    if (!ttl.matches("[0-9]{1,9}")) {
      throw CommandException.usage(List.of(TTL + ": '" + ttl + "' is not a number of seconds"));
    }
    try {
      return name == null
          ? Optional.empty()
          : Optional.of(new Route53Import.Instance(DomainName.parse(name), Long.parseLong(ttl)));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(List.of(NAME + ": " + e.getMessage()));
    }
  }

  /** A policy file that is no longer needed counts too: it would route the zone beside it. */
  static void refuseToOverwrite(Map<Path, Optional<String>> texts, boolean force) {
    List<String> present =
        texts.keySet().stream()
            .filter(path -> !force && Files.exists(path))
            .map(path -> path + " is there already; " + FORCE + " overwrites it")
            .toList();
    if (!present.isEmpty()) {
      throw CommandException.wrongInput(present);
    }
  }

  /** All or nothing: a server that watches the folder never reads half a file. */
  static void write(Path path, Optional<String> text, Console console) {
    Path draft = path.resolveSibling("." + path.getFileName() + ".draft");
    try {
      if (text.isEmpty()) {
        Files.deleteIfExists(path);
        return;
      }
      Files.createDirectories(path.toAbsolutePath().getParent());
      Files.writeString(draft, text.get());
      Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      console.line(path.toString());
    } catch (IOException e) {
      throw CommandException.cannotRun("meridian: cannot write " + path + ": " + e.getMessage());
    }
  }
}
