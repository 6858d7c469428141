package dev.meridian.metrics;

import dev.meridian.control.Server;
import dev.meridian.control.ShareTable;
import dev.meridian.rr.RRType;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What each endpoint of a routed name should have of the answers, and how often it was chosen. As
 * many series as {@code share-series} allows.
 */
final class ShareMetrics {
  /** What a counter is registered for. */
  private record Counted(Tags tags, int cell) {}

  private final MeterRegistry registry;
  private final Server server;
  private final MultiGauge expected;
  private Map<Counted, Meter> counters = new HashMap<>();

  ShareMetrics(MeterRegistry registry, Server server) {
    this.registry = registry;
    this.server = server;
    this.expected =
        MultiGauge.builder("meridian.endpoint.expected.share")
            .baseUnit("ratio")
            .description(
                "What part of a name's answers an endpoint should have by the decisions in force")
            .register(registry);
  }

  void refresh() {
    ShareTable table = server.shares();
    List<Row<?>> rows = new ArrayList<>();
    Map<Counted, Meter> kept = new HashMap<>();
    for (ShareTable.Row row : table.rows()) {
      Tags tags =
          Tags.of(
              "zone", row.zone().toString(),
              "name", row.name().toString(),
              "type", RRType.toText(row.type()),
              "endpoint", row.endpoint());
      rows.add(Row.of(tags, row.expected()));
      Counted counted = new Counted(tags, row.cell());
      Meter known = counters.remove(counted);
      kept.put(counted, known == null ? counter(counted) : known);
    }
    counters.values().forEach(registry::remove);
    counters = kept;
    expected.register(rows, true);
  }

  private Meter counter(Counted counted) {
    return FunctionCounter.builder(
            "meridian.endpoint.answers", server, it -> chosen(it, counted.cell()))
        .description("How often a policy has chosen an endpoint of a name")
        .tags(counted.tags())
        .register(registry);
  }

  private static double chosen(Server server, int cell) {
    return server.queryStats().stream().mapToDouble(stats -> stats.choices(cell)).sum();
  }
}
