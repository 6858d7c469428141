package dev.meridian.cli;

import dev.meridian.exchange.Route53Export;
import dev.meridian.source.LoadLimits;
import dev.meridian.wire.DomainName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code meridian export}: zones as others take them. */
final class ExportCommand {
  private static final String HOSTED_ZONE = "--hosted-zone-id";
  private static final String NEAREST = "--nearest";
  private static final String CHANGE_BATCH = "--change-batch";
  private static final String BATCH_FILE = ".change-batch-";
  private static final List<String> ZONE_FILES = List.of(".route53.json", ".zone");

  private ExportCommand() {}

  static void addTo(CommandSpec root, Console console) {
    CommandSpec spec = Options.command("export");
    spec.usageMessage().description("Writes zones as other services take them.");
    spec.addSubcommand("route53", route53(console));
    root.addSubcommand("export", spec);
  }

  private static CommandSpec route53(Console console) {
    CommandSpec spec = Options.command("route53", own -> route53(own, console));
    spec.addPositional(
        Options.positional("DIR|ZONE", "0", "Folder of zones, or the file of one.").build());
    spec.addOption(
        Options.value(HOSTED_ZONE, "ID", "Id of the hosted zone, which aliases within it name.")
            .defaultValue("HOSTED-ZONE-ID")
            .build());
    spec.addOption(
        Options.flag(CHANGE_BATCH, "Write change batches in place of a listing.").build());
    spec.addOption(
        Options.flag(NEAREST, "Write the nearest to what Route 53 cannot say, with a warning.")
            .build());
    OutputFiles.addTo(spec);
    spec.usageMessage()
        .description(
            "Writes Route 53's JSON, which 'serve' reads too.",
            "The files are <zone>.route53.json, health-checks.route53.json and",
            "cidr-collections.route53.json.",
            "What Route 53 would answer otherwise is an error, or with --nearest a warning.")
        .footer(
            "",
            "Examples:",
            "  meridian export route53 zones -o route53",
            "  meridian export route53 zones/example.com.zone --change-batch -o batches");
    return spec;
  }

  private static int route53(CommandSpec spec, Console console) {
    Path given = Path.of(spec.positionalParameters().getFirst().<String>getValue());
    boolean one = Files.isRegularFile(given);
    Path folder = one ? given.resolveSibling(".").normalize() : Inputs.folder(given);
    DomainName zone = one ? zoneOf(given) : DomainName.ROOT;
    Route53Export.Result result =
        Route53Export.of(
            folder,
            LoadLimits.DEFAULT,
            new Route53Export.Options(
                zone,
                String.valueOf(Options.text(spec, HOSTED_ZONE)),
                Options.isSet(spec, NEAREST)));
    List<String> lines = new ArrayList<>(Failures.lines(folder, result.problems()));
    if (result.files().isEmpty()) {
      lines.add(Failures.summary(result.problems()));
      throw CommandException.wrongInput(lines);
    }
    console.errors(lines);
    boolean batches = Options.isSet(spec, CHANGE_BATCH);
    Path out = OutputFiles.folder(spec);
    Map<Path, Optional<String>> texts = new LinkedHashMap<>();
    result
        .files()
        .forEach(
            (name, text) -> {
              if (isWanted(name, batches)) {
                texts.put(out.resolve(name), Optional.of(text));
              }
            });
    OutputFiles.write(spec, texts, console);
    return 0;
  }

  /** Health checks and CIDR collections go with both. */
  private static boolean isWanted(String name, boolean batches) {
    boolean shared = name.startsWith("health-checks.") || name.startsWith("cidr-collections.");
    return shared || name.contains(BATCH_FILE) == batches;
  }

  private static DomainName zoneOf(Path file) {
    String name = String.valueOf(file.getFileName());
    for (String suffix : ZONE_FILES) {
      if (name.endsWith(suffix)) {
        return DomainName.parse(name.substring(0, name.length() - suffix.length()));
      }
    }
    throw CommandException.wrongInput(
        List.of(file + ": not a zone; name a folder, or a file like example.com.zone"));
  }
}
