package dev.meridian.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.net.ClientAddress;
import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixPartition;
import dev.meridian.policy.AliasResolver.RoutedName;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.rr.ResolvedNames;
import dev.meridian.wire.DomainName;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The compiled engine against {@link PlainInterpreter}, over random worlds. */
class CompiledPoliciesTest {
  private static final long SEED = Long.getLong("test.seed", 20261123);
  private static final int WORLDS = Integer.getInteger("test.worlds", 60);
  private static final int TREES = 20;
  private static final int STATES = 3;
  private static final int CLIENTS = 12;

  static final AliasResolver NO_ALIASES =
      new AliasResolver() {
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
      };

  private long answersCompared;
  private long scopesChecked;
  private long routed;
  private long spilled;
  private final IdentityHashMap<RoutedRRset, IdentityHashMap<RoutingPolicy, PlanNode>> nodes =
      new IdentityHashMap<>();
  private final IdentityHashMap<PlanNode, IdentityHashMap<EligibilitySnapshot, int[]>> planned =
      new IdentityHashMap<>();

  @Test
  void everyAnswerHasTheProbabilityThatThePlainRulesGiveIt() throws PolicyException {
    for (long world = 0; world < WORLDS; world++) {
      compareTrees(new RandomPolicies(SEED + world), TREES, SEED + world);
    }
    assertThat(answersCompared).isGreaterThan(WORLDS * 500L);
    assertThat(scopesChecked).isGreaterThan(WORLDS * 500L);
    assertThat(routed).isGreaterThan(WORLDS * 10L);
  }

  /** Few, for each of these has thousands of cells. */
  @Test
  void soHasEveryAnswerBesidePoliciesThatSpill() throws PolicyException {
    long worlds = 1L + WORLDS / 50;
    for (long world = 0; world < worlds; world++) {
      compareTrees(RandomPolicies.withCapacities(SEED + world), 5, SEED + world);
    }
    assertThat(spilled).isPositive();
  }

  private void compareTrees(RandomPolicies random, int trees, long seed) throws PolicyException {
    PolicyCompiler compiler = new PolicyCompiler(random.space, NO_ALIASES);
    for (int i = 0; i < trees; i++) {
      compare(random, compiler, random.tree(4), seed);
    }
  }

  private void compare(RandomPolicies random, PolicyCompiler compiler, Target tree, long seed)
      throws PolicyException {
    for (int type : new int[] {RRType.A, RRType.AAAA, RandomPolicies.HTTPS}) {
      Optional<RoutedRRset> compiled =
          compiler.compile(new RoutedName(DomainName.parse("x.example."), tree, 60), type);
      PlainInterpreter anybody =
          new PlainInterpreter(
              random.geo,
              random.measurements,
              (_, _) -> -1,
              List.of(EligibilitySnapshot.ALL),
              random.prefix(),
              type);
      assertThat(compiled.isPresent()).isEqualTo(anybody.hasRecords(tree));
      if (compiled.isPresent()) {
        routed++;
        List<EligibilitySnapshot> history = new ArrayList<>(List.of(random.health()));
        Decisions decisions = compiled.get().decide(history.getFirst());
        for (int i = 0; i < STATES; i++) {
          compare(random, compiled.get(), decisions, tree, history, seed);
          history.add(random.health());
          decisions = compiled.get().decide(history.getLast(), ResolvedNames.EMPTY, decisions);
        }
      }
    }
  }

  private void compare(
      RandomPolicies random,
      RoutedRRset compiled,
      Decisions decisions,
      Target tree,
      List<EligibilitySnapshot> history,
      long seed) {
    Dice dice = new Dice(seed);
    Selection selection = new Selection();
    for (int i = 0; i < CLIENTS; i++) {
      Prefix client = i % 2 == 0 ? fullLength(random.prefix()) : random.prefix();
      ClientAddress address = address(client);
      PolicyEngine.select(compiled, decisions, address, dice, selection);
      Map<Set<String>, Double> expected =
          new PlainInterpreter(
                  random.geo,
                  random.measurements,
                  plans(compiled, selection.clientClass()),
                  history,
                  client,
                  compiled.type())
              .answer(tree)
              .answers();
      Map<Set<String>, Double> actual =
          Distributions.of(
              decisions.of(selection.clientClass()), leaf -> Set.of(named(compiled, leaf)));
      assertThat(Distributions.rounded(actual))
          .as("seed %d, client %s, tree %s", seed, client, tree)
          .isEqualTo(Distributions.rounded(expected));
      assertThat(expected.keySet().stream().map(CompiledPoliciesTest::onTheWire))
          .contains(chosen(compiled, selection));
      answersCompared++;
      checkScope(compiled, client, selection, seed);
    }
  }

  /** See {@link PlainInterpreter#named}. */
  private static String named(RoutedRRset compiled, int leaf) {
    return compiled.leafId(leaf) + "/" + compiled.records()[compiled.recordsAt(leaf + 1) - 1];
  }

  /** What the compiled plans have for a class; random trees never have one policy twice. */
  private PlainInterpreter.Plans plans(RoutedRRset compiled, int clientClass) {
    return (policy, health) -> {
      PlanNode node = nodes.computeIfAbsent(compiled, CompiledPoliciesTest::spilling).get(policy);
      int cell = node == null ? -1 : compiled.steering.cell(clientClass, node.dimension);
      if (node == null || cell < 0) {
        return -1;
      }
      spilled++;
      return planned.computeIfAbsent(node, _ -> new IdentityHashMap<>())
          .computeIfAbsent(health, _ -> plan(compiled, node, health))[cell];
    };
  }

  private static int[] plan(RoutedRRset compiled, PlanNode node, EligibilitySnapshot health) {
    return new Decider(compiled, health, ResolvedNames.EMPTY, Map.of()).plan(node);
  }

  private static IdentityHashMap<RoutingPolicy, PlanNode> spilling(RoutedRRset compiled) {
    IdentityHashMap<RoutingPolicy, PlanNode> found = new IdentityHashMap<>();
    collect(compiled.root, found);
    return found;
  }

  private static void collect(PlanNode node, IdentityHashMap<RoutingPolicy, PlanNode> found) {
    if (node.policy != null && node.spills()) {
      found.put(node.policy, node);
    }
    node.branches.forEach(branch -> collect(branch.child(), found));
  }

  /** Everybody inside the scope falls into the same class, prefixes as well as addresses. */
  private void checkScope(RoutedRRset compiled, Prefix client, Selection selection, long seed) {
    int scope = selection.scopeLength();
    if (client.length() < scope) {
      return; // too little is known of this client: the scope asks for more
    }
    Random bits = new Random(seed);
    for (int i = 0; i < 4; i++) {
      Prefix inside = new Prefix(client.ipv4(), client.high(), client.low(), scope);
      Prefix other = withTail(inside, bits);
      int length = scope + bits.nextInt((client.ipv4() ? 32 : 128) - scope + 1);
      assertThat(inside.contains(other)).isTrue();
      for (Prefix neighbour :
          List.of(other, new Prefix(other.ipv4(), other.high(), other.low(), length))) {
        long hit = compiled.find(address(neighbour));
        assertThat(PrefixPartition.value(hit))
            .as("seed %d: %s beside %s in /%d", seed, neighbour, client, scope)
            .isEqualTo(selection.clientClass());
      }
      scopesChecked++;
    }
  }

  private static Prefix withTail(Prefix prefix, Random bits) {
    if (prefix.ipv4()) {
      long mask = prefix.length() == 0 ? 0xFFFFFFFFL : 0xFFFFFFFFL >>> prefix.length();
      return new Prefix(true, 0, prefix.low() | (bits.nextLong() & mask), 32);
    }
    long mask = prefix.length() >= 64 ? 0 : -1L >>> prefix.length();
    return new Prefix(false, prefix.high() | (bits.nextLong() & mask), prefix.low(), 128);
  }

  private static Prefix fullLength(Prefix prefix) {
    return new Prefix(prefix.ipv4(), prefix.high(), prefix.low(), prefix.ipv4() ? 32 : 128);
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

  /** A failure counts only if there is nothing else. */
  private static Set<String> onTheWire(Set<String> ids) {
    Set<String> answered = new TreeSet<>(ids);
    answered.remove(Distributions.FAILURE);
    return answered.isEmpty() ? ids : answered;
  }

  private static Set<String> chosen(RoutedRRset compiled, Selection selection) {
    Set<String> ids = new TreeSet<>();
    if (selection.isFailure()) {
      return Set.of(Distributions.FAILURE);
    }
    for (int i = 0; i < selection.size(); i++) {
      ids.add(named(compiled, selection.leaf(i)));
    }
    return ids;
  }
}
