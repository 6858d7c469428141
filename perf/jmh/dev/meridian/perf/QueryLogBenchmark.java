package dev.meridian.perf;

import dev.meridian.answer.QueryContext;
import dev.meridian.answer.QueryProcessor;
import dev.meridian.answer.QueryRecorder;
import dev.meridian.answer.QueryRing;
import dev.meridian.answer.StateHolder;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
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

/**
 * What writing queries down adds to a routed answer, on the event loop's side: with nothing, a
 * hundredth or all of them noted, and with the messages that dnstap takes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
public class QueryLogBenchmark {
  /** How many answers there are to one that is noted; {@code m}: with messages. */
  @Param({"off", "100", "1", "1m"})
  public String oneIn;

  private final QueryContext context = new QueryContext(1);
  private final QueryRing ring = new QueryRing(8192, 0);
  private final QueryRing withMessages = new QueryRing(2048, 4096);
  private ToIntFunction<QueryContext> answer;
  private byte[][] messages;
  private int next;

  /** Loads the zones and makes the messages. */
  @Setup
  public void load() throws IOException {
    StateHolder states = BenchmarkZones.load();
    QueryProcessor processor = new QueryProcessor(states, QueryProcessor.DEFAULT_UDP_PAYLOAD);
    messages = Questions.GEOLOCATION.messages();
    answer =
        switch (oneIn) {
          case "off" -> processor::process;
          case "1m" -> recorder(states, processor, withMessages, 1);
          default -> recorder(states, processor, ring, Integer.parseInt(oneIn));
        };
  }

  private static ToIntFunction<QueryContext> recorder(
      StateHolder states, QueryProcessor processor, QueryRing ring, int oneIn) {
    QueryRecorder recorder = new QueryRecorder(states, processor, null, ring, oneIn, 1);
    return recorder::process;
  }

  /** Answers the next question and gives its record back. */
  @Benchmark
  public int answer() {
    byte[] message = messages[next];
    next = next + 1 == messages.length ? 0 : next + 1;
    System.arraycopy(message, 0, context.request(), 0, message.length);
    context.source().setIpv4(0xC6336407, 32); // 198.51.100.7
    context.begin(message.length, false);
    int octets = answer.applyAsInt(context);
    release(ring);
    release(withMessages);
    return octets;
  }

  private static void release(QueryRing ring) {
    if (ring.peek() != null) {
      ring.release();
    }
  }
}
