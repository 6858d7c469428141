package dev.meridian.probe;

import dev.meridian.health.CheckKind;
import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthCheck.Settings;
import dev.meridian.health.IcmpCheck;
import dev.meridian.health.Observation;
import dev.meridian.health.Observation.Reason;
import dev.meridian.health.TargetGuard;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Probes in a process of its own, for what a test cannot do to itself: each argument is done in
 * turn, and prints a line for each probe, its reason and its detail.
 *
 * <pre>
 * icmp/ADDRESS       a probe of kind icmp
 * tcp/ADDRESS/PORT   a probe of kind tcp
 * permit             lets group 0 of this network namespace ping
 * exhaust            opens files until there is no descriptor left
 * release            closes them
 * </pre>
 *
 * <p>Probes of IPv4 leave from the address in the environment variable {@code SOURCE}, if any.
 */
final class ProbeMain {
  private static final int TRIES = 20;
  private static final Path RANGE = Path.of("/proc/sys/net/ipv4/ping_group_range");

  private final IoEventLoop loop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()).next();
  private final StallDetector stalls = new StallDetector(loop.ticker().nanoTime());
  private final Probes probes =
      new Probes(
          new ProbeEnvironment(
              loop,
              stalls,
              new TlsClient(null),
              InstantSource.system(),
              "1.2.3",
              sources(System.getenv("SOURCE"))),
          ProbeSettings.of("1.2.3"),
          TargetGuard.DEFAULT);
  private final List<FileInputStream> files = new ArrayList<>();

  private static ProbeSources sources(@Nullable String ipv4) {
    return ipv4 == null ? ProbeSources.ANY : new ProbeSources(InetAddress.ofLiteral(ipv4), null);
  }

  /** Does what it is told, then ends the process. */
  public static void main(String[] args) throws Exception {
    ProbeMain main = new ProbeMain();
    main.prepare();
    for (String arg : args) {
      String[] words = arg.split("/", -1);
      switch (words[0]) {
        case "icmp" -> main.probe(words[1], new IcmpCheck());
        case "tcp" -> main.probe(words[1], new CheckKind.Tcp(Integer.parseInt(words[2])));
        case "permit" -> Files.writeString(RANGE, "0 0");
        case "exhaust" -> main.exhaust();
        default -> main.release();
      }
    }
    System.exit(0);
  }

  /** Beats, and loads what has to be read from files, which there may be no descriptors for. */
  private void prepare() throws Exception {
    var _ =
        loop.scheduleAtFixedRate(
            () -> stalls.beat(loop.ticker().nanoTime()),
            0,
            StallDetector.BEAT_NANOS,
            TimeUnit.NANOSECONDS);
    observe("127.0.0.1", new CheckKind.Tcp(1));
  }

  private void probe(String address, CheckKind kind) throws Exception {
    Observation observation = observe(address, kind);
    System.out.println(observation.reason() + " " + observation.detail());
  }

  /** Again, if the probe was over before this process had come to it. */
  private Observation observe(String address, CheckKind kind) throws Exception {
    Observation observation = observeOnce(address, kind);
    for (int i = 0; i < TRIES && observation.reason() == Reason.CHECKER_STALLED; i++) {
      observation = observeOnce(address, kind);
    }
    return observation;
  }

  private Observation observeOnce(String address, CheckKind kind) throws Exception {
    CompletableFuture<Observation> result = new CompletableFuture<>();
    HealthCheck check =
        new HealthCheck("test", InetAddress.ofLiteral(address), kind, Settings.DEFAULT);
    loop.execute(
        () -> {
          var _ = probes.start(check, Duration.ofSeconds(1), result::complete);
        });
    return result.get(60, TimeUnit.SECONDS);
  }

  private void exhaust() {
    try {
      while (true) {
        files.add(new FileInputStream("/dev/null"));
      }
    } catch (IOException e) {
      // no descriptor is left
    }
  }

  private void release() throws IOException {
    for (FileInputStream file : files) {
      file.close();
    }
  }
}
