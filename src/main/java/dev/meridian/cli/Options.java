package dev.meridian.cli;

import dev.meridian.config.ConfigKey;
import dev.meridian.config.ServerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What the commands' options have in common. Settings of the server come from {@link ConfigKey}.
 */
final class Options {
  static final String FORMAT = "--format";
  static final String TEXT = "text";
  static final String JSON = "json";

  private Options() {}

  /** A command that only has subcommands, or does nothing yet. */
  static CommandSpec command(String name) {
    CommandSpec spec = CommandSpec.create().name(name);
    spec.addOption(flag("-h", "--help", "Print this help and exit.").usageHelp(true).build());
    spec.usageMessage().synopsisHeading("Usage: ").optionListHeading("%nOptions:%n");
    return spec;
  }

  /** A command that does something, given its own specification to read its options from. */
  static CommandSpec command(String name, Function<CommandSpec, Integer> action) {
    CommandSpec[] self = new CommandSpec[1];
    Callable<Integer> call = () -> action.apply(self[0]);
    CommandSpec spec = CommandSpec.wrapWithoutInspection(call).name(name);
    self[0] = spec;
    spec.addOption(flag("-h", "--help", "Print this help and exit.").usageHelp(true).build());
    spec.usageMessage().synopsisHeading("Usage: ").optionListHeading("%nOptions:%n");
    return spec;
  }

  /** Picocli takes descriptions for format strings. */
  private static String plain(String doc) {
    return doc.replace("%", "%%");
  }

  static OptionSpec.Builder flag(String name, String longName, String doc) {
    return OptionSpec.builder(name, longName).description(plain(doc));
  }

  static OptionSpec.Builder flag(String name, String doc) {
    return OptionSpec.builder(name).description(plain(doc));
  }

  /** An option that takes one value. */
  static OptionSpec.Builder value(String name, String placeholder, String doc) {
    return OptionSpec.builder(name)
        .paramLabel(placeholder)
        .type(String.class)
        .description(plain(doc));
  }

  /** An option that takes one value each time it is given. */
  static OptionSpec.Builder values(String name, String placeholder, String doc) {
    return OptionSpec.builder(name)
        .paramLabel(placeholder)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .description(plain(doc));
  }

  /** A parameter that has to be there. */
  static PositionalParamSpec.Builder positional(String placeholder, String index, String doc) {
    return PositionalParamSpec.builder()
        .index(index)
        .arity("1")
        .required(true)
        .paramLabel(placeholder)
        .type(String.class)
        .description(plain(doc));
  }

  /** A setting of the server as an option. */
  static OptionSpec setting(ConfigKey key) {
    String defaults =
        key.defaults().isEmpty() ? "" : " Default: " + String.join(", ", key.defaults()) + ".";
    String name = "--" + key.key();
    return (key.repeatable()
            ? values(name, key.placeholder(), key.doc() + " May be repeated." + defaults)
            : value(name, key.placeholder(), key.doc() + defaults))
        .build();
  }

  /**
   * How to print.
   *
   * @param more formats beside text and json
   */
  static OptionSpec format(String... more) {
    List<String> formats = formats(more);
    return value(
            FORMAT,
            String.join("|", formats),
            "How to print: for people or for programs. Default: text.")
        .defaultValue(TEXT)
        .completionCandidates(formats)
        .build();
  }

  private static List<String> formats(String... more) {
    List<String> formats = new ArrayList<>(List.of(TEXT, JSON));
    formats.addAll(List.of(more));
    return formats;
  }

  /** Which of the formats was asked for. */
  static String format(CommandSpec spec, String... more) {
    String format = String.valueOf(text(spec, FORMAT));
    if (!formats(more).contains(format)) {
      String or =
          more.length == 0
              ? " is neither text nor json"
              : " is none of " + String.join(", ", formats(more));
      throw CommandException.usage("--format: '" + format + "'" + or);
    }
    return format;
  }

  /** Whether {@code --format json} was given. */
  static boolean isJson(CommandSpec spec) {
    return format(spec).equals(JSON);
  }

  /** The value of an option, or null if it was not given. */
  static @Nullable String text(CommandSpec spec, String name) {
    return spec.findOption(name).getValue();
  }

  static boolean isSet(CommandSpec spec, String name) {
    return Boolean.TRUE.equals(spec.findOption(name).getValue());
  }

  /** The values of an option; none if it was not given or the command does not have it. */
  static List<String> list(CommandSpec spec, String name) {
    OptionSpec option = spec.findOption(name);
    if (option == null || option.getValue() == null) {
      return List.of();
    }
    return option.isMultiValue() ? option.getValue() : List.of(option.<String>getValue());
  }

  /** The configuration that the settings among the options amount to. */
  static ServerConfig.Builder config(CommandSpec spec) {
    ServerConfig.Builder builder = ServerConfig.builder();
    for (ConfigKey key : ConfigKey.values()) {
      builder.flag(key, list(spec, "--" + key.key()));
    }
    return builder;
  }
}
