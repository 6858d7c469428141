package dev.meridian.load;

import dev.meridian.load.Sources.Source;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which zones have to be read because others were: an alias sees the records it leads to. */
final class Spread {
  private final Carried carried;

  /** By number: zones that have aliases into it. */
  private final Map<Integer, List<Integer>> ledFrom = new HashMap<>();

  private final Deque<Source> toRead = new ArrayDeque<>();

  /**
   * @param carried zones that change after all are taken out; those that are missing are read
   */
  Spread(Carried carried) {
    this.carried = carried;
    carried.remarkable().stream().forEach(this::leads);
    carried.missing().stream().mapToObj(carried.sources()::get).forEach(toRead::add);
  }

  private void leads(int from) {
    KnownZone known = carried.get(from);
    if (known == null) {
      return;
    }
    for (var to : known.leadsTo().values()) {
      to.map(carried.sources()::at)
          .ifPresent(
              source -> ledFrom.computeIfAbsent(source.number(), _ -> new ArrayList<>()).add(from));
    }
  }

  /** The next zone to read; null: none is left. */
  @Nullable Source next() {
    return toRead.poll();
  }

  /** Draws in the zones that lead to one that was read, and those that it leads to. */
  void hasRead(Source source, Optional<LoadedZone> zone) {
    ledFrom.getOrDefault(source.number(), List.of()).forEach(this::draw);
    zone.ifPresent(read -> read.aliases().forEach(name -> draw(carried.sources().above(name))));
  }

  private void draw(@Nullable Source source) {
    if (source != null) {
      draw(source.number());
    }
  }

  private void draw(int number) {
    if (carried.remove(number)) {
      toRead.add(carried.sources().get(number));
    }
  }
}
