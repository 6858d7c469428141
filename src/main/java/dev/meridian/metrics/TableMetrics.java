package dev.meridian.metrics;

import dev.meridian.answer.ServerState;
import dev.meridian.control.Server;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthStatus;
import dev.meridian.health.Observation;
import dev.meridian.zone.Zone;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The series whose number depends on what is loaded: one per zone, one per watched address. Those
 * of zones are made anew after a load, those of health at each scrape.
 */
final class TableMetrics {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Server server;
  private final MultiGauge serial;
  private final MultiGauge records;
  private final MultiGauge up;
  private final MultiGauge duration;
  private @Nullable ServerState state;

  TableMetrics(MeterRegistry registry, Server server) {
    this.server = server;
    this.serial = table(registry, "meridian.zone.serial", "", "The serial of the zone's SOA");
    this.records =
        table(registry, "meridian.zone.records", "", "Records read from the zone's file");
    this.up =
        table(registry, "meridian.endpoint.up", "", "Whether the address may be answered: 1 or 0");
    this.duration =
        table(
            registry,
            "meridian.endpoint.check.duration",
            "seconds",
            "How long the last probe took");
  }

  private static MultiGauge table(
      MeterRegistry registry, String name, String unit, String description) {
    MultiGauge.Builder builder = MultiGauge.builder(name).description(description);
    return (unit.isEmpty() ? builder : builder.baseUnit(unit)).register(registry);
  }

  void refresh() {
    ServerState nextState = server.state();
    if (nextState != state) {
      state = nextState;
      zones(nextState);
    }
    endpoints(server.board());
  }

  private void zones(ServerState state) {
    List<Row<?>> serials = new ArrayList<>();
    List<Row<?>> counts = new ArrayList<>();
    for (int i = 0; i < state.zones().size(); i++) {
      Zone zone = state.zones().get(i);
      Tags tags = Tags.of("zone", zone.apex().toString());
      serials.add(Row.of(tags, zone.serial()));
      counts.add(Row.of(tags, zone.recordCount()));
    }
    serial.register(serials, true);
    records.register(counts, true);
  }

  private void endpoints(HealthBoard board) {
    List<Row<?>> ups = new ArrayList<>();
    List<Row<?>> durations = new ArrayList<>();
    for (HealthStatus status : board.statuses()) {
      Tags tags = Tags.of("check", status.id(), "address", address(status.check()));
      ups.add(Row.of(tags, status.isHealthy() ? 1 : 0));
      Observation last = status.last();
      if (last != null) {
        durations.add(Row.of(tags, last.duration().toNanos() / NANOS_PER_SECOND));
      }
    }
    up.register(ups, true);
    duration.register(durations, true);
  }

  /** Empty for a calculated check: every row of a gauge has the same labels. */
  private static String address(HealthCheck check) {
    InetAddress address = check.address();
    return address == null ? "" : address.getHostAddress();
  }
}
