package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixSet;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Check;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;

/** Response rate limiting under a clock of our own: who is limited, who never, and what is left. */
class RateLimiterTest {
  private static final int RATE = 50;
  private static final int COOKIE = 10;
  private static final Prefix VICTIM = Prefix.parse("192.0.2.1");
  private static final String RECORDS =
      """
      @ 300 SOA ns1 hostmaster 1 2 3 4 5
      @ 300 NS ns1
      www 300 A 192.0.2.34
      *.wild 300 A 192.0.2.35
      large 300 TXT "%s"
      """
          .formatted("\" \"".repeat(3).replace("\" \"", "x".repeat(250) + "\" \"") + "x");

  private final ServerCookies cookies =
      new ServerCookies(CookieSecrets.random(new Random(1)), () -> Instant.ofEpochSecond(1000));
  private final Answering server =
      new Answering(
          List.of(zone("example.com."), zone("example.net."), zone("example.org.")),
          new AnswerSettings(
              1232, Optional.of(cookies), ServerIdentity.HIDDEN, Optional.empty(), false));
  private RateLimiter limiter = limiter(2);
  private long nanos = Duration.ofHours(1).toNanos();

  private static dev.meridian.zone.Zone zone(String apex) {
    return Answering.zone(apex, RECORDS).build();
  }

  private static RateLimiter limiter(int slip) {
    return limiter(slip, new RateBuckets(RATE, new Random(2)));
  }

  /** One of several loops. */
  private static RateLimiter limiter(int slip, RateBuckets buckets) {
    PrefixSet exempt = PrefixSet.of(List.of(Prefix.parse("127.0.0.1"), Prefix.parse("::1")));
    RateLimitSettings settings = new RateLimitSettings(RATE, slip, exempt);
    return new RateLimiter(settings, buckets, 1232, 2);
  }

  /** What a run of queries came to. */
  private static final class Tally {
    long asked;
    long whole;
    long slipped;
    long octetsIn;
    long octetsOut;

    long dropped() {
      return asked - whole - slipped;
    }
  }

  private byte[] ask(byte[] query, Prefix client, boolean tcp) {
    server.context().tellTime(nanos);
    byte[] response = server.raw(query, tcp, client);
    int length = limiter.limit(server.context(), response.length);
    byte[] sent = new byte[length];
    System.arraycopy(server.context().response(), 0, sent, 0, length);
    return sent;
  }

  private void ask(Tally tally, byte[] query, Prefix client, boolean tcp) {
    byte[] response = ask(query, client, tcp);
    tally.asked++;
    tally.octetsIn += query.length;
    tally.octetsOut += response.length;
    boolean truncated = response.length > 0 && (response[2] & 2) != 0;
    tally.slipped += truncated ? 1 : 0;
    tally.whole += response.length > 0 && !truncated ? 1 : 0;
  }

  /** Evenly over some seconds. */
  private Tally flood(int seconds, int perSecond, Prefix client, IntFunction<byte[]> query) {
    Tally tally = new Tally();
    for (int i = 0; i < seconds * perSecond; i++) {
      ask(tally, query.apply(i), client, false);
      nanos += Duration.ofSeconds(1).toNanos() / perSecond;
    }
    return tally;
  }

  private static byte[] query(String name, String type) {
    return Answering.query(name, type).toWire();
  }

  private static byte[] edns(String name, String type) {
    Message query = Answering.query(name, type);
    query.addRecord(new OPTRecord(4096, 0, 0), Section.ADDITIONAL);
    return query.toWire();
  }

  @Test
  @Check("S61")
  void aClientGetsItsRateAndOneSecondsWorthAtOnce() {
    byte[] query = query("www.example.com.", "A");
    Tally tally = flood(10, 1000, VICTIM, i -> query);
    assertThat(tally.whole).isBetween(RATE * 10L, RATE * 11L + 1);
    assertThat(server.context().stats().get(Counter.RATE_LIMITED))
        .isEqualTo(tally.asked - tally.whole);
  }

  @Test
  void whoAsksLessIsNeverLimited() {
    byte[] query = query("www.example.com.", "A");
    assertThat(flood(60, RATE - 1, VICTIM, i -> query).whole).isEqualTo(60 * (RATE - 1));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "2, 0.5", "10, 0.1"})
  void oneInSlipIsSentToTcpAndTheOthersAreNot(int slip, double share) {
    limiter = limiter(slip);
    byte[] query = query("www.example.com.", "A");
    Tally tally = flood(10, 1000, VICTIM, i -> query);
    long limited = tally.asked - tally.whole;
    assertThat((double) tally.slipped / limited).isBetween(share - 0.03, share + 0.03);
    assertThat(server.context().stats().get(Counter.RATE_SLIPPED)).isEqualTo(tally.slipped);
  }

  @ParameterizedTest
  @ValueSource(strings = {"www", "large", "nothing", "a.wild"})
  @Check("S14")
  void aSlippedResponseIsTheQuestionWithTcAndNoLongerThanTheQuery(String label) {
    limiter = limiter(1);
    for (byte[] query :
        List.of(query(label + ".example.com.", "TXT"), edns(label + ".example.com.", "TXT"))) {
      for (int i = 0; i < 2 * RATE; i++) {
        ask(query, VICTIM, false);
      }
      byte[] slipped = ask(query, VICTIM, false);
      Message response = Answering.parse(slipped);
      Message asked = Answering.parse(query);
      assertThat(slipped).hasSameSizeAs(query);
      assertThat(response.getHeader().getFlag(Flags.TC)).isTrue();
      assertThat(response.getHeader().getID()).isEqualTo(asked.getHeader().getID());
      assertThat(response.getQuestion()).isEqualTo(asked.getQuestion());
      assertThat(response.getSection(Section.ANSWER)).isEmpty();
      assertThat(response.getSection(Section.AUTHORITY)).isEmpty();
      assertThat(response.getOPT() == null).isEqualTo(asked.getOPT() == null);
    }
  }

  @Test
  @Check("S65")
  void randomNamesGainNothing() {
    for (String below : List.of(".example.com.", ".wild.example.com.")) {
      Tally tally = flood(10, 1000, VICTIM, i -> query("r" + i + below, "A"));
      assertThat(tally.whole).as(below).isBetween(RATE * 10L, RATE * 11L + 1);
    }
  }

  @Test
  @Check("S65")
  void errorsInOneZoneTakeNothingFromAnswersNorFromErrorsInAnother() {
    flood(10, 1000, VICTIM, i -> query("r" + i + ".example.com.", "A"));
    Tally answers = flood(5, 20, VICTIM, i -> query("www.example.com.", "A"));
    Tally others = flood(5, 20, VICTIM, i -> query("r" + i + ".example.net.", "A"));
    assertThat(answers.whole).isEqualTo(answers.asked);
    assertThat(others.whole).isEqualTo(others.asked);
  }

  @Test
  void manyZonesTogetherGiveAClientTwiceTheRateAndNoMore() {
    List<String> zones = List.of("example.com.", "example.net.", "example.org.", "refused.test.");
    Tally tally = flood(10, 1000, VICTIM, i -> query("r" + i + "." + zones.get(i % 4), "A"));
    assertThat(tally.whole).isBetween(2 * RATE * 10L, 2 * RATE * 12L);
  }

  @ParameterizedTest
  @CsvSource({"192.0.2., 256", "2001:db8:0:, 400"})
  void allClientsOfANetworkTogetherGet32Times(String network, int clients) {
    byte[] query = query("www.example.com.", "A");
    Tally tally = new Tally();
    for (int i = 0; i < 100_000; i++) {
      String host = Integer.toString(i % clients);
      String client = network.contains(".") ? network + host : network + host + "::1";
      ask(tally, query, Prefix.parse(client), false);
      nanos += 100_000; // 10 000 a second
    }
    assertThat(tally.whole).isBetween(32L * RATE * 10, 32L * RATE * 11 + 32);
  }

  @Test
  void allAddressesOfAnIpv6Subnet64AreOneClient() {
    byte[] query = query("www.example.com.", "A");
    Tally tally = new Tally();
    for (int i = 0; i < 1000; i++) {
      ask(tally, query, Prefix.parse("2001:db8::" + Integer.toHexString(i)), false);
    }
    assertThat(tally.whole).isEqualTo(RATE + 1);
  }

  /** RFC 7871 §11: the option is whatever a client writes into it. */
  @Test
  @Check("S68")
  void aClientSubnetDoesNotHelp() {
    Tally tally =
        flood(
            5,
            1000,
            VICTIM,
            i -> Answering.query("www.example.com.", "A", "198.51." + i % 256 + ".0/24").toWire());
    assertThat(tally.whole).isBetween(RATE * 5L, RATE * 6L + 1);
  }

  @Test
  void aLongResponseCountsAsSeveral() {
    byte[] query = edns("large.example.com.", "TXT"); // about 850 octets: four tokens
    Tally tally = flood(10, 1000, VICTIM, i -> query);
    assertThat(tally.whole).isBetween(RATE * 10L / 4, RATE * 11L / 4 + 1);
  }

  @ParameterizedTest
  @CsvSource({
    "www, A, false",
    "large, TXT, true",
    "nothing, A, true",
    "nothing, A, false",
    "a.wild, A, true",
  })
  void whatAVictimGetsIsLessThanWhatItsAttackerSends(String label, String type, boolean edns) {
    String name = label + ".example.com.";
    byte[] query = edns ? edns(name, type) : query(name, type);
    flood(1, 1000, VICTIM, i -> query);
    Tally later = flood(10, 1000, VICTIM, i -> query);
    assertThat((double) later.octetsOut / later.octetsIn).isLessThanOrEqualTo(1.0);
  }

  @Test
  @Check("S64")
  void theVictimItselfIsServedByCookieAndOverTcpWhileItIsSpoofed() {
    byte[] spoofed = query("www.example.com.", "A");
    byte[] withCookie = withCookie("www.example.com.");
    Tally attack = new Tally();
    Tally cookie = new Tally();
    Tally tcp = new Tally();
    for (int i = 0; i < 100_000; i++) {
      ask(attack, spoofed, VICTIM, false);
      if (i % 10 == 0) {
        ask(cookie, withCookie, VICTIM, false);
        ask(tcp, spoofed, VICTIM, true);
      }
      nanos += 100_000;
    }
    assertThat(cookie.whole).isEqualTo(cookie.asked);
    assertThat(tcp.whole).isEqualTo(tcp.asked);
    assertThat(attack.whole).isLessThan(attack.asked / 100);
  }

  private byte[] withCookie(String name) {
    byte[] client = {1, 2, 3, 4, 5, 6, 7, 8};
    byte[] first = Answering.queryWithOption(name, "A", COOKIE, client).toWire();
    Message response = Answering.parse(server.raw(first, false, VICTIM));
    byte[] option = response.getOPT().getOptions(COOKIE).getFirst().toWire();
    byte[] cookie = Arrays.copyOfRange(option, 4, option.length);
    return Answering.queryWithOption(name, "A", COOKIE, cookie).toWire();
  }

  @Test
  void aCookieIsWorthNothingToTheNextQuery() {
    byte[] malformed = query("www.example.com.", "A");
    malformed[5] = 2; // two questions
    byte[] withCookie = withCookie("www.example.com.");
    Tally tally = new Tally();
    for (int i = 0; i < 1000; i++) {
      ask(withCookie, VICTIM, false);
      ask(tally, malformed, VICTIM, false);
    }
    assertThat(tally.whole).isEqualTo(RATE + 1);
    assertThat(tally.slipped).as("TCP would not mend it").isZero();
  }

  @Test
  void onlyTheTwoAddressesOfThisMachineAreExempt() {
    byte[] query = query("www.example.com.", "A");
    assertThat(flood(1, 1000, Prefix.parse("127.0.0.1"), i -> query).dropped()).isZero();
    assertThat(flood(1, 1000, Prefix.parse("::1"), i -> query).dropped()).isZero();
    assertThat(flood(1, 1000, Prefix.parse("127.0.0.2"), i -> query).dropped()).isPositive();
  }

  @Test
  @Check("S61")
  void allLoopsTogetherGiveAClientItsRateAndSoDoesEach() {
    RateBuckets buckets = new RateBuckets(RATE, new Random(2));
    List<RateLimiter> loops =
        List.of(limiter(2, buckets), limiter(2, buckets), limiter(2, buckets));
    byte[] query = query("www.example.com.", "A");
    Tally spread = new Tally();
    for (int i = 0; i < 10_000; i++) {
      limiter = loops.get(i % loops.size());
      ask(spread, query, VICTIM, false);
      nanos += 1_000_000; // 1000 a second
    }
    assertThat(spread.whole).isBetween(RATE * 10L, RATE * 11L + 1);

    nanos += Duration.ofSeconds(10).toNanos();
    limiter = loops.getFirst(); // of a client whose port does not change
    assertThat(flood(60, RATE - 1, VICTIM, i -> query).whole).isEqualTo(60 * (RATE - 1));
  }

  @Test
  @Check("S61")
  void theMemoryOfAllLoopsIsOneFixedSize() {
    for (int rate : new int[] {1, RATE, RateLimitSettings.MAX_RATE}) {
      assertThat(new RateBuckets(rate, new Random(2)).memoryOctets())
          .isEqualTo(RateBuckets.MEMORY_OCTETS);
    }
  }

  /** Random names and random clients: the worst for tables that grow. */
  @Test
  void aMillionRandomNamesOfRandomClientsAllocateNothing() {
    byte[] query = query("0123456789abcdef.example.com.", "A");
    byte[] wild = query("0123456789abcdef.wild.example.com.", "A");
    torture(query, wild, 50_000);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    torture(query, wild, 1_000_000);
    long spent = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(spent).as("octets").isLessThan(10_000);
  }

  private void torture(byte[] query, byte[] wild, int times) {
    QueryContext context = server.context();
    Random random = new Random(3);
    for (int i = 0; i < times; i++) {
      byte[] asked = (i & 1) == 0 ? query : wild;
      System.arraycopy(asked, 0, context.request(), 0, asked.length);
      for (int at = 13; at < 29; at++) {
        context.request()[at] = (byte) ('a' + random.nextInt(26));
      }
      context.source().setIpv4(random.nextInt(), 32);
      context.begin(asked.length, false);
      context.tellTime(nanos += 1000);
      limiter.limit(context, server.processor().process(context));
    }
  }
}
