package dev.meridian.perf;

import dev.meridian.answer.QueryContext;
import dev.meridian.answer.QueryProcessor;
import java.io.IOException;
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

/**
 * What one query costs between the sockets: copy it in, parse, look up, decide, write the answer.
 * The zones are the examples and one of {@link BenchmarkZones#NAMES} names; each case asks
 * different questions in turn, so that neither caches nor branch predictors know the next one.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 2,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
public class AnswerBenchmark {
  /** What is asked. */
  @Param public Questions questions;

  private final QueryContext context = new QueryContext(1);
  private QueryProcessor processor;
  private byte[][] messages;
  private int next;

  /** Loads the zones and makes the messages. */
  @Setup
  public void load() throws IOException {
    processor = new QueryProcessor(BenchmarkZones.load(), QueryProcessor.DEFAULT_UDP_PAYLOAD);
    messages = questions.messages();
    for (byte[] message : messages) {
      if (ask(message) == 0) {
        throw new IllegalStateException("no answer: what is measured would not be an answer");
      }
    }
  }

  /** Answers the next question; the octets of the response. */
  @Benchmark
  public int answer() {
    byte[] message = messages[next];
    next = next + 1 == messages.length ? 0 : next + 1;
    return ask(message);
  }

  private int ask(byte[] message) {
    System.arraycopy(message, 0, context.request(), 0, message.length);
    context.source().setIpv4(0xC6336407, 32); // 198.51.100.7
    context.begin(message.length, false);
    return processor.process(context);
  }
}
