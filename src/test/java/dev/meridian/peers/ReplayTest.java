package dev.meridian.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.meridian.answer.ServerState;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.golden.GoldenCase;
import dev.meridian.golden.GoldenCase.Ask;
import dev.meridian.golden.GoldenServer;
import dev.meridian.golden.Query;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthRegistry;
import dev.meridian.peers.DifferenceList.Difference;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.GeoFixture;
import dev.meridian.testkit.Rfc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The golden cases without policies, put to the peers too. Where a peer answers something else,
 * {@code docs/PEERS.md} must list what and say why, and may list nothing else.
 *
 * <p>{@code mvn test -Dtest=ReplayTest -Dpeers.update=true} brings the list up to date but for the
 * reasons.
 */
@Rfc(number = 6672, sections = "3.2")
@Rfc(
    number = 8906,
    sections = {"8.1", "8.2"})
class ReplayTest {
  private static final Path CASES = Path.of("src/test/resources/cases");
  private static final Pattern GENERATE =
      Pattern.compile("^\\$GENERATE (\\d+)-(\\d+) (.*)$", Pattern.MULTILINE);
  private static final Pattern NUMBER = Pattern.compile("\\$(?:\\{(\\d+)\\})?");

  private final GeoDatabase geo = GeoFixture.database();
  private int compared;

  @Test
  void everyDifferenceIsListedAndEveryListedOneOccurs() throws IOException {
    assumeFalse(Peer.installed().isEmpty(), "no peer (nsd knot bind9 pdns-server) is installed");
    Set<Difference> found = new LinkedHashSet<>();
    for (List<GoldenCase> worlds : sharing(worlds())) {
      replay(worlds, found);
    }
    if (Boolean.getBoolean("peers.update")) {
      DifferenceList.update(found);
    }
    Set<Difference> listed = new LinkedHashSet<>(DifferenceList.read());
    listed.removeIf(difference -> difference.peer().program().isEmpty());
    Set<Difference> unlisted = new LinkedHashSet<>(found);
    unlisted.removeAll(listed);
    listed.removeAll(found);
    assertThat(compared).isGreaterThan(1000);
    assertThat(DifferenceList.rows(unlisted)).as("differences without a reason").isEmpty();
    assertThat(DifferenceList.rows(listed)).as("listed, but gone").isEmpty();
    assertThat(Files.readString(DifferenceList.FILE)).doesNotContain(DifferenceList.UNEXPLAINED);
  }

  private static List<GoldenCase> worlds() throws IOException {
    try (Stream<Path> walk = Files.walk(CASES)) {
      return walk.filter(file -> file.toString().endsWith(".case"))
          .sorted()
          .map(GoldenCase::read)
          .filter(ReplayTest::needsNoPolicy)
          .toList();
    }
  }

  private static boolean needsNoPolicy(GoldenCase world) {
    return world.files().keySet().stream().allMatch(file -> file.endsWith(".zone"))
        && !world.file().startsWith(CASES.resolve("ecs"));
  }

  /** Groups that one start of the peers can serve: none has a zone that another one speaks of. */
  private static List<List<GoldenCase>> sharing(List<GoldenCase> worlds) {
    List<List<GoldenCase>> groups = new ArrayList<>();
    for (GoldenCase world : worlds) {
      groups.stream()
          .filter(group -> group.stream().noneMatch(other -> disturb(world, other)))
          .findFirst()
          .orElseGet(
              () -> {
                groups.add(new ArrayList<>());
                return groups.getLast();
              })
          .add(world);
    }
    return groups;
  }

  private static boolean disturb(GoldenCase one, GoldenCase other) {
    return speaksOf(one, other) || speaksOf(other, one);
  }

  private static boolean speaksOf(GoldenCase one, GoldenCase other) {
    String text = (one.steps().toString() + one.files()).toLowerCase(Locale.ROOT);
    return other.files().keySet().stream()
        .map(file -> file.substring(0, file.length() - "zone".length()))
        .anyMatch(zone -> zone.equals("@.") || text.contains(zone));
  }

  private void replay(List<GoldenCase> worlds, Set<Difference> found) throws IOException {
    Map<String, String> zones = new LinkedHashMap<>();
    worlds.forEach(world -> zones.putAll(zones(world)));
    try (PeerServers peers = PeerServers.start(zones)) {
      for (PeerServer peer : peers.all()) {
        List<String> rejected = peer.awaitZones(zones.keySet());
        for (GoldenCase world : worlds) {
          replay(world, peer, rejected, found);
        }
      }
    }
  }

  private void replay(
      GoldenCase world, PeerServer peer, List<String> rejected, Set<Difference> found)
      throws IOException {
    String file = CASES.relativize(world.file()).toString();
    Set<String> unwanted = new TreeSet<>(zones(world).keySet());
    unwanted.retainAll(rejected);
    if (!unwanted.isEmpty()) {
      String zones = String.join(" ", unwanted);
      found.add(new Difference(file, zones, peer.peer(), "rejected", "loaded"));
      return;
    }
    Answering meridian = meridian(world);
    for (GoldenCase.Step step : world.steps()) {
      compare(file, (Ask) step, meridian, peer, found);
    }
  }

  private Answering meridian(GoldenCase world) {
    Answering meridian = new Answering(List.of());
    meridian.publish(
        ServerState.of(
            GoldenServer.compile(world.files(), geo, new HealthRegistry()).zones(),
            EligibilitySnapshot.ALL,
            1));
    return meridian;
  }

  private void compare(
      String file, Ask ask, Answering meridian, PeerServer peer, Set<Difference> found)
      throws IOException {
    byte[] query = Query.parse(ask.text()).message();
    List<Difference> both = new ArrayList<>();
    for (boolean tcp : new boolean[] {false, true}) {
      byte[] ours = meridian.raw(query, tcp);
      byte[] theirs = peer.client().ask(query, tcp);
      Reply we = Reply.of(ours);
      Reply they = Reply.of(theirs);
      String question = ask.text().replace("|", "&#124;") + (tcp ? " (tcp)" : " (udp)");
      compared++;
      if (!we.equals(they)) {
        both.add(new Difference(file, question, peer.peer(), they.unlike(we), we.unlike(they)));
      } else if (peer.peer().isTerse() && Reply.excess(ours, theirs) > 0) {
        String more = Reply.excess(ours, theirs) + " octets more";
        both.add(new Difference(file, question, peer.peer(), "the same records", more));
      }
    }
    found.addAll(merged(both));
  }

  /** One difference where UDP and TCP have the same. */
  private static List<Difference> merged(List<Difference> both) {
    if (both.size() < 2
        || !both.get(0).they().equals(both.get(1).they())
        || !both.get(0).we().equals(both.get(1).we())) {
      return both;
    }
    Difference udp = both.getFirst();
    String query = udp.query().substring(0, udp.query().length() - " (udp)".length());
    return List.of(new Difference(udp.file(), query, udp.peer(), udp.they(), udp.we()));
  }

  /** The zones by name, with {@code $GENERATE} written out: it is BIND's alone. */
  private static Map<String, String> zones(GoldenCase world) {
    Map<String, String> zones = new LinkedHashMap<>();
    world
        .files()
        .forEach(
            (file, text) -> {
              String name = file.substring(0, file.length() - ".zone".length());
              zones.put(
                  name.equals("@") ? "." : name + ".",
                  GENERATE.matcher(text).replaceAll(ReplayTest::generated));
            });
    return zones;
  }

  private static String generated(MatchResult directive) {
    StringBuilder lines = new StringBuilder();
    for (int i = Integer.parseInt(directive.group(1));
        i <= Integer.parseInt(directive.group(2));
        i++) {
      int number = i;
      lines
          .append(
              NUMBER
                  .matcher(directive.group(3))
                  .replaceAll(
                      hit ->
                          Integer.toString(
                              number
                                  + (hit.group(1) == null ? 0 : Integer.parseInt(hit.group(1))))))
          .append('\n');
    }
    return Matcher.quoteReplacement(lines.toString());
  }
}
