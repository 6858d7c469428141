package dev.meridian.perf;

import dev.meridian.answer.QueryContext;
import dev.meridian.answer.QueryProcessor;
import dev.meridian.answer.RateBuckets;
import dev.meridian.answer.RateLimitSettings;
import dev.meridian.answer.RateLimiter;
import dev.meridian.answer.StateHolder;
import dev.meridian.control.WarmUp;
import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixSet;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.Header;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What rate limiting adds to a response: of an exempt client, of one client, of many in turn. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
public class RateLimitBenchmark {
  private static final int LOOPBACK = 0x7F000001;

  /** How many addresses ask in turn; 0: the exempt one. */
  @Param({"0", "1", "1000", "100000"})
  public int clients;

  private final QueryContext context = new QueryContext(1);
  private final RateLimiter limiter =
      new RateLimiter(
          new RateLimitSettings(
              50, 2, PrefixSet.of(List.of(Prefix.parse("127.0.0.1"), Prefix.parse("::1")))),
          new RateBuckets(50, new Random(1)),
          QueryProcessor.DEFAULT_UDP_PAYLOAD,
          1);
  private int[] addresses;
  private int octets;
  private int next;
  private long nanos;

  /** Puts a response into the context. */
  @Setup
  public void answer() {
    byte[] query = WarmUp.query(DomainName.parse("www.example.com."), RRType.A, true);
    System.arraycopy(query, 0, context.request(), 0, query.length);
    context.begin(query.length, false);
    octets = new QueryProcessor(new StateHolder(), 1232).process(context);
    context.response()[Header.FLAGS_OFFSET + 1] &= (byte) 0xF0; // refused, but let it be an answer
    addresses = clients == 0 ? new int[] {LOOPBACK} : new Random(2).ints(clients).toArray();
  }

  /** Judges the response for the next client; a second passes in each 5000 of every client. */
  @Benchmark
  public int judge() {
    next = next + 1 == addresses.length ? 0 : next + 1;
    context.source().setIpv4(addresses[next], Integer.SIZE);
    if ((++nanos & 31) == 0) {
      context.tellTime(nanos * 1000);
    }
    return limiter.limit(context, octets);
  }
}
