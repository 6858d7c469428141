package dev.meridian.golden;

import dev.meridian.answer.ServerState;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.CompiledSet;
import dev.meridian.testkit.GeoFixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The zone {@code t.test.} as Route 53's own JSON, put together set by set and then asked. */
abstract class Route53JsonZone {
  private static final String APEX =
      """
      {"Name":"t.test.","Type":"SOA","TTL":900,"ResourceRecords":[{"Value":
        "ns-1.awsdns-00.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"}]},
      {"Name":"t.test.","Type":"NS","TTL":172800,"ResourceRecords":[{"Value":"ns-1.awsdns-00.com"}]}
      """;
  private static final String COLLECTIONS =
      """
      {"CidrCollections":[{"Id":"c-1","Name":"offices","Locations":[
        {"LocationName":"loc1","CidrBlocks":["45.0.0.0/8","2001:db8:1234::/48"]},
        {"LocationName":"loc2","CidrBlocks":["45.1.0.0/16"]}]}]}
      """;

  final HealthRegistry registry = new HealthRegistry();
  final List<String> sets = new ArrayList<>(List.of(APEX));
  private final Set<String> checks = new TreeSet<>();

  /** By health check: more of its configuration. */
  final Map<String, String> settings = new HashMap<>();

  /** More files of the zone folder. */
  final Map<String, String> more = new HashMap<>();

  InProcess server =
      new InProcess(
          ServerState.of(
              GoldenServer.compile(
                      Map.of("t.test.zone", InProcess.ZONE), GeoFixture.database(), registry)
                  .zones(),
              EligibilitySnapshot.ALL,
              1),
          1);

  final void values(String name, String id, String routing, String check, String... addresses) {
    List<String> records = Arrays.stream(addresses).map(a -> "{\"Value\":\"" + a + "\"}").toList();
    set(
        name,
        id,
        routing,
        check,
        "\"TTL\":60,\"ResourceRecords\":[" + String.join(",", records) + "]");
  }

  final void alias(String name, String id, String routing, String check, String to, boolean eth) {
    set(
        name,
        id,
        routing,
        check,
        "\"AliasTarget\":{\"HostedZoneId\":\"Z1\",\"DNSName\":\""
            + to
            + ".t.test.\",\"EvaluateTargetHealth\":"
            + eth
            + "}");
  }

  final void set(String name, String id, String routing, String check, String rest) {
    String json = "{\"Name\":\"" + name + "t.test.\",\"Type\":\"A\",";
    if (!id.isEmpty()) {
      json += "\"SetIdentifier\":\"" + id + "\"," + routing + ",";
    }
    if (!check.isEmpty()) {
      checks.add(check);
      json += "\"HealthCheckId\":\"" + check + "\",";
    }
    sets.add(json + rest + "}");
  }

  final void serve() {
    serve(GeoFixture.database());
  }

  final CompiledSet serve(GeoDatabase geo) {
    List<String> definitions = checks.stream().map(this::definition).toList();
    Map<String, String> files = new HashMap<>();
    files.put("t.test.route53.json", listing("ResourceRecordSets", sets));
    files.put("health-checks.route53.json", listing("HealthChecks", definitions));
    files.put("cidr-collections.route53.json", COLLECTIONS);
    files.putAll(more);
    CompiledSet set = GoldenServer.compile(files, geo, registry);
    server = new InProcess(ServerState.of(set.zones(), EligibilitySnapshot.ALL, 1), 7);
    return set;
  }

  private static String listing(String of, List<String> items) {
    return "{\"" + of + "\":[" + String.join(",", items) + "]}";
  }

  private String definition(String id) {
    return "{\"Id\":\""
        + id
        + "\",\"HealthCheckConfig\":{\"Type\":\"TCP\",\"IPAddress\":\"192.0.2.77\",\"Port\":443"
        + settings.getOrDefault(id, "")
        + "}}";
  }

  final void down(String... ids) {
    for (String id : checks) {
      server.health(registry.indexOf(id), !List.of(ids).contains(id));
    }
  }

  /** Last octets of the answers, most frequent answers and all. */
  final Set<String> ask(String name, String... subnet) {
    Set<String> seen = new TreeSet<>();
    for (int i = 0; i < 60; i++) {
      String query = name + "t.test. A" + (subnet.length == 0 ? "" : " +subnet=" + subnet[0]);
      for (String address : InProcess.answers(server.ask(query))) {
        seen.add(address.substring(address.lastIndexOf('.') + 1));
      }
    }
    return seen;
  }
}
