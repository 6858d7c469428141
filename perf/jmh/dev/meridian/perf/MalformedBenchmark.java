package dev.meridian.perf;

import dev.meridian.answer.AnswerSettings;
import dev.meridian.answer.CookieSecrets;
import dev.meridian.answer.QueryContext;
import dev.meridian.answer.QueryProcessor;
import dev.meridian.answer.ServerCookies;
import dev.meridian.answer.ServerIdentity;
import dev.meridian.testkit.Malformation;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
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

/**
 * What a malformed query costs between the sockets, beside a good one: no stranger should be able
 * to make the server work harder with nonsense than with questions.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 2,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
public class MalformedBenchmark {
  /** A server with cookies, and messages to ask it in turn. */
  abstract static class Asked {
    private final QueryContext context = new QueryContext(1);
    private QueryProcessor processor;
    private byte[][] messages;
    private int next;

    void load(byte[][] messages) throws IOException {
      this.messages = messages;
      ServerCookies cookies =
          new ServerCookies(CookieSecrets.random(new Random(1)), Clock.systemUTC());
      processor =
          new QueryProcessor(
              BenchmarkZones.load(),
              new AnswerSettings(
                  QueryProcessor.DEFAULT_UDP_PAYLOAD,
                  Optional.of(cookies),
                  ServerIdentity.HIDDEN,
                  Optional.of(Duration.ofSeconds(10)),
                  false));
    }

    int ask() {
      byte[] message = messages[next];
      next = next + 1 == messages.length ? 0 : next + 1;
      System.arraycopy(message, 0, context.request(), 0, message.length);
      context.source().setIpv4(0xC6336407, 32); // 198.51.100.7
      context.begin(message.length, false);
      return processor.process(context);
    }
  }

  /** Questions for names that exist. */
  @State(Scope.Thread)
  public static class Good extends Asked {
    /** Loads the zones and makes the messages. */
    @Setup
    public void load() throws IOException {
      load(Questions.HIT.messages());
    }
  }

  /** The same questions, malformed. */
  @State(Scope.Thread)
  public static class Malformed extends Asked {
    /** In which way. */
    @Param public Malformation kind;

    /** Loads the zones and makes the messages. */
    @Setup
    public void load() throws IOException {
      byte[][] messages = Questions.HIT.messages();
      Random random = new Random(1);
      for (int i = 0; i < messages.length; i++) {
        messages[i] = kind.apply(messages[i], random);
      }
      load(messages);
    }
  }

  /** Answers the next question; the octets of the response. */
  @Benchmark
  public int good(Good good) {
    return good.ask();
  }

  /** Answers, or not, the next malformed query; the octets of the response. */
  @Benchmark
  public int malformed(Malformed malformed) {
    return malformed.ask();
  }
}
