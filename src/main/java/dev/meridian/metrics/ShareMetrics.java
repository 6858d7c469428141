package dev.meridian.metrics;

import dev.meridian.answer.QueryStats;
import dev.meridian.control.Server;
import dev.meridian.control.ShareTable;
import dev.meridian.rr.RRType;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/**
 * What each endpoint of a routed name should have of the answers, and how often it was chosen. As
 * many series as {@code share-series} allows.
 */
final class ShareMetrics implements MultiCollector {
  private final Server server;

  ShareMetrics(Server server) {
    this.server = server;
  }

  @Override
  public MetricSnapshots collect() {
    Series expected =
        new Series(
            "meridian_endpoint_expected_share_ratio",
            "What part of a name's answers an endpoint should have by the decisions in force");
    Series answers =
        new Series(
            "meridian_endpoint_answers", "How often a policy has chosen an endpoint of a name");
    for (ShareTable.Row row : server.shares().rows()) {
      Labels labels =
          Labels.of(
              "zone", row.zone().toString(),
              "name", row.name().toString(),
              "type", RRType.toText(row.type()),
              "endpoint", row.endpoint());
      expected.add(labels, row.expected());
      answers.add(labels, chosen(row.cell()));
    }
    MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
    expected.gauge(snapshots);
    answers.counter(snapshots);
    return snapshots.build();
  }

  private double chosen(int cell) {
    double sum = 0;
    for (QueryStats stats : server.queryStats()) {
      sum += stats.choices(cell);
    }
    return sum;
  }
}
