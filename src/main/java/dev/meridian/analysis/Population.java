package dev.meridian.analysis;

import dev.meridian.analysis.AddressSpace.Share;
import dev.meridian.answer.Outcomes;
import dev.meridian.answer.ServerState;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.load.Clients;
import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixPartition;
import dev.meridian.wire.DomainName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * The clients that the answer to one question can tell apart. What one of a kind is answered, all
 * of it are, in every state of health. The address space is walked once for all questions that tell
 * the same clients apart. Owned by one thread.
 */
final class Population {
  /**
   * All clients of one kind.
   *
   * @param example one of them
   * @param share how much of the public address space they are
   */
  record Kind(Prefix example, Share share) {}

  /** Clients of one kind in one place, or of one autonomous system. */
  private record Cell(int fact, List<Integer> classes, Kind kind) {}

  /** What was walked: by place or by network, and these partitions. */
  private record Walk(boolean networks, List<Integer> partitions) {}

  private final GeoDatabase geo;
  private final AddressSpace space;
  private final IdentityHashMap<PrefixPartition, Integer> numbers = new IdentityHashMap<>();
  private final Map<Walk, List<Cell>> walked = new HashMap<>();

  Population(GeoDatabase geo, AddressSpace space) {
    this.geo = geo;
    this.space = space;
  }

  /** The kinds of some clients; none if there are no such clients. */
  List<Kind> kinds(ServerState state, DomainName name, int type, Clients clients) {
    if (clients instanceof Clients.Network one) {
      return List.of(new Kind(one.prefix(), Share.NONE));
    }
    boolean networks = clients instanceof Clients.Autonomous;
    IntPredicate member = member(clients);
    Map<List<Integer>, Kind> kinds = new LinkedHashMap<>();
    for (Cell cell : cells(networks, Outcomes.partitions(state, name, type))) {
      if (member.test(cell.fact)) {
        kinds.merge(cell.classes, cell.kind, Population::join);
      }
    }
    return List.copyOf(kinds.values());
  }

  private IntPredicate member(Clients clients) {
    return switch (clients) {
      case Clients.Everyone _, Clients.Network _ -> _ -> true;
      case Clients.Autonomous system -> number -> number == system.number();
      case Clients.Unplaced _ -> number -> number == 0;
      case Clients.Place place -> number -> place.key().matches(geo.location(number));
    };
  }

  private List<Cell> cells(boolean networks, List<PrefixPartition> partitions) {
    List<Integer> key =
        partitions.stream()
            .map(each -> numbers.computeIfAbsent(each, _ -> numbers.size()))
            .toList();
    return walked.computeIfAbsent(new Walk(networks, key), _ -> walk(networks, partitions));
  }

  private List<Cell> walk(boolean networks, List<PrefixPartition> partitions) {
    List<PrefixPartition> parts = new ArrayList<>();
    parts.add(networks ? geo.networks() : geo.places());
    parts.add(space.counted());
    parts.addAll(partitions);
    Tuples tuples = new Tuples();
    PrefixPartition combined = PrefixPartition.combine(parts, tuples::number);
    Kind[] kinds = new Kind[tuples.size()];
    AddressSpace.forEachRun(
        combined,
        (first, size, number) -> {
          boolean counts = tuples.tuple(number)[1] == 1;
          Share share = counts ? space.share(first.ipv4(), size) : Share.NONE;
          Kind kind = new Kind(first, share);
          kinds[number] = kinds[number] == null ? kind : join(kinds[number], kind);
        });
    List<Cell> cells = new ArrayList<>();
    for (int number = 0; number < kinds.length; number++) {
      int[] tuple = tuples.tuple(number);
      List<Integer> classes = Arrays.stream(tuple).skip(2).boxed().toList();
      cells.add(new Cell(tuple[0], classes, kinds[number]));
    }
    return List.copyOf(cells);
  }

  /** The example is from the larger part. */
  private static Kind join(Kind one, Kind other) {
    boolean larger = other.share.mean() > one.share.mean();
    return new Kind(larger ? other.example : one.example, one.share.plus(other.share));
  }
}
