package dev.meridian.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.exchange.Route53Export;
import dev.meridian.exchange.Route53Import;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.CompiledSet;
import dev.meridian.load.LoadedSet;
import dev.meridian.load.SetCompiler;
import dev.meridian.load.ZoneSetLoader;
import dev.meridian.net.ClientAddress;
import dev.meridian.net.Prefix;
import dev.meridian.rr.EncodedRRset;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.rr.ResolvedName;
import dev.meridian.rr.ResolvedNames;
import dev.meridian.source.LoadLimits;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import dev.meridian.wire.Octets;
import dev.meridian.zone.Lookup;
import dev.meridian.zone.Zone;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random hosted zones, served as JSON and served after an import, against what Route 53's
 * documentation says: the same answers with the same probabilities.
 */
class Route53AgreementTest {
  private static final long SEED = Long.getLong("test.seed", 20261123);
  private static final int WORLDS = Integer.getInteger("test.worlds", 100);

  /** One in so many worlds is exported too. */
  private static final int EXPORTED = 4;

  private static final int STATES = 4;
  private static final int CLIENTS = 5;

  @TempDir private Path folder;
  private long compared;

  /** A folder that is served. */
  private static final class Served {
    private final HealthRegistry registry = new HealthRegistry();
    private final CompiledSet set;
    private final Zone zone;

    Served(Path folder, RandomPolicies random) {
      LoadedSet loaded = ZoneSetLoader.load(folder, LoadLimits.DEFAULT, registry);
      set =
          SetCompiler.compile(loaded, random.geo)
              .orElseThrow(() -> new AssertionError(loaded.problems().list().toString()));
      zone = set.zones().get(0);
    }

    EligibilitySnapshot health(Set<Integer> down) {
      EligibilitySnapshot health = EligibilitySnapshot.ALL;
      for (HealthCheck check : set.checks()) {
        int number = check.probedAddress().getAddress()[3];
        health = health.with(registry.indexOf(check.id()), !down.contains(number));
      }
      return health;
    }

    Map<Set<String>, Double> answer(
        String name,
        String type,
        EligibilitySnapshot health,
        ResolvedNames resolved,
        Prefix client) {
      LookupName asked = new LookupName();
      asked.set(DomainName.parse(name).toWire(), 0);
      int node = zone.node(asked);
      int rrset = node < 0 ? Lookup.NONE : zone.rrset(node, RRType.parse(type).orElseThrow());
      if (rrset == Lookup.NONE) {
        return Map.of();
      }
      if (!zone.isRouted(rrset)) {
        return Map.of(
            values(zone.records(rrset), zone.recordsAt(rrset), zone.recordsEnd(rrset)), 1.0);
      }
      RoutedRRset routed = zone.routed(zone.routedIndex(rrset));
      Selection selection = new Selection();
      Decisions decisions = routed.decide(health, resolved);
      PolicyEngine.select(routed, decisions, address(client), new Dice(1), selection);
      return Distributions.of(
          decisions.of(selection.clientClass()),
          leaf ->
              values(
                  decisions.records(), decisions.recordsAt(leaf), decisions.recordsAt(leaf + 1)));
    }

    private static Set<String> values(byte[] records, int from, int to) {
      Set<String> values = new TreeSet<>();
      for (int at = from; at < to; at = EncodedRRset.next(records, at)) {
        byte[] rdata =
            Arrays.copyOfRange(
                records, at + EncodedRRset.RDATA_OFFSET, EncodedRRset.next(records, at));
        values.add(text(rdata) + " " + Octets.getInt(records, at + EncodedRRset.TTL_OFFSET));
      }
      return values;
    }

    private static String text(byte[] rdata) {
      try {
        String text = InetAddress.getByAddress(rdata).getHostAddress();
        return text.replaceFirst("^2001:db8:0:0:0:0:0:", "2001:db8::");
      } catch (UnknownHostException e) {
        throw new AssertionError(e);
      }
    }

    private static ClientAddress address(Prefix client) {
      ClientAddress address = new ClientAddress();
      if (client.ipv4()) {
        address.setIpv4((int) client.low(), client.length());
      } else {
        address.setIpv6(client.high(), client.low(), client.length());
      }
      return address;
    }
  }

  @Test
  void jsonAndWhatIsImportedFromItAnswerAsRoute53Does() throws IOException {
    for (long seed = SEED; seed < SEED + WORLDS; seed++) {
      RandomPolicies random = new RandomPolicies(seed);
      Route53World world = new Route53World(seed, random);
      Path json = Files.createDirectories(folder.resolve(seed + "/json"));
      Path imported = Files.createDirectories(folder.resolve(seed + "/imported"));
      write(world, json, imported);
      Map<String, Served> served = new LinkedHashMap<>();
      served.put("json", new Served(json, random));
      served.put("imported", new Served(imported, random));
      if (seed % EXPORTED == 0) {
        served.put("json, exported", new Served(export(json, random), random));
        served.put("imported, exported", new Served(export(imported, random), random));
      }
      compare(seed, world, random, served);
    }
    assertThat(compared).isGreaterThan(WORLDS * 200L);
  }

  private static void write(Route53World world, Path json, Path imported) throws IOException {
    Path zone = json.resolve("t.test.route53.json");
    Path checks = json.resolve("health-checks.route53.json");
    Path cidrs = json.resolve("cidr-collections.route53.json");
    Files.writeString(zone, world.recordSets());
    Files.writeString(checks, Route53World.healthChecks());
    Files.writeString(cidrs, world.collections());
    Route53Import.Result result =
        Route53Import.read(List.of(cidrs, zone, checks), LoadLimits.DEFAULT);
    assertThat(result.zones()).as("%s", result.problems()).hasSize(1);
    Route53Import.Files files = result.zones().getFirst();
    assertThat(files.name()).isEqualTo("t.test");
    Files.writeString(imported.resolve("t.test.zone"), files.zone());
    if (files.policy().isPresent()) {
      Files.writeString(imported.resolve("t.test.policy.yaml"), files.policy().get());
    }
  }

  /** The nearest is good enough, for it is not near but equal: only limits are passed over. */
  private static Path export(Path from, RandomPolicies random) throws IOException {
    Route53Export.Options options = new Route53Export.Options(DomainName.ROOT, "Z", true);
    Route53Export.Result result = Route53Export.of(from, LoadLimits.DEFAULT, options, random.geo);
    assertThat(result.files()).as("%s", result.problems()).isNotEmpty();
    Path exported = Files.createDirectories(from.resolveSibling(from.getFileName() + "-exported"));
    for (Map.Entry<String, String> file : result.files().entrySet()) {
      if (!file.getKey().contains("change-batch")) {
        Files.writeString(exported.resolve(file.getKey()), file.getValue());
      }
    }
    return exported;
  }

  private void compare(
      long seed, Route53World world, RandomPolicies random, Map<String, Served> served) {
    Random dice = new Random(seed);
    for (int state = 0; state < STATES; state++) {
      Set<Integer> down = new HashSet<>();
      for (int i = 0; i < Route53World.CHECKS; i++) {
        if (dice.nextInt(STATES) < state) {
          down.add(i);
        }
      }
      Map<String, List<String>> elsewhere = elsewhere(dice);
      ResolvedNames resolved = resolved(elsewhere);
      for (int i = 0; i < CLIENTS; i++) {
        Prefix client = random.prefix();
        for (String key : world.groups.keySet()) {
          String name = key.substring(0, key.indexOf(' '));
          String type = key.substring(key.indexOf(' ') + 1);
          Map<Set<String>, Double> expected =
              world.new Asked(client, down, elsewhere).answer(name, type).answers();
          served.forEach(
              (which, each) -> {
                EligibilitySnapshot health = each.health(down);
                Map<Set<String>, Double> answer = each.answer(name, type, health, resolved, client);
                check(seed, key, client, down, expected, answer, which);
                assertThat(each.answer(name, "TXT", health, resolved, client)).isEmpty();
              });
        }
      }
    }
  }

  /** What the name outside is known to have: for each type nothing yet, none, or some. */
  private static Map<String, List<String>> elsewhere(Random dice) {
    Map<String, List<String>> elsewhere = new HashMap<>();
    List<List<String>> a = List.of(List.of(), List.of("203.0.113.1"), List.of("203.0.113.2"));
    List<List<String>> aaaa = List.of(List.of(), List.of("2001:db8::f001"));
    if (dice.nextInt(3) > 0) {
      elsewhere.put("A", a.get(dice.nextInt(a.size())));
    }
    if (dice.nextInt(3) > 0) {
      elsewhere.put("AAAA", aaaa.get(dice.nextInt(aaaa.size())));
    }
    return elsewhere;
  }

  private static ResolvedNames resolved(Map<String, List<String>> elsewhere) {
    ResolvedName name = ResolvedName.unknown(DomainName.parse(Route53World.ELSEWHERE));
    for (Map.Entry<String, List<String>> known : elsewhere.entrySet()) {
      List<byte[]> addresses =
          known.getValue().stream().map(text -> InetAddress.ofLiteral(text).getAddress()).toList();
      name = name.with(new RRset(RRType.parse(known.getKey()).orElseThrow(), 300, addresses));
    }
    return ResolvedNames.of(List.of(name));
  }

  private void check(
      long seed,
      String key,
      Prefix client,
      Set<Integer> down,
      Map<Set<String>, Double> expected,
      Map<Set<String>, Double> actual,
      String which) {
    assertThat(Distributions.rounded(actual))
        .as("seed %d, %s, %s, client %s, down %s", seed, which, key, client, down)
        .isEqualTo(Distributions.rounded(expected));
    compared++;
  }
}
