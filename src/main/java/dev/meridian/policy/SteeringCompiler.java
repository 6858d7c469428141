package dev.meridian.policy;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.geo.Location;
import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixPartition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Cuts the client space by what a policy tree can tell apart.
 *
 * <p>Each node that looks at the client is a <em>dimension</em>: it has an order of candidates for
 * every client. Orders are computed once per location, latency row and CIDR block, never per
 * address; the partitions that say where those are get combined, and clients with equal orders in
 * all dimensions that their walk can reach become one class. A tree costs time linear in the
 * prefixes of the databases, and trees of equal shape are cut once.
 */
final class SteeringCompiler {
  private final ClientSpace space;
  private final Map<String, Steering> byShape = new HashMap<>();
  private final SharedParts shared;

  SteeringCompiler(ClientSpace space) {
    this.space = space;
    this.shared = new SharedParts(space);
  }

  Steering compile(PlanNode root, List<PlanNode> dimensions) {
    if (dimensions.isEmpty()) {
      return Steering.NONE;
    }
    return byShape.computeIfAbsent(Shape.of(root), shape -> new Cut(root, dimensions).make());
  }

  /** The work for one tree. */
  private final class Cut {
    private final PlanNode root;
    private final List<PlanNode> dimensions;
    private final Orders[] orders;
    private final Interner classes = new Interner();

    /** Of blocks: an order, and the length of the block that made it so. */
    private final Interner chains = new Interner();

    /** What the place decides, one number per dimension; see {@link #placeFact}. */
    private final Interner placeFacts = new Interner();

    private final Map<Integer, int[]> byId = new HashMap<>();

    private int[] factByLocation = {};

    /** Representative locations, one per fact of a latency dimension. */
    private final List<Location> latencyPlaces = new ArrayList<>();

    private final Map<List<Integer>, Integer> latencyPlaceNumbers = new HashMap<>();

    Cut(PlanNode root, List<PlanNode> dimensions) {
      this.root = root;
      this.dimensions = dimensions;
      this.orders = new Orders[dimensions.size()];
      Arrays.setAll(orders, i -> new Orders(dimensions.get(i)));
    }

    Steering make() {
      SpillCut spill = new SpillCut(space, dimensions, orders, classes);
      PrefixPartition partition;
      if (isByPlaceAlone()) {
        int[] classOfLocation = classOfLocation();
        spill.plan(classOfLocation);
        partition = spill.apply(() -> shared.placesBy(classOfLocation));
      } else {
        PrefixPartition first = byAllParts();
        spill.plan(first, () -> rows(PrefixPartition.uniform(1)));
        partition = spill.apply(() -> first);
      }
      Steering.Exceptions exceptions = exceptions(partition, spill);
      Order[][] table = new Order[orders.length][];
      Arrays.setAll(table, i -> orders[i].all());
      int[][] vectors = spill.vectors();
      int[] decidedFrom = Arrays.stream(vectors).mapToInt(v -> v[dimensions.size()]).toArray();
      return new Steering(
          partition, decidedFrom, exceptions, vectors, table, spill.cellOf(), spill.cells());
    }

    /** For prefixes between two lengths of blocks: what differs if only shorter blocks count. */
    private Steering.Exceptions exceptions(PrefixPartition all, SpillCut spill) {
      int[] lengths4 = blockLengths(true);
      int[] lengths6 = blockLengths(false);
      int longest = Math.max(lengths4.length, lengths6.length);
      if (longest == 0) {
        return Steering.Exceptions.NONE;
      }
      PrefixPartition inside = insideOfBlocks();
      PrefixPartition there = all.where(inside);
      PrefixPartition[] steps = new PrefixPartition[longest + 1];
      for (int i = 0; i <= longest; i++) {
        PrefixPartition some = byAllParts(limit(lengths4, i), limit(lengths6, i), inside);
        steps[i] = difference(inside, there, spill.apply(some, inside));
      }
      return new Steering.Exceptions(steps, stepsOf(33, lengths4), stepsOf(129, lengths6));
    }

    /** 1 for every address that some block covers: elsewhere blocks make no difference. */
    private PrefixPartition insideOfBlocks() {
      PrefixPartition.Builder inside = PrefixPartition.builder(0);
      for (PlanNode node : dimensions) {
        if (node.policy instanceof IpBased policy) {
          policy.blocks().forEach(block -> inside.put(block, 1));
        }
      }
      return inside.build();
    }

    private static PrefixPartition difference(
        PrefixPartition mask, PrefixPartition all, PrefixPartition some) {
      return PrefixPartition.combine(
          List.of(mask, all, some), v -> v[0] == 0 || v[1] == v[2] ? 0 : v[2] + 1);
    }

    private int[] blockLengths(boolean ipv4) {
      return dimensions.stream()
          .filter(node -> node.policy instanceof IpBased)
          .flatMap(node -> ((IpBased) node.policy).networks().stream())
          .flatMap(network -> network.blocks().stream())
          .filter(block -> block.ipv4() == ipv4)
          .mapToInt(Prefix::length)
          .distinct()
          .sorted()
          .toArray();
    }

    /** The length of the longest blocks that count in step {@code i}; in the last all do. */
    private static int limit(int[] lengths, int i) {
      return i == 0 ? 0 : i <= lengths.length ? lengths[i - 1] : 128;
    }

    /** For each length of a prefix, how many of the lengths of blocks are not longer. */
    private static int[] stepsOf(int size, int[] lengths) {
      int[] steps = new int[size];
      Arrays.setAll(steps, i -> (int) Arrays.stream(lengths).filter(length -> length <= i).count());
      return steps;
    }

    private boolean isByPlaceAlone() {
      return !needsRows()
          && asNumbers().isEmpty()
          && dimensions.stream().noneMatch(node -> node.policy instanceof IpBased);
    }

    /** The class by location of the clients of whom nothing but the place matters. */
    private int[] classOfLocation() {
      int[] facts = factByLocation();
      int[] rows = needsRows() ? shared.rowByLocation() : new int[facts.length];
      int[] bare = bareChains();
      int[] classOf = new int[facts.length];
      for (int location = 0; location < facts.length; location++) {
        int[] values =
            Arrays.copyOf(new int[] {facts[location], rows[location], 0}, 3 + bare.length);
        System.arraycopy(bare, 0, values, 3, bare.length);
        classOf[location] = classOf(values);
      }
      return classOf;
    }

    /** For each policy with blocks, the chain of clients that are in none of them. */
    private int[] bareChains() {
      return IntStream.range(0, dimensions.size())
          .filter(i -> dimensions.get(i).policy instanceof IpBased)
          .map(this::bareChain)
          .toArray();
    }

    private int bareChain(int dimension) {
      return dimensions.get(dimension).policy instanceof IpBased policy
          ? chains.number(new int[] {orders[dimension].number(policy.defaultOrder()), 0})
          : 0;
    }

    /**
     * By place, and by all parts for the few clients of whom more matters: places have hundreds of
     * thousands of runs, which are gone through once, and compared with nothing.
     */
    private PrefixPartition byAllParts() {
      PrefixPartition mask = whereMoreMatters();
      return shared.placesBy(classOfLocation()).replaced(mask, byAllParts(32, 128, mask));
    }

    /** Not 0 for every address in some block, or in a network that is named or measured. */
    private PrefixPartition whereMoreMatters() {
      List<PrefixPartition> parts = new ArrayList<>(List.of(insideOfBlocks()));
      if (needsRows()) {
        parts.add(space.latency().rowsByPrefix());
        parts.add(shared.rowsByNetwork());
      }
      if (!asNumbers().isEmpty()) {
        parts.add(shared.networksBy(asNumbers()));
      }
      return PrefixPartition.combine(parts, v -> Arrays.stream(v).anyMatch(i -> i != 0) ? 1 : 0);
    }

    /** With the blocks up to these lengths, where a mask is not 0; 0 elsewhere. */
    private PrefixPartition byAllParts(int limit4, int limit6, PrefixPartition mask) {
      List<PrefixPartition> parts = parts(limit4, limit6, mask);
      parts.add(mask);
      return PrefixPartition.combine(
          parts, values -> values[values.length - 1] == 0 ? 0 : classOf(values));
    }

    /** What decides the class where a mask is not 0: see {@link #classOf}. */
    private List<PrefixPartition> parts(int limit4, int limit6, PrefixPartition mask) {
      List<PrefixPartition> parts = new ArrayList<>();
      parts.add(space.geo().places().where(mask).renumber(factByLocation()));
      parts.add(rows(mask));
      List<Integer> named = asNumbers();
      parts.add(
          named.isEmpty() ? PrefixPartition.uniform(0) : shared.networksBy(named).where(mask));
      for (int i = 0; i < dimensions.size(); i++) {
        if (dimensions.get(i).policy instanceof IpBased policy) {
          parts.add(blocks(i, policy, limit4, limit6).where(mask));
        }
      }
      return parts;
    }

    private PrefixPartition rows(PrefixPartition mask) {
      return needsRows() ? shared.rows(mask) : PrefixPartition.uniform(0);
    }

    private boolean needsRows() {
      return !space.latency().isEmpty()
          && dimensions.stream().anyMatch(node -> node.policy instanceof Latency);
    }

    /** AS numbers that the tree names, in ascending order. */
    private List<Integer> asNumbers() {
      return dimensions.stream()
          .flatMapToInt(
              node ->
                  node.policy instanceof Geolocation policy
                      ? policy.asNumbers()
                      : IntStream.empty())
          .distinct()
          .sorted()
          .boxed()
          .toList();
    }

    /** By location the number of a sequence of place facts. */
    private int[] factByLocation() {
      if (factByLocation.length == 0) {
        GeoDatabase geo = space.geo();
        factByLocation = new int[geo.locationCount()];
        Arrays.setAll(factByLocation, i -> placeFacts.number(facts(geo.location(i))));
      }
      return factByLocation;
    }

    private int[] facts(Location place) {
      int[] facts = new int[dimensions.size()];
      Arrays.setAll(facts, i -> placeFact(i, place));
      return facts;
    }

    /** The order itself where the place alone decides it; else what the place adds to it. */
    private int placeFact(int dimension, Location place) {
      return switch (dimensions.get(dimension).policy) {
        case Geolocation policy -> orders[dimension].number(policy.order(place));
        case Geoproximity policy -> nearest(dimension, policy, policy.nearness(place));
        case Latency policy -> latencyPlace(dimension, policy, place);
        case null, default -> 0;
      };
    }

    private int latency(int dimension, Latency policy, Location place, int row) {
      return nearest(dimension, policy, policy.nearness(place, space.latency(), row));
    }

    private int nearest(int dimension, NearestFirst policy, Nearness nearness) {
      return policy.band() == null
          ? orders[dimension].number(nearness.order(byId(dimension, policy)))
          : orders[dimension].number(nearness);
    }

    private int[] byId(int dimension, NearestFirst policy) {
      return byId.computeIfAbsent(dimension, _ -> policy.byId());
    }

    /** Places that a latency policy cannot tell apart get one number and one representative. */
    private int latencyPlace(int dimension, Latency policy, Location place) {
      List<Integer> key = new ArrayList<>();
      key.add(dimension);
      key.add(policy.hasChinaRule(place) ? 1 : 0);
      key.add(latency(dimension, policy, place, 0));
      return latencyPlaceNumbers.computeIfAbsent(
          key,
          _ -> {
            latencyPlaces.add(place);
            return latencyPlaces.size() - 1;
          });
    }

    /** Every address with the number of its chain of blocks, see {@link #chains}. */
    private PrefixPartition blocks(int dimension, IpBased policy, int limit4, int limit6) {
      int bare = orders[dimension].number(policy.defaultOrder());
      PrefixPartition.Builder builder = PrefixPartition.builder(bareChain(dimension));
      Map<Prefix, int[]> chainOf = new HashMap<>();
      for (Prefix block : policy.blocks()) {
        int[] outer = chainOf.getOrDefault(outer(block, chainOf), new int[] {bare, 0});
        int order = orders[dimension].number(policy.order(block));
        int[] chain = order == outer[0] ? outer : new int[] {order, block.length()};
        chainOf.put(block, chain);
        if (block.length() <= (block.ipv4() ? limit4 : limit6)) {
          builder.put(block, chains.number(chain));
        }
      }
      return builder.build();
    }

    /** The smallest of the known blocks around a block; the block itself if there is none. */
    private static Prefix outer(Prefix block, Map<Prefix, int[]> known) {
      for (int length = block.length() - 1; length > 0; length--) {
        Prefix around = new Prefix(block.ipv4(), block.high(), block.low(), length);
        if (known.containsKey(around)) {
          return around;
        }
      }
      return block;
    }

    /**
     * The class of the clients for whom the parts have these values: an order for each dimension,
     * then the length from which on blocks have decided.
     */
    private int classOf(int[] values) {
      int[] facts = placeFacts.sequence(values[0]);
      int[] vector = new int[dimensions.size() + 1];
      int[] decidedFrom = new int[dimensions.size()];
      int block = 3;
      for (int i = 0; i < decidedFrom.length; i++) {
        int[] chain = {0, 0};
        if (dimensions.get(i).policy instanceof IpBased) {
          chain = chains.sequence(values[block++]);
          decidedFrom[i] = chain[1];
        }
        vector[i] =
            switch (dimensions.get(i).policy) {
              case Latency policy -> latency(i, policy, latencyPlaces.get(facts[i]), values[1]);
              case Geolocation policy -> withNetwork(i, policy, values[2], facts[i]);
              case IpBased _ -> chain[0];
              case null, default -> facts[i];
            };
      }
      boolean[] reached = new boolean[decidedFrom.length];
      reach(root, vector, reached);
      for (int i = 0; i < reached.length; i++) {
        vector[i] = reached[i] ? vector[i] : -1;
        vector[reached.length] = Math.max(vector[reached.length], reached[i] ? decidedFrom[i] : 0);
      }
      return classes.number(vector);
    }

    /** The order by place behind the region of the client's network, if there is one. */
    private int withNetwork(int dimension, Geolocation policy, int asNumber, int byPlace) {
      int[] first = policy.networkOrder(asNumber);
      if (first.length == 0) {
        return byPlace;
      }
      int[] rest = orders[dimension].order(byPlace).positions;
      int[] both = Arrays.copyOf(first, first.length + rest.length);
      System.arraycopy(rest, 0, both, first.length, rest.length);
      return orders[dimension].number(both);
    }

    /** Marks the dimensions that this client's walk can get to in some state of health. */
    private void reach(PlanNode node, int[] vector, boolean[] reached) {
      if (!node.clientDependent) {
        return;
      }
      if (node.dimension < 0) {
        node.branches.forEach(branch -> reach(branch.child(), vector, reached));
        return;
      }
      reached[node.dimension] = true;
      for (int position : orders[node.dimension].order(vector[node.dimension]).positions) {
        PlanNode.Branch branch = node.branchAt(position);
        if (branch != null) {
          reach(branch.child(), vector, reached);
        }
      }
    }
  }
}
