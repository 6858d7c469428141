package dev.meridian.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.answer.Counter;
import dev.meridian.answer.QueryContext;
import dev.meridian.answer.QueryProcessor;
import dev.meridian.answer.QueryStats;
import dev.meridian.answer.ServerState;
import dev.meridian.answer.StateHolder;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.Weight;
import dev.meridian.load.CompiledSet;
import dev.meridian.load.LoadedSet;
import dev.meridian.load.SetCompiler;
import dev.meridian.load.ZoneSetLoader;
import dev.meridian.source.LoadLimits;
import dev.meridian.testkit.GeoFixture;
import dev.meridian.transport.DnsServer;
import dev.meridian.transport.QueryLoop;
import dev.meridian.transport.Traffic;
import dev.meridian.transport.TransportSettings;
import dev.meridian.transport.UdpPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** The server as it is run, on ports of its own, with a state that tests put in. */
public final class GoldenServer implements AutoCloseable {
  private static final int LOOPS = 2;

  private final StateHolder states = new StateHolder();
  private final List<QueryContext> contexts = new ArrayList<>();
  private final Map<Transport, InetSocketAddress> addresses = new EnumMap<>(Transport.class);
  private final DnsServer server;
  private HealthRegistry registry = new HealthRegistry();

  private GoldenServer(UdpPath path, boolean ipv6) {
    List<InetSocketAddress> listen = new ArrayList<>();
    listen.add(new InetSocketAddress(Transport.UDP4.loopback(), 0));
    if (ipv6) {
      listen.add(new InetSocketAddress(Transport.UDP6.loopback(), 0));
    }
    server =
        DnsServer.start(
            listen, TransportSettings.defaults().withLoops(LOOPS).withUdpPath(path), this::loop);
    for (InetSocketAddress bound : server.boundAddresses()) {
      for (Transport transport : Transport.values()) {
        if (bound.getAddress().equals(transport.loopback())) {
          addresses.put(transport, bound);
        }
      }
    }
  }

  /** A server that serves nothing yet, on IPv6 too if the host has it. */
  static GoldenServer start() {
    return start(UdpPath.AUTO);
  }

  /** The same with a way to move datagrams that is not the best. */
  static GoldenServer start(UdpPath path) {
    return new GoldenServer(path, hasIpv6());
  }

  private static boolean hasIpv6() {
    try (ServerSocket probe = new ServerSocket(0, 1, Transport.TCP6.loopback())) {
      return probe.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** Seeds are fixed: what dice decide is the same in every run. */
  private QueryLoop loop(int number, Traffic traffic) {
    QueryContext context = new QueryContext(number);
    contexts.add(context);
    return new QueryLoop(context, new QueryProcessor(states, 1232)::process);
  }

  /** The transports that this host has. */
  List<Transport> transports() {
    return List.copyOf(addresses.keySet());
  }

  /** Where the server listens. */
  InetSocketAddress address(Transport transport) {
    InetSocketAddress address = addresses.get(transport);
    if (address == null) {
      throw new IllegalArgumentException("this host has no IPv6");
    }
    return address;
  }

  /** Serves the zone folder with these files; everything in it must load without an error. */
  void serve(Map<String, String> files, GeoDatabase geo) {
    registry = new HealthRegistry();
    CompiledSet set = compile(files, geo, registry);
    states.publish(ServerState.of(set.zones(), EligibilitySnapshot.ALL, 1));
  }

  /** Loads and compiles files as if they stood in a zone folder. */
  public static CompiledSet compile(
      Map<String, String> files, GeoDatabase geo, HealthRegistry registry) {
    try {
      Path folder = Files.createTempDirectory("golden");
      try {
        for (Map.Entry<String, String> file : files.entrySet()) {
          Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
        LoadedSet loaded = ZoneSetLoader.load(folder, LoadLimits.DEFAULT, registry);
        return SetCompiler.compile(loaded, geo)
            .orElseThrow(() -> new AssertionError(loaded.problems().list().toString()));
      } finally {
        for (String file : files.keySet()) {
          Files.deleteIfExists(folder.resolve(file));
        }
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Serves zones that were compiled elsewhere. */
  void serve(ServerState state) {
    states.publish(state);
  }

  ServerState state() {
    return states.get();
  }

  /**
   * Sets the health of checks.
   *
   * @param check {@code endpoint} or {@code endpoint/address}; all checks that it fits
   */
  void health(String check, boolean up) {
    ServerState state = states.get();
    states.publish(state.with(health(state.eligibility(), registry, check, up)));
  }

  /** Sets the weight of checks, as a person decides it; as {@link #health}. */
  void weight(String check, Weight weight) {
    ServerState state = states.get();
    states.publish(
        state.with(
            changed(state.eligibility(), registry, check, (now, i) -> now.weighing(i, weight))));
  }

  /** The same for a state that is not served here. */
  static EligibilitySnapshot health(
      EligibilitySnapshot before, HealthRegistry registry, String check, boolean up) {
    return changed(before, registry, check, (now, i) -> now.with(i, up));
  }

  private interface Change {
    EligibilitySnapshot of(EligibilitySnapshot before, int check);
  }

  private static EligibilitySnapshot changed(
      EligibilitySnapshot before, HealthRegistry registry, String check, Change change) {
    EligibilitySnapshot next = before;
    boolean found = false;
    for (int i = 0; i < registry.size(); i++) {
      if ((registry.idOf(i) + "/").contains("/" + check + "/")) {
        next = change.of(next, i);
        found = true;
      }
    }
    assertThat(found).as("a health check '%s'", check).isTrue();
    return next;
  }

  /** The world of a case: its own geo lines, or the fixture. */
  static GeoDatabase geo(List<String> lines) {
    return lines.isEmpty() ? GeoFixture.database() : GeoFixture.database(lines);
  }

  /** What has been counted since the start, by all loops together. */
  Counts counts() {
    Map<Counter, Long> counters = new EnumMap<>(Counter.class);
    for (Counter counter : Counter.values()) {
      counters.put(counter, sum(stats -> stats.get(counter)));
    }
    List<Long> rcodes =
        IntStream.range(0, QueryStats.rcodeLimit())
            .mapToObj(rcode -> sum(stats -> stats.rcode(rcode)))
            .toList();
    return new Counts(counters, rcodes);
  }

  private long sum(ToLongFunction<QueryStats> number) {
    return contexts.stream().map(QueryContext::stats).mapToLong(number).sum();
  }

  /** Counters of all loops at one moment. */
  record Counts(Map<Counter, Long> counters, List<Long> rcodes) {}

  @Override
  public void close() {
    server.close();
  }
}
