package dev.meridian.metrics;

import dev.meridian.alert.AlertFigures;
import dev.meridian.control.Server;
import dev.meridian.health.HealthOverride.Origin;
import dev.meridian.state.JournalFigures;
import dev.meridian.vote.VoteFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * What surrounds health checking: votes, overrides, what is kept and told of it. The table of
 * series is fixed when the server starts.
 */
final class HealthMetrics {
  private final MeterRegistry registry;
  private final Server server;

  HealthMetrics(MeterRegistry registry, Server server) {
    this.registry = registry;
    this.server = server;
  }

  void register() {
    overrides();
    votes();
    journal();
    for (int i = 0; i < server.alerts().size(); i++) {
      alerts(i, server.alerts().get(i).receiver());
    }
    gauge(
            "meridian.health.state.age",
            "How far what is kept of health, for a restart, is behind what is known",
            s -> s.healthBehind().toMillis() / 1000.0)
        .baseUnit("seconds")
        .register(registry);
  }

  private void overrides() {
    for (Origin origin : Origin.values()) {
      gauge(
              "meridian.overrides",
              "Overrides in force, by where they come from",
              s -> s.board().overrides(origin).size())
          .tags("origin", origin.word())
          .register(registry);
    }
    gauge(
            "meridian.vantage.abstaining",
            "Whether this vantage point keeps its votes back, for others see otherwise: 1 or 0",
            s -> s.board().abstaining() ? 1 : 0)
        .register(registry);
  }

  private void votes() {
    gauge("meridian.vote.peers", "Other vantage points there should be", s -> s.votes().peers())
        .register(registry);
    gauge("meridian.vote.peers.heard", "Other vantage points heard now", s -> s.votes().heard())
        .register(registry);
    counter("meridian.votes.sent", "Datagrams of votes that were sent", s -> s.votes().sent())
        .register(registry);
    received("counted", VoteFigures::counted);
    received("stale", VoteFigures::stale);
    received("foreign", VoteFigures::foreign);
  }

  private void received(String result, ToLongFunction<VoteFigures> figure) {
    counter(
            "meridian.votes.received",
            "Datagrams of votes: counted, stale (late, twice, from before a restart) or foreign"
                + " (not made with the key)",
            s -> figure.applyAsLong(s.votes()))
        .tags("result", result)
        .register(registry);
  }

  private void journal() {
    counter(
            "meridian.journal.entries",
            "Entries written to the journal",
            journal(JournalFigures::written))
        .register(registry);
    counter(
            "meridian.journal.entries.lost",
            "Entries that left memory before the disk took them",
            journal(JournalFigures::lost))
        .register(registry);
    gauge(
            "meridian.journal.entries.waiting",
            "Entries not on the disk yet",
            journal(JournalFigures::waiting))
        .register(registry);
    gauge("meridian.journal.size", "The journal's files together", journal(JournalFigures::octets))
        .baseUnit("bytes")
        .register(registry);
  }

  private static ToDoubleFunction<Server> journal(ToLongFunction<JournalFigures> figure) {
    return server -> figure.applyAsLong(server.journal().figures());
  }

  private void alerts(int number, String receiver) {
    Tags tags = Tags.of("webhook", Integer.toString(number + 1), "receiver", receiver);
    counter(
            "meridian.alerts.received",
            "Entries of the journal that the webhook has taken",
            alert(number, AlertFigures::received))
        .tags(tags)
        .register(registry);
    counter(
            "meridian.alerts.failures",
            "Requests that the webhook did not take",
            alert(number, AlertFigures::failures))
        .tags(tags)
        .register(registry);
    counter(
            "meridian.alerts.given.up",
            "Entries that the webhook refused so often that they are no longer sent",
            alert(number, AlertFigures::givenUp))
        .tags(tags)
        .register(registry);
    gauge(
            "meridian.alerts.waiting",
            "Entries that are still to be sent to the webhook",
            alert(number, AlertFigures::waiting))
        .tags(tags)
        .register(registry);
  }

  private static ToDoubleFunction<Server> alert(int number, ToLongFunction<AlertFigures> figure) {
    return server -> figure.applyAsLong(server.alerts().get(number));
  }

  private FunctionCounter.Builder<Server> counter(
      String name, String help, ToDoubleFunction<Server> value) {
    return FunctionCounter.builder(name, server, value).description(help);
  }

  private Gauge.Builder<Server> gauge(String name, String help, ToDoubleFunction<Server> value) {
    return Gauge.builder(name, server, value).description(help);
  }
}
