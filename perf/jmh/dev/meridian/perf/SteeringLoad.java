package dev.meridian.perf;

import dev.meridian.answer.ServerState;
import dev.meridian.geo.Coordinates;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.geo.GeoDatabases;
import dev.meridian.geo.Location;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.CompiledSet;
import dev.meridian.load.LoadedSet;
import dev.meridian.load.SetCompiler;
import dev.meridian.load.ZoneSetLoader;
import dev.meridian.net.PrefixPartition;
import dev.meridian.source.LoadLimits;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What many routed names cost to compile over a database as large as a city database, and to decide
 * anew when health changes. See {@code perf/steering}.
 */
public final class SteeringLoad {
  private static final int CITIES = 150_000;

  /** As many as the limit on nodes of one policy file allows, with 50 endpoints each. */
  private static final int NAMES_PER_ZONE = 1000;

  private static final String ZONE = "$TTL 3600\n@ SOA ns h 1 2 3 4 300\n@ NS ns.other.test.\n";

  private final Random random = new Random(1);
  private final int names;
  private final int endpoints;
  private final GeoDatabase geo;
  private final List<String> places = new ArrayList<>();
  private final Path folder;

  private SteeringLoad(int names, int endpoints, int networks, Path folder) {
    this.names = names;
    this.endpoints = endpoints;
    this.folder = folder;
    this.geo = database(networks);
    for (int i = 0; i < endpoints; i++) {
      places.add(random.nextInt(-50, 60) + ", " + random.nextInt(-180, 180));
    }
  }

  /**
   * Runs it.
   *
   * @param args what (pool, copies, checks or cuts), names, endpoints, networks
   */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("steering");
    try {
      new SteeringLoad(
              Integer.parseInt(args[1]),
              Integer.parseInt(args[2]),
              Integer.parseInt(args[3]),
              folder)
          .run(args[0]);
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }

  /** Cities in clusters, and networks of four sizes that belong to them in no order. */
  private GeoDatabase database(int networks) {
    List<Location> cities = new ArrayList<>(List.of(Location.UNKNOWN));
    for (int i = 1; i < CITIES; i++) {
      double latitude = Math.round(random.nextGaussian() * 180) / 10.0;
      double longitude = random.nextInt(-1800, 1800) / 10.0;
      Coordinates at = new Coordinates(Math.clamp(latitude + 30, -80, 80), longitude);
      cities.add(new Location("EU", "DE", "", "", "city " + i, i, at));
    }
    PrefixPartition.InOrder places = PrefixPartition.inOrder();
    long step = (1L << 32) / networks;
    for (long i = 0; i < networks; i++) {
      places.from(true, 0, i * step + random.nextLong(step / 2), random.nextInt(CITIES));
    }
    for (int i = 0; i < networks / 4; i++) {
      long high = 0x2000_0000_0000_0000L + (long) i * (1L << 40);
      places.from(false, high, 0, random.nextInt(CITIES));
    }
    return GeoDatabases.of(places.build(), cities);
  }

  private void run(String what) throws IOException {
    System.out.printf(
        "%s: %d names, %d endpoints, %d runs of the database, %d MiB%n",
        what, names, endpoints, geo.places().runs(), geo.places().memoryBytes() >> 20);
    for (int first = 0; first < names; first += NAMES_PER_ZONE) {
      String zone = "t" + first + ".test";
      Files.writeString(folder.resolve(zone + ".zone"), ZONE);
      String policy = policy(what, first, Math.min(names, first + NAMES_PER_ZONE));
      Files.writeString(folder.resolve(zone + ".policy.yaml"), policy);
    }
    long before = usedMemory();
    Stopwatch reading = new Stopwatch();
    LoadedSet set = ZoneSetLoader.load(folder, LoadLimits.DEFAULT, new HealthRegistry());
    reading.print("read");
    long read = usedMemory();
    Stopwatch compiling = new Stopwatch();
    CompiledSet compiled =
        SetCompiler.compile(set, geo)
            .orElseThrow(() -> new IllegalStateException(set.problems().list().toString()));
    compiling.print("compile");
    Stopwatch deciding = new Stopwatch();
    ServerState state = ServerState.of(compiled.zones(), EligibilitySnapshot.ALL, 1);
    deciding.print("decide");
    System.out.printf("%-8s %8d MiB of zones and checks%n", "memory", read - before);
    System.out.printf("%-8s %8d MiB of compiled policies%n", "memory", usedMemory() - read);
    System.out.printf("%-8s %8d%n", "classes", compiled.zones().get(0).routed(0).clientClasses());
    flips(state);
  }

  /** One check after the other; then, where each name has its own, one of each at once. */
  private void flips(ServerState loaded) {
    ServerState state = loaded;
    for (int flip = 0; flip < 5; flip++) {
      Stopwatch flipping = new Stopwatch();
      state = state.with(state.eligibility().with(flip * 7 % endpoints, false));
      flipping.print("flip");
    }
    EligibilitySnapshot next = state.eligibility();
    for (int check = 1; check < names * endpoints; check += endpoints) {
      next = next.with(check, false);
    }
    Stopwatch outage = new Stopwatch();
    state = state.with(next);
    outage.print("outage");
    long used = usedMemory();
    System.out.printf("%-8s %8d MiB with generation %d%n", "memory", used, state.generation());
  }

  private String policy(String what, int from, int to) {
    StringBuilder text = new StringBuilder("health-checks: { hc: { tcp: { port: 80 } } }\n");
    text.append("endpoints:\n");
    int sets = what.equals("checks") ? to - from : 1;
    int base = what.equals("checks") ? from * endpoints : 0;
    for (int i = base; i < base + sets * endpoints; i++) {
      text.append(
          "  e%d: { address: 2001:db8::%x:%x, location: [%s], health-check: hc }\n"
              .formatted(i, i >>> 16, i & 0xFFFF, places.get(i % endpoints)));
    }
    if (what.equals("pool")) {
      text.append("pools:\n  all: ").append(tree(0, 0)).append('\n');
    }
    text.append("records:\n");
    for (int i = from; i < to; i++) {
      text.append("  n").append(i).append(": ");
      text.append(
          switch (what) {
            case "pool" -> "{ pool: all }";
            case "copies" -> tree(0, 0);
            case "checks" -> tree(i * endpoints, 0);
            default -> tree(0, i % 99);
          });
      text.append('\n');
    }
    return text.toString();
  }

  private String tree(int first, int bias) {
    StringBuilder text = new StringBuilder("{ geoproximity: { ");
    for (int i = 0; i < endpoints; i++) {
      text.append(i == 0 ? "" : ", ").append('e').append(first + i).append(": ");
      text.append(i == 0 ? bias : 0);
    }
    return text.append(" } }").toString();
  }

  /** MiB in use after a collection. */
  private static long usedMemory() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
  }

  /** Measures CPU seconds of this thread and seconds of the wall. */
  private static final class Stopwatch {
    private final long wall = System.nanoTime();
    private final long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();

    void print(String what) {
      long cpuNanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
      System.out.printf(
          "%-8s %8.3f s CPU, %8.3f s%n", what, cpuNanos / 1e9, (System.nanoTime() - wall) / 1e9);
    }
  }
}
