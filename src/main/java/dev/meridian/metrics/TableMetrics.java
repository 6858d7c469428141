package dev.meridian.metrics;

import dev.meridian.answer.ServerState;
import dev.meridian.control.Server;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthStatus;
import dev.meridian.health.Observation;
import dev.meridian.zone.Zone;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The series whose number depends on what is loaded: one per zone, one per watched address. They
 * are read from the snapshots of the moment; only their labels are kept from one scrape to the
 * next.
 */
final class TableMetrics implements MultiCollector {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Server server;

  /** By number of the check: the labels of a definition, as long as it stands. */
  private final List<@Nullable Row> rows = new ArrayList<>();

  private record Row(HealthCheck check, Labels labels) {}

  TableMetrics(Server server) {
    this.server = server;
  }

  @Override
  public MetricSnapshots collect() {
    MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
    zones(server.state(), snapshots);
    endpoints(server.board(), snapshots);
    return snapshots.build();
  }

  private static void zones(ServerState state, MetricSnapshots.Builder snapshots) {
    Series serials = new Series("meridian_zone_serial", "The serial of the zone's SOA");
    Series records = new Series("meridian_zone_records", "Records read from the zone's file");
    for (int i = 0; i < state.zones().size(); i++) {
      Zone zone = state.zones().get(i);
      Labels labels = Labels.of("zone", zone.apex().toString());
      serials.add(labels, (double) zone.serial());
      records.add(labels, zone.recordCount());
    }
    serials.gauge(snapshots);
    records.gauge(snapshots);
  }

  private void endpoints(HealthBoard board, MetricSnapshots.Builder snapshots) {
    Series ups = new Series("meridian_endpoint_up", "Whether the address may be answered: 1 or 0");
    Series durations =
        new Series("meridian_endpoint_check_duration_seconds", "How long the last probe took");
    for (HealthStatus status : board.statuses()) {
      Labels labels = labels(status);
      ups.add(labels, status.isHealthy() ? 1 : 0);
      Observation last = status.last();
      if (last != null) {
        durations.add(labels, last.duration().toNanos() / NANOS_PER_SECOND);
      }
    }
    ups.gauge(snapshots);
    durations.gauge(snapshots);
  }

  private Labels labels(HealthStatus status) {
    while (rows.size() <= status.index()) {
      rows.add(null);
    }
    Row known = rows.get(status.index());
    if (known == null || !known.check().equals(status.check())) {
      Labels labels = Labels.of("check", status.id(), "address", address(status.check()));
      known = new Row(status.check(), labels);
      rows.set(status.index(), known);
    }
    return known.labels();
  }

  /** Empty for a calculated check: every row of a gauge has the same labels. */
  private static String address(HealthCheck check) {
    InetAddress address = check.address();
    return address == null ? "" : address.getHostAddress();
  }
}
