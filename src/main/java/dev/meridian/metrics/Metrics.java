package dev.meridian.metrics;

import com.sun.management.OperatingSystemMXBean;
import dev.meridian.answer.Counter;
import dev.meridian.answer.QueryStats;
import dev.meridian.control.ControlStatus;
import dev.meridian.control.Server;
import dev.meridian.publish.KeptSet;
import dev.meridian.publish.ReloadResult;
import dev.meridian.rr.RRType;
import dev.meridian.transport.TransportCounter;
import dev.meridian.transport.TransportStats;
import dev.meridian.wire.Rcode;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Everything that is counted, for Prometheus. Each scrape reads the counters and snapshots where
 * they are; nothing on the query path knows of it.
 *
 * <p>Names are CoreDNS's with another prefix, where CoreDNS has the thing. Labels are bounded by
 * the configuration: names of zones and endpoints are labels, names and addresses of clients never.
 *
 * <p>May be called from any one thread at a time.
 */
public final class Metrics {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** A page may be longer than the last by this fraction without being copied. */
  private static final int SPARE = 16;

  /** Types with a series of their own; CoreDNS's list, extended. The rest is {@code other}. */
  private static final List<Integer> TYPES =
      List.of(
          RRType.A,
          RRType.NS,
          RRType.CNAME,
          RRType.SOA,
          RRType.PTR,
          RRType.MX,
          RRType.TXT,
          RRType.AAAA,
          RRType.SRV,
          RRType.DNAME,
          RRType.DS,
          RRType.RRSIG,
          RRType.NSEC,
          RRType.DNSKEY,
          RRType.NSEC3,
          RRType.SVCB,
          RRType.HTTPS,
          RRType.IXFR,
          RRType.AXFR,
          RRType.ANY);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** Octets that the next page will likely have. */
  private int size = 1 << 14;

  /** Held here because Micrometer itself holds what it reads only weakly. */
  private final Server server;

  /** Registers everything; reads nothing yet. */
  public Metrics(Server server) {
    this.server = server;
    registry.config().meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"));
    registry.config().meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
    registry.getPrometheusRegistry().register(new TableMetrics(server));
    registry.getPrometheusRegistry().register(new ShareMetrics(server));
    build();
    queries();
    responses();
    transport();
    control();
    new HealthMetrics(registry, server).register();
    jvm();
  }

  /**
   * The page that Prometheus scrapes, in its text format 0.0.4. With ten thousand checks it has 2.5
   * MB and takes some 70 ms of processor time.
   */
  public byte[] page() {
    ByteArrayOutputStream page = new ByteArrayOutputStream(size);
    try {
      registry.scrape(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    size = page.size() + page.size() / SPARE;
    return page.toByteArray();
  }

  /** The media type of {@link #page}. */
  public static String contentType() {
    return CONTENT_TYPE;
  }

  private void build() {
    gauge("meridian.build.info", "The build, as labels; always 1", _ -> 1)
        .tags("version", server.version(), "java", Runtime.version().toString())
        .register(registry);
  }

  private void queries() {
    requests("udp", "1", Counter.UDP_IPV4);
    requests("udp", "2", Counter.UDP_IPV6);
    requests("tcp", "1", Counter.TCP_IPV4);
    requests("tcp", "2", Counter.TCP_IPV6);
    for (int type : TYPES) {
      byType(RRType.toText(type), server -> sum(server, stats -> stats.type(type)));
    }
    byType("other", Metrics::otherTypes);
    denied("server", Counter.DENIED);
    denied("zone", Counter.DENIED_BY_ZONE);
    for (Counter counter : Counter.values()) {
      String name = name(counter);
      if (!name.isEmpty()) {
        counter(name, counter.help(), server -> sum(server, stats -> stats.get(counter)))
            .register(registry);
      }
    }
  }

  /** Family as CoreDNS has it, in IANA's numbers: 1 is IPv4, 2 is IPv6. */
  private void requests(String proto, String family, Counter counter) {
    counter(
            "meridian.dns.requests",
            "Queries by protocol and address family (1: IPv4, 2: IPv6)",
            server -> sum(server, stats -> stats.get(counter)))
        .tags("proto", proto, "family", family)
        .register(registry);
  }

  /** By whose list of clients: the server's or a zone's. */
  private void denied(String by, Counter counter) {
    counter(
            "meridian.dns.denied.requests",
            "Queries from clients that may not ask, by whose allow-query has them not",
            server -> sum(server, stats -> stats.get(counter)))
        .tags("by", by)
        .register(registry);
  }

  private void byType(String type, ToDoubleFunction<Server> count) {
    counter("meridian.dns.requests.by.type", "Queries by the RR type asked for", count)
        .tags("type", type)
        .register(registry);
  }

  private static double otherTypes(Server server) {
    double other = 0;
    for (int type = 0; type < QueryStats.typeLimit(); type++) {
      if (!TYPES.contains(type)) {
        int counted = type;
        other += sum(server, stats -> stats.type(counted));
      }
    }
    return other;
  }

  /** The name of what has a series of its own; empty for what is put together with others. */
  private static String name(Counter counter) {
    return switch (counter) {
      case UDP_IPV4, UDP_IPV6, TCP_IPV4, TCP_IPV6 -> "";
      case DROPPED -> "meridian.dns.dropped.messages";
      case EDNS -> "meridian.dns.edns.requests";
      case COOKIE -> "meridian.dns.cookie.requests";
      case COOKIE_VALID -> "meridian.dns.valid.cookie.requests";
      case CLIENT_SUBNET -> "meridian.dns.client.subnet.requests";
      case DNSSEC_OK -> "meridian.dns.do.requests";
      case TRUNCATED -> "meridian.dns.truncated.responses";
      case DENIED, DENIED_BY_ZONE -> "";
      case RATE_LIMITED -> "meridian.dns.rate.limited.responses";
      case RATE_SLIPPED -> "meridian.dns.rate.slipped.responses";
      case ROUTED -> "meridian.dns.routed.responses";
      case REFERRAL -> "meridian.dns.referral.responses";
      case FAILED -> "meridian.dns.failed.requests";
    };
  }

  private void responses() {
    int others = QueryStats.rcodeLimit() - 1;
    for (int rcode = 0; rcode < others; rcode++) {
      String text = Rcode.toText(rcode);
      if (!text.startsWith("RCODE")) {
        response(text, rcode);
      }
    }
    response("other", others);
  }

  private void response(String text, int rcode) {
    counter(
            "meridian.dns.responses",
            "Responses by response code",
            server -> sum(server, stats -> stats.rcode(rcode)))
        .tags("rcode", text)
        .register(registry);
  }

  private void transport() {
    for (TransportCounter counter : TransportCounter.values()) {
      String event = counter.name().toLowerCase(Locale.ROOT);
      if (counter == TransportCounter.TCP_OPEN) {
        gauge("meridian.tcp.connections", "TCP connections open now", s -> total(s, counter))
            .register(registry);
      } else {
        counter("meridian.transport.events", "What happened to sockets", s -> total(s, counter))
            .tags("event", event)
            .register(registry);
      }
    }
  }

  private void control() {
    gauge("meridian.ready", "Whether /readyz says yes", s -> s.status().ready() ? 1 : 0)
        .register(registry);
    gauge("meridian.generation", "Loads that were put into service", s -> s.state().generation())
        .register(registry);
    gauge("meridian.zones", "Zones in service", s -> s.state().zones().size()).register(registry);
    counter(
            "meridian.reload.held.back",
            "Loads with nothing wrong that the publish gate held back",
            s -> s.status().heldBack())
        .register(registry);
    gauge(
            "meridian.holding.back",
            "Whether the publish gate holds the newest files back now",
            s -> s.status().holding() ? 1 : 0)
        .register(registry);
    counter("meridian.reload.failures", "Loads that were refused", s -> s.status().failures())
        .register(registry);
    gauge(
            "meridian.reload.success.timestamp",
            "When what is in service was loaded",
            s -> lastGood(s.status()))
        .baseUnit("seconds")
        .register(registry);
    gauge(
            "meridian.serving.kept.generation",
            "Generation of the kept set that is served in place of the files; 0: the files are",
            s -> keptGeneration(s.status()))
        .register(registry);
    gauge(
            "meridian.endpoint.shares.omitted",
            "Endpoints of names that are beyond share-series and have no series",
            s -> s.state().choices().omitted())
        .register(registry);
    counter("meridian.spans.lost", "Spans that no collector has taken", s -> s.spans().lost())
        .register(registry);
    counter(
            "meridian.query.log.lost",
            "Answers, or frames of dnstap, that were to be written down and were not",
            Server::queryLogLost)
        .register(registry);
    counter(
            "meridian.kept.set.failures",
            "Good sets that could not be kept in the state folder",
            Server::keptFailures)
        .register(registry);
    counter(
            "meridian.upgrade.failures",
            "Processes that were to take this one's place and have not",
            Server::upgradeFailures)
        .register(registry);
    gauge(
            "meridian.geoip.database.build.timestamp",
            "When the geo database in use was built by its publisher",
            s -> seconds(s.status().space().geo().builtAt()))
        .baseUnit("seconds")
        .register(registry);
    counter(
            "meridian.endpoint.transitions",
            "Changes of eligibility, of all checks together",
            s -> s.board().eligibility().flips())
        .register(registry);
  }

  private static double keptGeneration(ControlStatus status) {
    KeptSet kept = status.kept();
    return kept == null ? 0 : kept.generation();
  }

  private static double lastGood(ControlStatus status) {
    ReloadResult good = status.lastGood();
    return good == null ? 0 : seconds(good.at());
  }

  private static double seconds(Instant instant) {
    return instant.toEpochMilli() / 1000.0;
  }

  private void jvm() {
    new JvmMemoryMetrics(Tags.empty()).bindTo(registry);
    new JvmThreadMetrics(Tags.empty()).bindTo(registry);
    new ClassLoaderMetrics(Tags.empty()).bindTo(registry);
    new ProcessorMetrics(Tags.empty()).bindTo(registry);
    processorTime();
    new FileDescriptorMetrics(Tags.empty()).bindTo(registry);
    new UptimeMetrics(Tags.empty()).bindTo(registry);
  }

  /** Prometheus's own name and unit; Micrometer's counts nanoseconds. */
  private void processorTime() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    FunctionCounter.builder("process.cpu", system, it -> it.getProcessCpuTime() / 1e9)
        .description("Processor time, user and system")
        .baseUnit("seconds")
        .register(registry);
  }

  private FunctionCounter.Builder<Server> counter(
      String name, String help, ToDoubleFunction<Server> value) {
    return FunctionCounter.builder(name, server, value).description(help);
  }

  private Gauge.Builder<Server> gauge(String name, String help, ToDoubleFunction<Server> value) {
    return Gauge.builder(name, server, value).description(help);
  }

  private static double sum(Server server, ToDoubleFunction<QueryStats> value) {
    return server.queryStats().stream().mapToDouble(value).sum();
  }

  private static double total(Server server, TransportCounter counter) {
    double total = 0;
    for (TransportStats stats : server.transportStats()) {
      total += stats.value(counter);
    }
    return total;
  }
}
