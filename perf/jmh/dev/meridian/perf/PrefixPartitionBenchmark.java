package dev.meridian.perf;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.net.ClientAddress;
import dev.meridian.net.PrefixPartition;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The cost of placing a client: by country, and in a partition merged for one policy. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PrefixPartitionBenchmark {
  private static final int CLIENTS = 1 << 16;
  private static final long SPREAD = 0x0FFF_FFFF_FFFF_0000L;

  private final PrefixPartition countries = GeoDatabase.embedded().places();
  private final PrefixPartition eightSites = countries.map(country -> country % 8);
  private final ClientAddress client = new ClientAddress();
  private final long[] addresses = new Random(1).longs(CLIENTS).toArray();
  private int next;

  /** An IPv4 /24 anywhere, in the country database. */
  @Benchmark
  public long countryOfIpv4() {
    client.setIpv4((int) address(), 24);
    return countries.find(client);
  }

  /** An IPv4 /24 anywhere, when only eight answers are told apart. */
  @Benchmark
  public long siteOfIpv4() {
    client.setIpv4((int) address(), 24);
    return eightSites.find(client);
  }

  /** An IPv6 /48 in 2000::/4, in the country database. */
  @Benchmark
  public long countryOfIpv6() {
    client.setIpv6(0x2000_0000_0000_0000L | (address() & SPREAD), 0, 48);
    return countries.find(client);
  }

  /** Cutting the country database for a policy with eight answers. */
  @Benchmark
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public PrefixPartition combineForPolicy() {
    return PrefixPartition.combine(
        List.of(countries, eightSites), values -> (values[0] + values[1]) % 8);
  }

  private long address() {
    next = (next + 1) & (CLIENTS - 1);
    return addresses[next];
  }
}
