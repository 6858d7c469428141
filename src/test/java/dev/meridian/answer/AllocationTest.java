package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.meridian.geo.GeoDatabase;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.health.HealthRegistry;
import dev.meridian.load.CompiledSet;
import dev.meridian.load.SetCompiler;
import dev.meridian.load.ZoneSetLoader;
import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixSet;
import dev.meridian.source.LoadLimits;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Malformation;
import dev.meridian.wire.QueryReader;
import dev.meridian.wire.Verdict;
import dev.meridian.zone.ZoneBuilder;
import dev.meridian.zone.Zones;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;

/** The promise that a query allocates nothing, counted: whatever is asked, and however broken. */
class AllocationTest {
  private static final int ROUNDS = 20_000;

  private static final StateHolder STATES = new StateHolder(500);
  private static final HealthRegistry CHECKS = new HealthRegistry();
  private static final List<byte[]> QUERIES = new ArrayList<>();

  private final QueryContext context = new QueryContext(7, STATES.choices());
  private final QueryProcessor processor =
      new QueryProcessor(
          STATES,
          new AnswerSettings(
              1232,
              Optional.of(
                  new ServerCookies(CookieSecrets.random(new Random(3)), Clock.systemUTC())),
              new ServerIdentity(Optional.of("1"), Optional.of("fra-1")),
              Optional.of(Duration.ofSeconds(10)),
              true));

  private ToIntFunction<QueryContext> handler = processor::process;

  @BeforeAll
  static void serveTheExamples() {
    CompiledSet set =
        SetCompiler.compile(
                ZoneSetLoader.load(Path.of("zones"), LoadLimits.DEFAULT, CHECKS),
                GeoDatabase.embedded())
            .orElseThrow();
    STATES.publish(
        ServerState.of(set.zones(), EligibilitySnapshot.ALL, 1)
            .counting(STATES.get(), STATES.choices()));
    List<String> names =
        List.of(
            "www", "api", "near", "pool", "canary", "office", "db", "cdn", "x.apps", "static",
            "shop", "two", "strict");
    for (String name : names) {
      ask(name + ".example.com.", "A");
      ask(name + ".example.com.", "AAAA", "203.0.113.0/24");
      ask(name + ".example.com.", "A", "2001:db8:100::/56");
    }
    for (String type : List.of("SOA", "NS", "A", "MX", "TXT", "ANY", "AXFR", "DS")) {
      ask("example.com.", type);
      ask("example.net.", type, "198.51.100.0/24");
    }
    ask("nothing.at.all.example.net.", "A");
    ask("elsewhere.example.org.", "A", "192.0.2.0/24");
    options();
    everyNameOf(set);
    broken();
  }

  private static void everyNameOf(CompiledSet set) {
    for (int zone = 0; zone < set.zones().size(); zone++) {
      for (int node = 0; node < set.zones().get(zone).nodeCount(); node++) {
        String name = set.zones().get(zone).name(node).toString();
        ask(name, "A");
        ask(name.replace("*", "wild"), "MX");
        ask("below." + name, "TXT");
      }
    }
  }

  private static void options() {
    for (int code : List.of(3, 10, 11, 12)) { // NSID, cookies of both lengths, keepalive, padding
      for (int length : List.of(0, 8, 24)) {
        QUERIES.add(
            Answering.queryWithOption("www.example.com.", "A", code, new byte[length]).toWire());
      }
    }
    Message cookieOnly = Answering.queryWithOption("www.example.com.", "A", 10, new byte[8]);
    cookieOnly.removeAllRecords(org.xbill.DNS.Section.QUESTION);
    QUERIES.add(cookieOnly.toWire());
    byte[] chaos = Answering.query("version.bind.", "TXT").toWire();
    chaos[chaos.length - 1] = ChaosAnswers.CLASS_CH;
    QUERIES.add(chaos);
  }

  private static void ask(String name, String type, String... subnet) {
    QUERIES.add(Answering.query(name, type, subnet).toWire());
  }

  private static void broken() {
    byte[] good = QUERIES.getFirst();
    for (int length = 0; length < good.length; length++) {
      QUERIES.add(Arrays.copyOf(good, length));
    }
    Message response = Answering.query("www.example.com.", "A");
    response.getHeader().setFlag(org.xbill.DNS.Flags.QR);
    QUERIES.add(response.toWire());
    Message update = Answering.query("www.example.com.", "A");
    update.getHeader().setOpcode(org.xbill.DNS.Opcode.UPDATE);
    QUERIES.add(update.toWire());
    Random random = new Random(5);
    for (Malformation malformation : Malformation.values()) {
      for (int i = 0; i < 12; i++) {
        QUERIES.add(malformation.apply(good, random));
      }
    }
  }

  @Test
  void theQueriesMeetEveryVerdict() {
    QueryReader reader = new QueryReader();
    Set<Verdict> met = EnumSet.noneOf(Verdict.class);
    for (byte[] query : QUERIES) {
      met.add(reader.read(Arrays.copyOf(query, query.length + Long.BYTES), query.length));
    }
    assertThat(met).containsExactlyInAnyOrder(Verdict.values());
  }

  @Test
  @Check("S70")
  void noQueryAllocates() {
    assertNothingIsAllocated();
  }

  @Test
  void noQueryAllocatesWhileNothingIsHealthy() {
    ServerState healthy = STATES.get();
    EligibilitySnapshot down = EligibilitySnapshot.ALL;
    for (int check = 0; check < CHECKS.size(); check++) {
      down = down.with(check, false);
    }
    STATES.publish(healthy.with(down));
    try {
      assertNothingIsAllocated();
    } finally {
      STATES.publish(healthy);
    }
  }

  @Test
  void noQueryAllocatesThatAZoneRefuses() {
    PrefixSet half = PrefixSet.of(List.of(Prefix.parse("198.51.0.0/17"), Prefix.parse("::/0")));
    PrefixSet many =
        PrefixSet.of(
            IntStream.range(0, 50).mapToObj(i -> Prefix.parse("10." + i + ".0.0/17")).toList());
    String text =
        "@ 60 SOA ns h 1 2 3 4 5\n@ 60 NS ns\nwww 60 CNAME www.example.com.\nns 60 A 192.0.2.1\n";
    ZoneBuilder asked = Answering.zone("example.net.", text);
    asked.confineTo(half);
    ZoneBuilder led = Answering.zone("example.com.", text);
    led.confineTo(many);
    ServerState all = STATES.get();
    STATES.publish(
        ServerState.of(new Zones(List.of(asked.build(), led.build())), EligibilitySnapshot.ALL, 2));
    try {
      assertNothingIsAllocated();
      assertThat(context.stats().get(Counter.DENIED_BY_ZONE)).isGreaterThan(ROUNDS / 2);
    } finally {
      STATES.publish(all);
    }
  }

  @Test
  void whatIsChosenIsCountedMeanwhile() {
    run(QUERIES.size());
    assertThat(STATES.get().choices().choices())
        .anyMatch(choice -> context.stats().choices(choice.cell()) > 0);
  }

  @Test
  void noQueryAllocatesThatIsWrittenDown() {
    QueryRing ring = new QueryRing(64, 4096);
    QueryRecorder recorder = new QueryRecorder(STATES, processor, null, ring, 2, 1);
    handler =
        query -> {
          int octets = recorder.process(query);
          if (ring.peek() != null) { // the reader's side, less what it makes of a record
            ring.release();
          }
          return octets;
        };
    assertNothingIsAllocated();
    assertThat(ring.lost()).isZero();
  }

  private void assertNothingIsAllocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    run(ROUNDS); // let the JIT and lazy initialisation be done with
    long thread = Thread.currentThread().threadId();
    long before = threads.getThreadAllocatedBytes(thread);
    long between = threads.getThreadAllocatedBytes(thread); // what asking itself costs
    long answered = run(ROUNDS);
    long spent = threads.getThreadAllocatedBytes(thread) - between - (between - before);

    assertThat(answered).isGreaterThan(ROUNDS * 3L / 4);
    assertThat(spent).as("octets allocated by %d queries", ROUNDS).isLessThan(ROUNDS / 100);
  }

  @Test
  void theCountWouldNoticeOneOctetAQuery() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().threadId();
    long before = threads.getThreadAllocatedBytes(thread);
    byte[][] kept = new byte[ROUNDS][];
    for (int i = 0; i < ROUNDS; i++) {
      kept[i] = new byte[1];
    }
    long spent = threads.getThreadAllocatedBytes(thread) - before;
    assertThat(kept[ROUNDS - 1]).hasSize(1);
    assertThat(spent).isGreaterThan(ROUNDS / 100);
  }

  private long run(int rounds) {
    long answered = 0;
    for (int i = 0; i < rounds; i++) {
      byte[] query = QUERIES.get(i % QUERIES.size());
      System.arraycopy(query, 0, context.request(), 0, query.length);
      context.source().setIpv4(0xC6336401 + i, 32);
      context.begin(query.length, i % 5 == 0);
      answered += handler.applyAsInt(context) > 0 ? 1 : 0;
    }
    return answered;
  }
}
