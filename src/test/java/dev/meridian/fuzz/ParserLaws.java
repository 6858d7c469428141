package dev.meridian.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.answer.AnswerSettings;
import dev.meridian.answer.CookieSecrets;
import dev.meridian.answer.ServerCookies;
import dev.meridian.answer.ServerIdentity;
import dev.meridian.answer.ServerState;
import dev.meridian.api.ExplainQuery;
import dev.meridian.config.ConfigException;
import dev.meridian.config.ServerConfig;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.geo.GeoException;
import dev.meridian.geo.LatencyTable;
import dev.meridian.geo.SealedGeoFile;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.Observation;
import dev.meridian.load.CompiledSet;
import dev.meridian.load.LoadedSet;
import dev.meridian.load.SetCompiler;
import dev.meridian.load.ZoneSetLoader;
import dev.meridian.net.Prefix;
import dev.meridian.net.SocketAddresses;
import dev.meridian.probe.ProbeDialogue;
import dev.meridian.resolver.ResponseReaderLaws;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Problem;
import dev.meridian.source.TimeTextLaws;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.ResponseLaws;
import dev.meridian.text.RefusedException;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * For every parser of octets or text that somebody else wrote: what must hold whatever it is given.
 * A method throws if it does not. {@link #all} gives them by the names of the folders that keep
 * their inputs.
 */
public final class ParserLaws implements AutoCloseable {
  private static final int UDP_PAYLOAD = 1232;
  private static final int MAX_QUERY = 4096;

  /** A law, by the name of its method. */
  @FunctionalInterface
  public interface Law {
    /** Throws if the law does not hold for this input. */
    void check(byte[] input) throws Exception;
  }

  private final Path folder;
  private final CompiledSet examples;
  private final Answering answering;
  private final ProbeDialogue probes = new ProbeDialogue();

  /**
   * @param folder an empty one, for files that are written to be read
   */
  public ParserLaws(Path folder) {
    this.folder = folder;
    HealthRegistry registry = new HealthRegistry();
    examples =
        SetCompiler.compile(
                ZoneSetLoader.load(Path.of("zones"), LoadLimits.DEFAULT, registry),
                GeoDatabase.embedded())
            .orElseThrow();
    answering =
        new Answering(
            List.of(),
            new AnswerSettings(
                UDP_PAYLOAD,
                Optional.of(
                    new ServerCookies(
                        CookieSecrets.random(new Random(1)),
                        Clock.fixed(Instant.EPOCH, ZoneOffset.UTC))),
                new ServerIdentity(Optional.of("1"), Optional.of("id")),
                Optional.of(Duration.ofSeconds(10)),
                false));
    answering.publish(ServerState.of(examples.zones(), EligibilitySnapshot.ALL, 1));
  }

  /** All laws by name. */
  public Map<String, Law> all() {
    return new TreeMap<>(
        Map.ofEntries(
            Map.entry("packet", this::packet),
            Map.entry("name", this::name),
            Map.entry("masterFile", this::masterFile),
            Map.entry("policyFile", this::policyFile),
            Map.entry("latencyTable", this::latencyTable),
            Map.entry("mmdbFile", this::mmdbFile),
            Map.entry("geoFile", this::geoFile),
            Map.entry("configFile", this::configFile),
            Map.entry("explainQuery", this::explainQuery),
            Map.entry("probeResponse", this::probeResponse),
            Map.entry("resolverResponse", this::resolverResponse),
            Map.entry("smallTexts", this::smallTexts)));
  }

  /** A query, over UDP and over TCP: {@link ResponseLaws}. */
  public void packet(byte[] input) {
    byte[] packet = Arrays.copyOf(input, Math.min(input.length, MAX_QUERY));
    for (boolean tcp : new boolean[] {false, true}) {
      ResponseLaws.check(packet, tcp, UDP_PAYLOAD, answering.raw(packet, tcp));
    }
  }

  /** A name on the wire: both readers agree, and its text is read back equal. */
  public void name(byte[] input) {
    LookupName lookup = new LookupName();
    int taken = lookup.read(input, 0, input.length);
    DomainName value;
    try {
      value = DomainName.ofWire(input, 0);
    } catch (IllegalArgumentException e) {
      assertThat(taken).as("the other reader").isNegative();
      return;
    }
    assertThat(taken).isEqualTo(value.length());
    assertThat(lookup.labelCount()).isEqualTo(value.labelCount());
    assertThat(DomainName.parse(value.toString())).isEqualTo(value);
    assertThat(DomainName.parse(lookup.toString())).isEqualTo(value);
    DomainName parent = value.parent();
    LookupName above = new LookupName();
    above.set(parent.toWire(), 0);
    if (lookup.labelCount() > 0) {
      assertThat(lookup.suffixHash(1)).isEqualTo(above.suffixHash(0));
      assertThat(lookup.suffixEquals(1, above.octets(), 0)).isTrue();
    }
  }

  /** A zone's master file: it is compiled, or there is an error with its place. */
  public void masterFile(byte[] input) throws IOException {
    loads("example.com.zone", input);
  }

  /** A policy file beside the example zone. */
  public void policyFile(byte[] input) throws IOException {
    Files.copy(
        Path.of("zones/example.com.zone"),
        folder.resolve("example.com.zone"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    loads("example.com.policy.yaml", input);
  }

  private void loads(String name, byte[] input) throws IOException {
    Path file = folder.resolve(name);
    Files.write(file, input);
    try {
      LoadedSet set = ZoneSetLoader.load(folder, LoadLimits.DEFAULT, new HealthRegistry());
      boolean compiled = SetCompiler.compile(set, GeoDatabase.EMPTY).isPresent();
      assertThat(set.problems().hasErrors()).isNotEqualTo(compiled);
      for (Problem problem : set.problems().list()) {
        assertThat(problem.message()).isNotBlank().doesNotContain("Exception");
      }
    } finally {
      Files.delete(file);
    }
  }

  /** A latency table: every problem has its place. */
  public void latencyTable(byte[] input) {
    try {
      LatencyTable table = LatencyTable.parse(text(input), "latency.csv");
      for (int row = 0; row < table.rowCount(); row++) {
        for (String region : table.regions()) {
          double ms = table.ms(row, region);
          assertThat(ms >= 0 || Double.isNaN(ms)).as("%f ms", ms).isTrue();
        }
      }
    } catch (GeoException e) {
      assertThat(e.getMessage()).matches("(?s)latency\\.csv:\\d+:\\d+: .*");
    }
  }

  /** A database in MaxMind's format, or in ours. */
  public void mmdbFile(byte[] input) throws IOException {
    readsDatabase(input);
  }

  /** The body of a {@code .geo} file under a checksum that is right. */
  public void geoFile(byte[] input) throws IOException {
    readsDatabase(SealedGeoFile.of(input));
  }

  private void readsDatabase(byte[] octets) throws IOException {
    Path file = folder.resolve("database");
    Files.write(file, octets);
    try {
      GeoDatabase database = GeoDatabase.load(file);
      database.lookup(Prefix.parse("203.0.113.0/24"));
      database.places().forEach((v4, high, low, length, value) -> database.location(value));
    } catch (GeoException e) {
      assertThat(e).hasMessageStartingWith(file + ":1:1: ");
    } finally {
      Files.delete(file);
    }
  }

  /** A configuration file: values in their ranges, or problems. */
  public void configFile(byte[] input) throws IOException {
    Path file = folder.resolve("meridian.yaml");
    Files.write(file, input);
    try {
      ServerConfig config = ServerConfig.builder().file(file).conclude();
      assertThat(config.effective()).isNotEmpty();
      assertThat(config.udpPayloadMax()).isBetween(512, 4096);
    } catch (ConfigException e) {
      assertThat(e.getMessage()).isNotBlank();
    } finally {
      Files.delete(file);
    }
  }

  /** The query string of a request to explain an answer. */
  public void explainQuery(byte[] input) {
    try {
      Map<String, List<String>> given =
          RefusedException.reading(() -> new QueryStringDecoder("/?" + text(input)).parameters());
      ExplainQuery query =
          ExplainQuery.parse(
              given.getOrDefault("name", List.of("www.example.com")).getFirst(),
              given.getOrDefault("type", List.of("A")).stream().findFirst(),
              given.getOrDefault("client", List.of("192.0.2.1")).stream().findFirst(),
              given.getOrDefault("health", List.of()));
      assertThat(
              query.explain(
                  answering.state(), examples.space(), id -> Optional.empty(), new Random(1)))
          .isNotNull();
    } catch (RefusedException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  /** What the target of a health check says: there is one observation, with a sentence. */
  public void probeResponse(byte[] input) throws Exception {
    Observation observation = probes.hear(input, "fine");
    assertThat(observation.text()).isNotBlank();
    if (observation.reason() == Observation.Reason.OK) {
      assertThat(new String(input, StandardCharsets.ISO_8859_1)).containsIgnoringCase("HTTP/");
    }
  }

  /** What a resolver says of a name's addresses: {@link ResponseReaderLaws}. */
  public void resolverResponse(byte[] input) {
    ResponseReaderLaws.check(input);
  }

  /** An address, a prefix, a span of time: what is read is written back and read equal. */
  public void smallTexts(byte[] input) {
    String text = text(input);
    TimeTextLaws.check(text);
    try {
      Prefix prefix = Prefix.parse(text);
      assertThat(Prefix.parse(prefix.toString())).isEqualTo(prefix);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
    try {
      InetSocketAddress address = SocketAddresses.parse(text);
      assertThat(SocketAddresses.parse(SocketAddresses.format(address))).isEqualTo(address);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  private static String text(byte[] input) {
    return new String(input, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    probes.close();
  }
}
