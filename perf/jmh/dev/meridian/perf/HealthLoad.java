package dev.meridian.perf;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.meridian.health.CheckKind;
import dev.meridian.health.HealthBoard;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthCheck.Settings;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.HealthStatus;
import dev.meridian.health.Observation;
import dev.meridian.perf.HealthTargets.Behaviour;
import dev.meridian.probe.HealthService;
import io.netty.util.internal.PlatformDependent;
import java.io.BufferedReader;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/** What health checking costs: see {@code perf/README.md}. Prints tables in Markdown. */
final class HealthLoad {
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
  private static final String THREAD = "meridian-health";

  private final Map<Behaviour, Integer> ports;
  private final int checks;
  private final int seconds;

  private HealthLoad(Map<Behaviour, Integer> ports, int checks, int seconds) {
    this.ports = ports;
    this.checks = checks;
    this.seconds = seconds;
  }

  /**
   * Starts the targets, measures, and ends them.
   *
   * @param args {@code load}, {@code hostile}, {@code held}, {@code flips} or {@code stop}, the
   *     number of checks, the seconds to measure or to be stopped for
   */
  public static void main(String[] args) throws Exception {
    Process targets =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                HealthTargets.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = targets.inputReader()) {
      Map<Behaviour, Integer> ports = new EnumMap<>(Behaviour.class);
      for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
        String[] words = line.split(" ", 2);
        ports.put(Behaviour.valueOf(words[0]), Integer.valueOf(words[1]));
      }
      HealthLoad load = new HealthLoad(ports, Integer.parseInt(args[1]), Integer.parseInt(args[2]));
      switch (args[0]) {
        case "hostile" -> load.hostile();
        case "flips" -> HealthFlips.measure(load.checks);
        case "stop" -> load.stop();
        case "held" -> load.held();
        default -> load.load();
      }
    } finally {
      targets.destroy();
    }
  }

  private void load() throws Exception {
    System.out.println(
        "| targets | probes/s | CPU, cores | µs per probe | sockets, most | passes: p50 ms"
            + " | p99 ms | start off by: p99 ms | max ms |");
    System.out.println("|---|---|---|---|---|---|---|---|---|");
    for (String kind : List.of("http", "tcp")) {
      run(kind + ", all pass", kind, 0, Behaviour.GOOD);
      if (kind.equals("http")) {
        run("http, all fail", kind, 1, Behaviour.CLOSES_AT_ONCE);
        run("http, half hang", kind, 2, Behaviour.SILENT);
        run("http, all hang", kind, 1, Behaviour.SILENT);
      }
    }
  }

  private void run(String title, String kind, int otherEvery, Behaviour other) throws Exception {
    List<HealthCheck> all = new ArrayList<>();
    for (int i = 0; i < checks; i++) {
      boolean differs = otherEvery > 0 && i % otherEvery == 0;
      int port = ports.get(differs ? other : Behaviour.GOOD);
      CheckKind what =
          kind.equals("tcp") ? new CheckKind.Tcp(port) : CheckKind.http(null).withPort(port);
      all.add(new HealthCheck("check-" + i, address(i), what, Settings.DEFAULT));
    }
    try (HealthService service = service()) {
      service.define(all).get();
      Thread.sleep(Duration.ofSeconds(25));
      System.out.println("| " + title + measure(service) + " |");
    }
  }

  private String measure(HealthService service) throws InterruptedException {
    Map<String, Long> started = new HashMap<>();
    LongStream.Builder durations = LongStream.builder();
    LongStream.Builder offs = LongStream.builder();
    long cpu = PROCESS.getProcessCpuTime();
    long begin = System.nanoTime();
    long sockets = 0;
    long probes = 0;
    for (int second = 0; second < seconds; second += 2) {
      Thread.sleep(Duration.ofSeconds(2));
      sockets = Math.max(sockets, descriptors());
      for (HealthStatus status : service.board().statuses()) {
        Observation last = status.last();
        Long before = last == null ? null : started.put(status.id(), last.startedNanos());
        if (last != null && before != null && before != last.startedNanos()) {
          probes++;
          long off = last.startedNanos() - before - Settings.DEFAULT.interval().toNanos();
          offs.add(Math.abs(off));
          if (last.outcome() == Observation.Outcome.PASS) {
            durations.add(last.duration().toNanos());
          }
        }
      }
    }
    double spent = PROCESS.getProcessCpuTime() - cpu;
    double elapsed = System.nanoTime() - begin;
    double rate = checks / (double) Settings.DEFAULT.interval().toSeconds();
    if (probes == 0) {
      throw new IllegalStateException("no probe was seen twice; measure for longer");
    }
    return String.format(
        Locale.ROOT,
        " | %.0f | %.2f | %.0f | %d | %s | %s",
        rate,
        spent / elapsed,
        spent / elapsed / rate * 1e6,
        sockets,
        percentiles(durations.build().sorted().toArray(), 50, 99),
        percentiles(offs.build().sorted().toArray(), 99, 100));
  }

  /** What probes hold that are under way, by what is there less when they are over. */
  private void held() throws Exception {
    System.out.println("| target | KiB held per probe: heap | direct |\n|---|---|---|");
    for (Behaviour behaviour :
        List.of(
            Behaviour.SILENT,
            Behaviour.DRIPPED_HEADER,
            Behaviour.DRIPPED_BODY,
            Behaviour.TLS_SILENT,
            Behaviour.TLS_DRIPPED_RECORD)) {
      Duration patient = Duration.ofSeconds(9);
      Settings settings =
          Settings.builder().interval(Duration.ofSeconds(60)).timeout(patient).build();
      try (HealthService service = service()) {
        service.define(all(kind(behaviour), settings)).get();
        Thread.sleep(Duration.ofSeconds(5)); // all have begun, none is over
        long heap = heap();
        long direct = PlatformDependent.usedDirectMemory();
        Thread.sleep(Duration.ofSeconds(10)); // all are over, and none begins
        System.out.printf(
            Locale.ROOT,
            "| %s | %.1f | %.1f |%n",
            title(behaviour),
            (heap - heap()) / 1024.0 / checks,
            (direct - PlatformDependent.usedDirectMemory()) / 1024.0 / checks);
      }
    }
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static String title(Behaviour behaviour) {
    return behaviour.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private CheckKind kind(Behaviour behaviour) {
    CheckKind.Http kind = CheckKind.http(null).withPort(ports.get(behaviour));
    return behaviour.name().startsWith("TLS")
        ? kind.withTls(new CheckKind.Tls(false, true))
        : kind.withSearchString("ready");
  }

  private List<HealthCheck> all(CheckKind kind, Settings settings) throws Exception {
    List<HealthCheck> all = new ArrayList<>();
    for (int i = 0; i < checks; i++) {
      all.add(new HealthCheck("check-" + i, address(i), kind, settings));
    }
    return all;
  }

  /** Is stopped as a whole, with probes under way: nothing may come of it. */
  private void stop() throws Exception {
    Duration often = Duration.ofSeconds(2);
    Settings settings =
        Settings.builder().interval(often).timeout(often).failureThreshold(1).build();
    CheckKind kind = CheckKind.http(null).withPort(ports.get(Behaviour.SLOW));
    AtomicInteger flips = new AtomicInteger();
    try (HealthService service =
        new HealthService(
            new HealthRegistry(),
            InstantSource.system(),
            "perf",
            board -> flips.addAndGet(ineligible(board)))) {
      service.define(all(kind, settings)).get();
      Thread.sleep(Duration.ofSeconds(10));
      long pid = ProcessHandle.current().pid();
      String commands = "kill -STOP %d; sleep %d; kill -CONT %d".formatted(pid, seconds, pid);
      new ProcessBuilder("sh", "-c", commands).inheritIO().start().waitFor();
      long unknown = unknown(service);
      Thread.sleep(Duration.ofSeconds(1));
      unknown = Math.max(unknown, unknown(service));
      Thread.sleep(Duration.ofSeconds(10));
      System.out.println(
          "| checks | stopped s | unknown at once | down, ever |\n|---|---|---|---|");
      System.out.printf("| %d | %d | %d | %d |%n", checks, seconds, unknown, flips.get());
    }
  }

  private int ineligible(HealthBoard board) {
    return (int) board.statuses().stream().filter(each -> !each.isHealthy()).count();
  }

  private static long unknown(HealthService service) {
    return service.board().statuses().stream()
        .map(HealthStatus::last)
        .filter(last -> last != null && last.outcome() == Observation.Outcome.UNKNOWN)
        .count();
  }

  private void hostile() throws Exception {
    System.out.println(
        "| target | probes | CPU µs per probe | KiB allocated per probe | past the deadline, max ms"
            + " | found |");
    System.out.println("|---|---|---|---|---|---|");
    for (Behaviour behaviour : Behaviour.values()) {
      hostile(behaviour);
    }
  }

  private void hostile(Behaviour behaviour) throws Exception {
    Settings settings =
        Settings.builder().interval(Duration.ofSeconds(1)).timeout(Duration.ofMillis(400)).build();
    try (HealthService service = service()) {
      service.define(all(kind(behaviour), settings)).get();
      Thread.sleep(Duration.ofSeconds(5));
      long thread = thread();
      long cpu = THREADS.getThreadCpuTime(thread);
      long allocated = THREADS.getThreadAllocatedBytes(thread);
      long begin = System.nanoTime();
      long late = 0;
      String found = "";
      for (int second = 0; second < seconds; second++) {
        Thread.sleep(Duration.ofSeconds(1));
        for (HealthStatus status : service.board().statuses()) {
          Observation last = status.last();
          if (last != null) {
            late = Math.max(late, last.duration().minus(settings.timeout()).toNanos());
            found = last.reason().toString();
          }
        }
      }
      double probes = checks * (System.nanoTime() - begin) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "| %s | %.0f | %.0f | %.1f | %.1f | %s |%n",
          title(behaviour),
          probes,
          (THREADS.getThreadCpuTime(thread) - cpu) / probes / 1e3,
          (THREADS.getThreadAllocatedBytes(thread) - allocated) / probes / 1024,
          late / 1e6,
          found);
    }
  }

  private static HealthService service() {
    return new HealthService(new HealthRegistry(), InstantSource.system(), "perf", board -> {});
  }

  private static InetAddress address(int i) throws Exception {
    return InetAddress.getByAddress(new byte[] {127, 1, (byte) (i >> 8), (byte) i});
  }

  private static long thread() {
    return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
        .filter(info -> info != null && info.getThreadName().equals(THREAD))
        .mapToLong(info -> info.getThreadId())
        .max()
        .orElseThrow();
  }

  private static long descriptors() {
    String[] open = new File("/proc/self/fd").list();
    return open == null ? 0 : open.length;
  }

  private static String percentiles(long[] sorted, int... percents) {
    StringBuilder text = new StringBuilder();
    for (int percent : percents) {
      text.append(text.isEmpty() ? "" : " | ");
      text.append(
          sorted.length == 0
              ? "-"
              : String.format(
                  Locale.ROOT, "%.1f", sorted[(sorted.length - 1) * percent / 100] / 1e6));
    }
    return text.toString();
  }
}
