package dev.meridian.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meridian.answer.Counter;
import dev.meridian.golden.GoldenCase.Ask;
import dev.meridian.golden.GoldenCase.Health;
import dev.meridian.golden.GoldenCase.Step;
import dev.meridian.golden.GoldenCase.Weigh;
import dev.meridian.golden.GoldenServer.Counts;
import dev.meridian.wire.Rcode;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;

/**
 * One case against the server.
 *
 * <p>An expectation may be cut by lines that are just {@code udp} or {@code tcp}: what follows is
 * for that transport only.
 */
final class GoldenRun {
  private static final String UDP = "udp";
  private static final String TCP = "tcp";
  private static final int HEADER = 12;

  private final GoldenServer server;
  private final GoldenCase world;
  private final Map<Counter, Long> asked = new EnumMap<>(Counter.class);
  private final long[] rcodes;
  private final Map<Integer, List<String>> actual = new LinkedHashMap<>();
  private Counts before;
  private boolean loaded;

  GoldenRun(GoldenServer server, GoldenCase world) {
    this.server = server;
    this.world = world;
    this.before = server.counts();
    this.rcodes = new long[before.rcodes().size()];
  }

  /** Serves the case's zones. */
  void begin() {
    server.serve(world.files(), GoldenServer.geo(world.geo()));
    before = server.counts();
    loaded = true;
  }

  /** Does one step and compares, or takes note of what came. */
  void step(Step step, boolean update) {
    assumeTrue(loaded, "the case does not load");
    switch (step) {
      case Weigh weigh -> server.weight(weigh.check(), weigh.weight());
      case Health health -> health.checks().forEach(check -> server.health(check, health.up()));
      case Ask ask -> {
        List<String> lines = ask(ask);
        if (update) {
          actual.put(ask.line(), lines);
        } else {
          assertThat(lines)
              .as("%s:%d %s", world.file(), ask.line(), ask.text())
              .containsExactlyElementsOf(normal(ask.expected()));
        }
      }
    }
  }

  /** The lines for all transports; cut by transport where they differ. */
  private List<String> ask(Ask ask) {
    Query query = Query.parse(ask.text());
    InetAddress source = query.source() == null ? null : InetAddress.ofLiteral(query.source());
    Map<String, List<String>> found = new LinkedHashMap<>();
    for (Transport transport : server.transports()) {
      if (source == null
          || source.getAddress().length == transport.loopback().getAddress().length) {
        String kind = transport.tcp() ? TCP : UDP;
        List<String> lines = ask(query, source, transport, ask.text().startsWith("raw"));
        List<String> other = found.putIfAbsent(kind, lines);
        if (other != null) {
          assertThat(lines).as("%s as over IPv4", transport).containsExactlyElementsOf(other);
        }
      }
    }
    List<String> udp = found.getOrDefault(UDP, List.of());
    List<String> tcp = found.getOrDefault(TCP, List.of());
    if (udp.equals(tcp)) {
      return udp;
    }
    List<String> both = new ArrayList<>(List.of(UDP));
    both.addAll(udp);
    both.add(TCP);
    both.addAll(tcp);
    return both;
  }

  private List<String> ask(
      Query query, @Nullable InetAddress source, Transport transport, boolean raw) {
    Transport.Reply reply = transport.ask(server.address(transport), source, query.message(), raw);
    byte[] response = reply.response();
    asked.merge(transport.counter(), (long) reply.sentinels(), Long::sum);
    rcodes[sentinelRcode()] += reply.sentinels();
    if (response.length == 0) {
      if (!transport.tcp() || query.message().length >= HEADER) {
        asked.merge(Counter.DROPPED, 1L, Long::sum);
      } // else the connection was closed before anything was processed
      return Digest.SILENCE;
    }
    RawFacts.check(query, transport, response);
    Message message = Digest.parse(response);
    asked.merge(transport.counter(), 1L, Long::sum);
    rcodes[Math.min(message.getRcode(), rcodes.length - 1)]++;
    return Digest.of(response, raw);
  }

  /** The root is refused unless the case serves it. */
  private int sentinelRcode() {
    return world.files().containsKey("@.zone") ? Rcode.NOERROR : Rcode.REFUSED;
  }

  /** One blank between words, so that a reader may align them. */
  private static List<String> normal(List<String> lines) {
    return lines.stream().map(line -> line.strip().replaceAll("[ \t]+", " ")).toList();
  }

  /** Compares the counters with what was asked, or rewrites the file. */
  void finish(boolean update) throws IOException {
    assumeTrue(loaded, "the case does not load");
    if (update) {
      rewrite();
      return;
    }
    Counts after = server.counts();
    for (Transport transport : Transport.values()) {
      checkCounter(transport.counter(), after);
    }
    checkCounter(Counter.DROPPED, after);
    for (int i = 0; i < rcodes.length; i++) {
      assertThat(after.rcodes().get(i) - before.rcodes().get(i))
          .as("answers counted with RCODE %d", i)
          .isEqualTo(rcodes[i]);
    }
  }

  private void checkCounter(Counter counter, Counts after) {
    assertThat(count(after, counter) - count(before, counter))
        .as("counted as %s", counter)
        .isEqualTo(asked.getOrDefault(counter, 0L));
  }

  private static long count(Counts counts, Counter counter) {
    return counts.counters().getOrDefault(counter, 0L);
  }

  private void rewrite() throws IOException {
    List<String> lines = Files.readAllLines(world.file());
    List<String> out = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      out.add(lines.get(i));
      List<String> response = actual.get(i + 1);
      if (response != null) {
        out.addAll(response);
        while (i + 1 < lines.size() && GoldenCase.isExpectation(lines.get(i + 1))) {
          i++;
        }
      }
    }
    Files.write(world.file(), out);
  }
}
