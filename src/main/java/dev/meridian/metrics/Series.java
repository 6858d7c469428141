package dev.meridian.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;

/**
 * The series of one metric at one scrape, in the model of the library that writes them for
 * Micrometer. Its own registry keeps an object for each series, and finds them again at each
 * scrape: with ten thousand checks that cost twenty times as much.
 */
final class Series {
  private record Point(Labels labels, double value) {}

  private final MetricMetadata metadata;
  private final List<Point> points = new ArrayList<>();

  /**
   * Of one metric.
   *
   * @param name with its unit, without {@code _total}
   */
  Series(String name, String help) {
    metadata = new MetricMetadata(name, help);
  }

  void add(Labels labels, double value) {
    points.add(new Point(labels, value));
  }

  /** Puts them among the snapshots as a gauge; a metric without series is left out. */
  void gauge(MetricSnapshots.Builder snapshots) {
    if (!points.isEmpty()) {
      List<GaugeDataPointSnapshot> all =
          points.stream()
              .map(point -> new GaugeDataPointSnapshot(point.value(), point.labels(), null))
              .toList();
      snapshots.metricSnapshot(new GaugeSnapshot(metadata, all));
    }
  }

  /** The same as a counter. */
  void counter(MetricSnapshots.Builder snapshots) {
    if (!points.isEmpty()) {
      List<CounterDataPointSnapshot> all =
          points.stream()
              .map(point -> new CounterDataPointSnapshot(point.value(), point.labels(), null, 0))
              .toList();
      snapshots.metricSnapshot(new CounterSnapshot(metadata, all));
    }
  }
}
