package dev.meridian.perf;

import dev.meridian.testkit.Malformation;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/**
 * How many times as much as a good query each kind of malformed one costs. On a machine that others
 * use, too, times mean little but ratios hold: CPU time of the thread, good and malformed queries
 * in turn, the median of many rounds.
 *
 * <pre>java -cp … dev.meridian.perf.MalformedRatios [ROUNDS]</pre>
 */
final class MalformedRatios {
  private static final int WARM_UP = 5;
  private static final int QUERIES = 100_000;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private MalformedRatios() {}

  public static void main(String[] arguments) throws IOException {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 15;
    MalformedBenchmark.Good good = new MalformedBenchmark.Good();
    good.load();
    Malformation[] kinds = Malformation.values();
    MalformedBenchmark.Malformed[] malformed = new MalformedBenchmark.Malformed[kinds.length];
    for (int i = 0; i < kinds.length; i++) {
      malformed[i] = new MalformedBenchmark.Malformed();
      malformed[i].kind = kinds[i];
      malformed[i].load();
    }
    double[][] ratios = new double[kinds.length][rounds];
    double[] nanos = new double[rounds];
    for (int round = -WARM_UP; round < rounds; round++) {
      for (int kind = 0; kind < kinds.length; kind++) {
        double before = nanos(good);
        double cost = nanos(malformed[kind]);
        double base = (before + nanos(good)) / 2;
        if (round >= 0) {
          ratios[kind][round] = cost / base;
          nanos[round] = base;
        }
      }
    }
    System.out.printf("good query: %.0f ns%n", median(nanos));
    for (int kind = 0; kind < kinds.length; kind++) {
      Arrays.sort(ratios[kind]);
      System.out.printf(
          "%-15s %.2f (%.2f to %.2f)%n",
          kinds[kind], median(ratios[kind]), ratios[kind][0], ratios[kind][rounds - 1]);
    }
  }

  private static double nanos(MalformedBenchmark.Asked asked) {
    long before = THREADS.getCurrentThreadCpuTime();
    int answered = 0;
    for (int i = 0; i < QUERIES; i++) {
      answered += asked.ask();
    }
    long spent = THREADS.getCurrentThreadCpuTime() - before;
    return answered < 0 ? 0 : (double) spent / QUERIES;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
