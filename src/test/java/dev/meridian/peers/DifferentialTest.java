package dev.meridian.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meridian.answer.ServerState;
import dev.meridian.golden.GoldenServer;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthRegistry;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.GeoFixture;
import dev.meridian.wire.DomainName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;

/**
 * Random zones and every question about them, put to all servers. Where the peers agree we agree,
 * and where they do not, one of them agrees with us; but for chains that {@link #isExcused} knows.
 *
 * <p>{@code -Dtest.zones=5000 -Dtest.seed=7} asks more and others.
 */
class DifferentialTest {
  private static final int WORLDS = Integer.getInteger("test.zones", 40);
  private static final long SEED = Long.getLong("test.seed", 29);
  private static final String[] TYPES = {
    "A", "NS", "CNAME", "DNAME", "MX", "DS", "SOA", "TYPE65400", "SRV"
  };

  private static final int UNKNOWN_OPTION = 65001;

  /** What Meridian follows of a chain. */
  private static final int MAX_LINKS = 16;

  /**
   * Octets that may be lost where the name asked has nothing of its own: what was prepared for a
   * cut, an apex or a wildcard points at no label below it.
   */
  private static final int LABEL_EXCESS = 16;

  private int compared;

  @Test
  void answersAreThoseOfThePeers() throws IOException {
    assumeTrue(Peer.installed().size() > 1, "fewer than two peers are installed: nobody agrees");
    Random random = new Random(SEED);
    List<RandomWorld> worlds = new ArrayList<>();
    Map<String, String> zones = new TreeMap<>();
    for (int i = 0; i < WORLDS; i++) {
      RandomWorld world = new RandomWorld(i, random);
      worlds.add(world);
      zones.putAll(world.zones());
    }
    Answering meridian = meridian(zones);
    List<String> objections = new ArrayList<>();
    try (PeerServers peers = PeerServers.start(zones)) {
      Map<String, List<PeerServer>> serving = new HashMap<>();
      for (PeerServer peer : peers.all()) {
        Set<String> served = new HashSet<>(zones.keySet());
        peer.awaitZones(zones.keySet()).forEach(served::remove);
        served.forEach(zone -> serving.computeIfAbsent(zone, _ -> new ArrayList<>()).add(peer));
      }
      for (RandomWorld world : worlds) {
        List<PeerServer> asked = new ArrayList<>(peers.all());
        world
            .zones()
            .keySet()
            .forEach(zone -> asked.retainAll(serving.getOrDefault(zone, List.of())));
        compare(world, meridian, asked, objections);
      }
    }
    assertThat(objections)
        .as("%d comparisons, seed %d, %d zones", compared, SEED, zones.size())
        .isEmpty();
    assertThat(compared).isGreaterThan(WORLDS * 100);
  }

  private static Answering meridian(Map<String, String> zones) {
    Map<String, String> files = new HashMap<>();
    zones.forEach((zone, text) -> files.put(Peer.file(zone), text));
    Answering meridian = new Answering(List.of());
    meridian.publish(
        ServerState.of(
            GoldenServer.compile(files, GeoFixture.database(), new HealthRegistry()).zones(),
            EligibilitySnapshot.ALL,
            1));
    return meridian;
  }

  private void compare(
      RandomWorld world, Answering meridian, List<PeerServer> peers, List<String> objections)
      throws IOException {
    for (DomainName name : world.names()) {
      for (String type : TYPES) {
        byte[] query = query(name.toString(), type).toWire();
        byte[] ours = meridian.raw(query, false);
        Reply we = Reply.of(ours);
        Map<Peer, Reply> they = new EnumMap<>(Peer.class);
        for (PeerServer peer : peers) {
          byte[] theirs = peer.client().ask(query, false);
          Reply reply = Reply.of(theirs);
          they.put(peer.peer(), reply);
          compared++;
          if (peer.peer().isTerse() && reply.equals(we)) {
            int excess = Reply.excess(ours, theirs);
            boolean own = world.owns(name) && !name.isWildcard() && !we.answer().isEmpty();
            if (excess > (own ? 0 : LABEL_EXCESS)) {
              objections.add(peer.peer() + " is shorter by " + excess + ": " + name + " " + type);
            }
          }
        }
        Verdict verdict = Verdict.of(we, they);
        if (verdict == Verdict.ALONE && they.values().stream().anyMatch(Reply::isTruncated)) {
          verdict = fits(name.toString(), type, meridian, ours) ? Verdict.FINE : verdict;
        }
        if (verdict != Verdict.FINE && !isExcused(world, name, type, we)) {
          objections.add(text(verdict, name + " " + type, we, they, world));
        }
      }
    }
  }

  /** Whether a response that others truncate has all that it has where there is room. */
  private static boolean fits(String name, String type, Answering meridian, byte[] ours) {
    Reply whole = Reply.of(meridian.raw(Answering.query(name, type).toWire(), true));
    return whole.equals(Reply.of(ours));
  }

  /** Every third one without EDNS, so that much does not fit. */
  private Message query(String name, String type) {
    return compared % 3 == 0
        ? Answering.query(name, type)
        : Answering.queryWithOption(name, type, UNKNOWN_OPTION, new byte[0]);
  }

  /** Chains out of the zone, very long and growing ones are followed as each server likes. */
  private static boolean isExcused(RandomWorld world, DomainName name, String type, Reply we) {
    DomainName zone = world.zoneOf(name, type);
    long links = 0;
    boolean leaves = false;
    for (String record : we.answer()) {
      if (leadsBelowItself(record)) {
        return true;
      }
      int target = record.indexOf(" IN CNAME ");
      if (target >= 0) {
        links++;
        leaves |= !world.zoneOf(DomainName.parse(record.substring(target + 10)), type).equals(zone);
      }
    }
    return leaves || links >= MAX_LINKS;
  }

  /** A DNAME that makes names longer for ever. */
  private static boolean leadsBelowItself(String record) {
    int target = record.indexOf(" IN DNAME ");
    return target >= 0
        && DomainName.parse(record.substring(target + 10))
            .isAtOrBelow(DomainName.parse(record.substring(0, record.indexOf(' '))));
  }

  private static String text(
      Verdict verdict, String question, Reply we, Map<Peer, Reply> they, RandomWorld world) {
    List<String> lines = new ArrayList<>(List.of(verdict + " " + question, "   we: " + we));
    they.forEach((peer, reply) -> lines.add("   " + peer + ": " + reply));
    lines.addAll(world.zones().values());
    return String.join(System.lineSeparator(), lines);
  }
}
