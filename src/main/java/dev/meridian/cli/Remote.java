package dev.meridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meridian.config.ConfigKey;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** The options that say where the running server is, and who asks. */
final class Remote {
  private static final String HTTP = "--" + ConfigKey.HTTP.key();
  private static final String TOKEN = "--token";
  private static final String TOKEN_VARIABLE = "MERIDIAN_TOKEN";
  private static final String CA = "--ca";
  private static final String CA_VARIABLE = "MERIDIAN_CA";

  private Remote() {}

  static void addTo(CommandSpec spec) {
    String address = ConfigKey.HTTP.defaults().getFirst();
    String doc =
        "Where the running server's API is: ADDR:PORT, https://HOST:PORT, or unix:PATH for a Unix"
            + " socket. Default: "
            + address
            + ".";
    spec.addOption(Options.value(HTTP, "WHERE", doc).defaultValue(address).build());
    spec.addOption(
        Options.value(
                TOKEN,
                "TOKEN",
                "Who asks, if the server wants to know. Better put it into " + TOKEN_VARIABLE + ".")
            .build());
    spec.addOption(
        Options.value(
                CA,
                "FILE",
                "PEM file of certificates that the server's must be or lead to, in place of those"
                    + " that Java trusts. Or put its path into "
                    + CA_VARIABLE
                    + ".")
            .build());
  }

  static ServerClient client(CommandSpec spec) {
    String address = Options.text(spec, HTTP);
    if (address == null) {
      throw CommandException.usage("--http: an ADDR:PORT is missing");
    }
    String token = Options.text(spec, TOKEN);
    String ca = Options.text(spec, CA);
    ca = ca == null ? System.getenv(CA_VARIABLE) : ca;
    return new ServerClient(
        address,
        token == null ? System.getenv(TOKEN_VARIABLE) : token,
        ca == null ? null : Authorities.of(Path.of(ca)));
  }

  /** Whether a server was named, rather than looked for where it is by default. */
  static boolean isNamed(CommandSpec spec) {
    return spec.commandLine().getParseResult().hasMatchedOption(HTTP);
  }

  /** A parameter of a request with an ampersand before it; nothing without a value. */
  static String parameter(String name, @Nullable String value) {
    return value == null ? "" : "&" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /** A moment of the API for people, who can do without its nanoseconds. */
  static String time(JsonNode instant) {
    return Instant.parse(instant.asText()).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Who decides: as given, or the user of this shell. */
  static String author(@Nullable String given) {
    return given == null ? System.getProperty("user.name") : given;
  }
}
