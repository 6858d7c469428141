package dev.meridian.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.meridian.answer.AnswerRecord;
import dev.meridian.answer.Explainer;
import dev.meridian.answer.Explanation;
import dev.meridian.answer.ExplanationText;
import dev.meridian.answer.Outcome;
import dev.meridian.answer.Outcomes;
import dev.meridian.answer.ServerState;
import dev.meridian.master.RdataText;
import dev.meridian.net.ClientAddress;
import dev.meridian.net.Prefix;
import dev.meridian.policy.AliasResolver.RoutedName;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.testkit.Answering;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.Zone;
import dev.meridian.zone.ZoneBuilder;
import dev.meridian.zone.Zones;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What is explained is what is answered: over the wire, in random worlds, for random questions. */
class ExplainedAnswersTest {
  private static final long SEED = Long.getLong("test.seed", 20261128);
  private static final int WORLDS = Integer.getInteger("test.worlds", 15);
  private static final int TREES = 6;
  private static final int CLIENTS = 8;
  private static final int SAMPLES = 10;
  private static final String ZONE =
      """
      @ SOA ns h 1 2 3 4 5
      @ NS ns
      ns A 192.0.2.1
      ns AAAA 2001:db8::1
      also CNAME t0
      far CNAME www.example.net.
      old DNAME deep
      *.deep CNAME t1
      """;

  private int compared;
  private int random;
  private int marked;

  @Test
  void everyAnswerOnTheWireIsOneOfThoseExplained() throws PolicyException {
    for (long seed = SEED; seed < SEED + WORLDS; seed++) {
      World world = new World(seed);
      for (int i = 0; i < CLIENTS; i++) {
        for (String name :
            List.of("t0", "t1", "t2", "t3", "t4", "t5", "also", "a.old", "far", "no")) {
          world.compare(name + ".example.", i % 2 == 0 ? "A" : "AAAA", SAMPLES);
        }
      }
    }
    assertThat(compared).isGreaterThan(WORLDS * 60);
    assertThat(random).isGreaterThan(WORLDS * 5);
    assertThat(marked).isGreaterThan(WORLDS * 20);
  }

  @Test
  void whatIsDrawnComesAsOftenAsExplained() throws PolicyException {
    int checked = 0;
    for (long seed = SEED; checked < 4; seed++) {
      World world = new World(seed);
      Prefix client = world.policies.prefix();
      Outcome outcome = world.outcome("t0.example.", RRType.A, client);
      if (outcome.isRandom() && !world.isSticky(client)) {
        world.compareFrequencies("t0.example.", client, outcome);
        checked++;
      }
    }
  }

  /** One zone whose names t0 to t5 are answered by random trees, in one state of health. */
  private final class World {
    private final long seed;
    private final RandomPolicies policies;
    private final ClientSpace space;
    private final ServerState state;
    private final Answering answering;

    World(long seed) throws PolicyException {
      this.seed = seed;
      policies = new RandomPolicies(seed);
      space = policies.space;
      PolicyCompiler compiler = new PolicyCompiler(space, new NoAliases());
      ZoneBuilder zone = Answering.zone("example.", ZONE);
      for (int i = 0; i < TREES; i++) {
        DomainName owner = DomainName.parse("t" + i + ".example.");
        Target tree = policies.tree(4);
        for (int type : new int[] {RRType.A, RRType.AAAA}) {
          compiler
              .compile(new RoutedName(owner, tree, 10L * i), type)
              .ifPresent(routed -> zone.addRouted(owner, routed));
        }
      }
      state = ServerState.of(new Zones(List.of(zone.build())), policies.health(), 1);
      answering = new Answering(List.of());
      answering.publish(state);
    }

    Outcome outcome(String name, int type, Prefix client) {
      return Outcomes.of(state, DomainName.parse(name), type, client);
    }

    /** Whether t0's dice are the client's own hash, which throws the same each time. */
    boolean isSticky(Prefix client) {
      Zones zones = state.zones();
      Zone zone = zones.get(0);
      ClientAddress address = new ClientAddress();
      address.set(client);
      for (int i = 0; i < zone.routedCount(); i++) {
        RoutedRRset rrset = zone.routed(i);
        if (rrset.chances(state.decisions(0, i), rrset.clientClass(address)).stickyBits(true) > 0) {
          return true;
        }
      }
      return false;
    }

    void compare(String name, String typeText, int samples) {
      Prefix client = policies.prefix();
      int type = RRType.parse(typeText).orElseThrow();
      Explanation explained =
          new Explainer(state, space, client, seed).explain(DomainName.parse(name), type);
      Outcome outcome = explained.outcome();
      String what = "seed " + seed + ", " + name + " " + typeText + " for " + client;
      assertThat(outcome.endings().values().stream().mapToDouble(p -> p).sum())
          .as(what)
          .isEqualTo(1, within(1e-9));
      assertIn(outcome, explained, what);
      assertMarked(explained, what);
      compared++;
      random += outcome.isRandom() ? 1 : 0;
      for (int i = 0; i < samples; i++) {
        Wire wire = ask(name, typeText, client);
        assertIn(outcome, wire, what);
        if (!outcome.isRandom()) {
          assertThat(wire.records).as(what).isEqualTo(records(explained));
          // dice may lead past a choice that sticks, which would have made it longer
          assertThat(wire.scope).as(what).isLessThanOrEqualTo(explained.scopeLength());
          assertThat(wire.scope == explained.scopeLength() || isSticky(client)).as(what).isTrue();
        }
      }
    }

    void compareFrequencies(String name, Prefix client, Outcome outcome) {
      int samples = 2500;
      Map<String, Integer> seen = new HashMap<>();
      for (int i = 0; i < samples; i++) {
        ask(name, "A", client).records.forEach(text -> seen.merge(text, 1, Integer::sum));
      }
      outcome
          .records()
          .forEach(
              (text, share) ->
                  assertThat(seen.getOrDefault(text, 0) / (double) samples)
                      .as("seed %d: share of %s in %s", seed, text, outcome)
                      .isEqualTo(share, within(0.05))); // five standard deviations
    }

    private Wire ask(String name, String type, Prefix client) {
      Message response = answering.ask(name, type, client.toString());
      return new Wire(response);
    }
  }

  /** What an answer says. */
  private static final class Wire {
    final int rcode;
    final int scope;
    final Set<String> records = new TreeSet<>();
    final Set<Long> ttls = new TreeSet<>();

    Wire(Message response) {
      rcode = response.getRcode();
      for (Record each : response.getSection(Section.ANSWER)) {
        records.add(
            Type.string(each.getType())
                + " "
                + RdataText.of(each.getType(), each.rdataToWireCanonical()));
        ttls.add(each.getTTL());
      }
      scope =
          response.getOPT().getOptions(EDNSOption.Code.CLIENT_SUBNET).stream()
              .mapToInt(option -> ((ClientSubnetOption) option).getScopePrefixLength())
              .findFirst()
              .orElseThrow();
    }
  }

  private static void assertIn(Outcome outcome, Wire wire, String what) {
    assertThat(outcome.endings().keySet().stream().map(Outcome.Ending::rcode).toList())
        .as(what)
        .contains(wire.rcode);
    assertRecords(outcome, wire.records, what);
    assertThat(wire.ttls)
        .as(what)
        .allMatch(ttl -> outcome.ttls().low() <= ttl && ttl <= outcome.ttls().high());
    assertThat((long) wire.scope)
        .as(what)
        .isBetween(outcome.scopes().low(), outcome.scopes().high());
  }

  private static void assertIn(Outcome outcome, Explanation explained, String what) {
    assertThat(outcome.endings().keySet().stream().map(Outcome.Ending::rcode).toList())
        .as(what)
        .contains(explained.rcode());
    assertRecords(outcome, records(explained), what);
  }

  /** Where no dice have a say, the branches marked as chosen are those that answered. */
  private void assertMarked(Explanation explained, String what) {
    for (Explanation.Link link : explained.links()) {
      Set<String> ids = new TreeSet<>();
      if (link.policy() != null && isMarked(link.policy(), ids) && !ids.isEmpty()) {
        String chose = "policy chose ";
        assertThat(link.outcome()).as(what).startsWith(chose);
        assertThat(new TreeSet<>(List.of(link.outcome().substring(chose.length()).split(", "))))
            .as(what + ": " + ExplanationText.of(explained, String::valueOf))
            .isEqualTo(ids);
        marked++;
      }
    }
  }

  /** Collects the endpoints behind chosen branches; false if dice are thrown on the way. */
  private static boolean isMarked(Explained node, Set<String> ids) {
    if (node.kind() == Explained.Kind.ENDPOINT) {
      ids.add(node.what());
    }
    for (Explained.Branch branch : node.branches()) {
      Explained child = branch.node();
      if (branch.standing() == Explained.Standing.DRAWN
          || (branch.standing() == Explained.Standing.CHOSEN
              && child != null
              && !isMarked(child, ids))) {
        return false;
      }
    }
    return true;
  }

  private static void assertRecords(Outcome outcome, Set<String> records, String what) {
    assertThat(outcome.records().keySet()).as(what).containsAll(records);
    outcome
        .records()
        .forEach(
            (text, share) -> {
              if (share > 1 - 1e-12) {
                assertThat(records).as(what).contains(text);
              }
            });
  }

  private static Set<String> records(Explanation explained) {
    return explained.links().stream()
        .flatMap(link -> link.records().stream())
        .map(ExplainedAnswersTest::text)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String text(AnswerRecord each) {
    return RRType.toText(each.type()) + " " + each.data();
  }

  private static final class NoAliases implements AliasResolver {
    @Override
    public @Nullable RoutedName routed(DomainName name, int type) {
      return null;
    }

    @Override
    public boolean isElsewhere(DomainName name) {
      return false;
    }

    @Override
    public @Nullable RRset records(DomainName name, int type) {
      return null;
    }
  }
}
