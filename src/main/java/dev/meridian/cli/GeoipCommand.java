package dev.meridian.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.meridian.api.PlaceJson;
import dev.meridian.config.ConfigKey;
import dev.meridian.config.ServerConfig;
import dev.meridian.geo.Coordinates;
import dev.meridian.geo.GeoAnswer;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.geo.GeoException;
import dev.meridian.geo.Location;
import dev.meridian.net.Prefix;
import dev.meridian.text.Count;
import dev.meridian.text.Reasons;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code meridian geoip}: what geo databases say, and making small fast ones of large ones. */
final class GeoipCommand {
  private GeoipCommand() {}

  static void addTo(CommandSpec root, Console console) {
    CommandSpec geoip = Options.command("geoip");
    geoip.usageMessage().description("Looks into geo databases and compiles them.");
    geoip.addSubcommand("lookup", lookup(console));
    geoip.addSubcommand("compile", compile(console));
    root.addSubcommand("geoip", geoip);
  }

  private static CommandSpec lookup(Console console) {
    CommandSpec spec = Options.command("lookup", own -> lookup(own, console));
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0..*")
            .arity("1..*")
            .required(true)
            .paramLabel("ADDR")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description("Addresses or prefixes.")
            .build());
    spec.addOption(Options.setting(ConfigKey.GEOIP));
    spec.addOption(Options.format());
    spec.usageMessage()
        .description("Says where addresses are, as policies see it.")
        .footer("", "Examples:", "  meridian geoip lookup 192.0.2.1 2001:db8::/32");
    return spec;
  }

  private static CommandSpec compile(Console console) {
    CommandSpec spec = Options.command("compile", own -> compile(own, console));
    spec.addPositional(
        Options.positional("IN", "0", "MaxMind-format database, or a folder of several.").build());
    spec.addPositional(Options.positional("OUT", "1", "File to write.").build());
    spec.usageMessage()
        .description(
            "Compiles MaxMind-format databases into one that loads in a fraction of the time.")
        .footer("", "Examples:", "  meridian geoip compile GeoLite2-City.mmdb city.geo");
    return spec;
  }

  private static int lookup(CommandSpec spec, Console console) {
    boolean json = Options.isJson(spec);
    List<Prefix> clients = new ArrayList<>();
    for (String address : spec.positionalParameters().getFirst().<List<String>>getValue()) {
      try {
        clients.add(Prefix.parse(address));
      } catch (IllegalArgumentException e) {
        throw CommandException.usage(String.valueOf(e.getMessage()));
      }
    }
    GeoDatabase geo = database(spec);
    if (json) {
      console.line(json(clients, geo));
    } else {
      clients.forEach(client -> console.line(text(client, geo.lookup(client))));
      console.error("from " + geo.description());
    }
    return 0;
  }

  private static GeoDatabase database(CommandSpec spec) {
    ServerConfig config =
        ServerConfig.builder().flag(ConfigKey.GEOIP, Options.list(spec, "--geoip")).conclude();
    return Inputs.geo(config);
  }

  private static String text(Prefix client, GeoAnswer answer) {
    Location place = answer.location();
    if (place.equals(Location.UNKNOWN) && answer.asNumber() == 0) {
      return client + "  unknown";
    }
    Coordinates at = place.coordinates();
    return String.join(
        "  ",
        client.toString(),
        place.continent().isEmpty() ? "-" : place.continent(),
        place.country().isEmpty() ? "-" : place.country(),
        subdivisions(place),
        city(place),
        at == null ? "-" : String.format(Locale.ROOT, "%.2f,%.2f", at.latitude(), at.longitude()),
        answer.asNumber() == 0 ? "-" : "AS" + answer.asNumber(),
        "in " + answer.prefix());
  }

  private static String subdivisions(Location place) {
    String outer = place.subdivision().isEmpty() ? "-" : place.subdivision();
    return place.district().isEmpty() ? outer : outer + "/" + place.district();
  }

  private static String city(Location place) {
    String name = place.city().isEmpty() ? "-" : place.city();
    return place.geonameId() == 0 ? name : name + " (GeoNames " + place.geonameId() + ")";
  }

  private static String json(List<Prefix> clients, GeoDatabase geo) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartArray();
      for (Prefix client : clients) {
        write(json, client, geo.lookup(client));
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, Prefix client, GeoAnswer answer)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("client", client.toString());
    PlaceJson.write(json, answer);
    json.writeEndObject();
  }

  private static int compile(CommandSpec spec, Console console) {
    Path in = Inputs.file(Path.of(spec.positionalParameters().get(0).<String>getValue()));
    Path out = Path.of(spec.positionalParameters().get(1).<String>getValue());
    try {
      GeoDatabase geo = GeoDatabase.load(in);
      geo.writeTo(out);
      console.line(out + ": " + Count.of(geo.locationCount(), "place"));
      return 0;
    } catch (GeoException e) {
      throw CommandException.wrongInput(e.lines());
    } catch (IOException e) {
      throw CommandException.cannotRun("cannot write " + out + ": " + Reasons.of(e));
    }
  }
}
