package dev.meridian.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.rr.ResolvedName;
import dev.meridian.rr.ResolvedNames;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.FakeResolver;
import dev.meridian.testkit.Rfc;
import dev.meridian.wire.DomainName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Rcode;

@Timeout(60)
class ResolverTest {
  private static final DomainName LB = DomainName.parse("lb.example.net.");

  private final FakeResolver first = new FakeResolver();
  private final FakeResolver second = new FakeResolver();
  private final BlockingQueue<ResolvedNames> published = new LinkedBlockingQueue<>();
  private Resolver resolver = resolver(1000);

  /** Asks again after 30 ms whatever the TTL is, and waits 100 ms for a server. */
  private Resolver resolver(int maxNames) {
    ResolverSettings settings =
        new ResolverSettings(
            List.of(first.address(), second.address()),
            Duration.ofMillis(100),
            Duration.ofMillis(30),
            Duration.ofMillis(30),
            maxNames);
    return new Resolver(settings, new Random(1));
  }

  @AfterEach
  void end() {
    resolver.close();
    first.close();
    second.close();
  }

  private Resolver.Watch want(DomainName... names) {
    Resolver.Watch watch = resolver.watch(published::add);
    watch.want(List.of(names));
    return watch;
  }

  /** The first thing published of the name for which this holds. */
  private ResolvedName await(DomainName name, Predicate<ResolvedName> what) throws Exception {
    while (true) {
      ResolvedName now = published.take().find(name);
      if (what.test(now)) {
        return now;
      }
    }
  }

  private static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }

  @Test
  void bothFamiliesAreKnownAndAChangeIsFollowed() throws Exception {
    first.answer("lb.example.net. A", "lb.example.net. 60 IN A 192.0.2.1");
    first.answer("lb.example.net. AAAA", "lb.example.net. 60 IN AAAA 2001:db8::1");
    want(LB);
    assertThat(await(LB, ResolvedName::isComplete).addresses())
        .containsExactly(ip("192.0.2.1"), ip("2001:db8::1"));
    first.answer("lb.example.net. A", "lb.example.net. 60 IN A 192.0.2.2");
    await(LB, name -> name.addresses().equals(List.of(ip("192.0.2.2"), ip("2001:db8::1"))));
  }

  @Test
  void anAnswerThatIsCutIsHadOverTcp() throws Exception {
    first.cuts(true);
    String[] many =
        IntStream.range(0, 40)
            .mapToObj(i -> "lb.example.net. 60 IN A 192.0.2." + i)
            .toArray(String[]::new);
    first.answer("lb.example.net. A", many).answer("lb.example.net. AAAA");
    want(LB);
    assertThat(await(LB, ResolvedName::isComplete).addresses()).hasSize(40);
    assertThat(first.asked()).contains("lb.example.net. A tcp");
  }

  @Test
  void aServerThatFailsOrKeepsSilentIsPassedOver() throws Exception {
    second.answer("lb.example.net. A", "lb.example.net. 60 IN A 192.0.2.7");
    second.answer("lb.example.net. AAAA");
    first.rcode(Rcode.SERVFAIL);
    want(LB);
    await(LB, ResolvedName::hasAddress);
    first.silent(true);
    second.answer("lb.example.net. A", "lb.example.net. 60 IN A 192.0.2.8");
    await(LB, name -> name.addresses().equals(List.of(ip("192.0.2.8"))));
  }

  @Test
  void whatWasKnownStaysWhileNobodyAnswers() throws Exception {
    first.answer("lb.example.net. A", "lb.example.net. 60 IN A 192.0.2.1");
    first.answer("lb.example.net. AAAA");
    want(LB);
    ResolvedName known = await(LB, ResolvedName::isComplete);
    first.rcode(Rcode.SERVFAIL);
    second.rcode(Rcode.REFUSED);
    first.asked().clear();
    for (int failures = 0; failures < 4; failures++) {
      first.asked().take();
    }
    assertThat(resolver.names().find(LB)).isSameAs(known);
  }

  @Test
  void aNameThatIsGoneHasNoAddress() throws Exception {
    first.answer("lb.example.net. A", "lb.example.net. 60 IN A 192.0.2.1");
    first.answer("lb.example.net. AAAA");
    want(LB);
    await(LB, ResolvedName::hasAddress);
    first.forget("lb.example.net. A");
    ResolvedName gone = await(LB, name -> !name.hasAddress());
    assertThat(gone.isComplete()).isTrue();
  }

  @Test
  void anAnswerToAnotherQuestionIsNoAnswer() throws Exception {
    first.answer("lb.example.net. A", "lb.example.net. 60 IN A 203.0.113.66");
    first.spoil(
        octets -> {
          octets[0] ^= 1;
          return octets;
        });
    second.answer("lb.example.net. A", "lb.example.net. 60 IN A 192.0.2.1");
    second.answer("lb.example.net. AAAA");
    want(LB);
    assertThat(await(LB, ResolvedName::hasAddress).addresses()).containsExactly(ip("192.0.2.1"));
  }

  @Test
  @Rfc(number = 5452, sections = "9.2")
  @Check("S75")
  void everyQuestionHasAnIdAndAPortThatNobodyCanGuess() throws Exception {
    first.answer("lb.example.net. A").answer("lb.example.net. AAAA");
    want(LB);
    Set<Integer> ids = new HashSet<>();
    Set<Integer> ports = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      List<Integer> mark = first.marks().take();
      ids.add(mark.getFirst());
      ports.add(mark.getLast());
    }
    assertThat(ids).hasSizeGreaterThan(15);
    assertThat(ports).hasSizeGreaterThan(10);
  }

  @Test
  void aNameThatNobodyWantsAnyMoreIsNotAskedFor() throws Exception {
    DomainName other = DomainName.parse("other.example.net.");
    Resolver.Watch watch = want(LB, other);
    first.asked().take();
    watch.want(List.of(other));
    await(LB, name -> !resolver.names().all().stream().anyMatch(each -> each.name().equals(LB)));
    first.asked().clear();
    for (int i = 0; i < 6; i++) {
      first.asked().take();
    }
    assertThat(first.asked()).noneMatch(question -> question.startsWith("lb."));
  }

  @Test
  void twoUsersShareANameUntilBothAreDone() throws Exception {
    first.answer("lb.example.net. A", "lb.example.net. 60 IN A 192.0.2.1");
    first.answer("lb.example.net. AAAA");
    Resolver.Watch one = want(LB);
    want(LB);
    await(LB, ResolvedName::isComplete);
    one.want(List.of());
    first.answer("lb.example.net. A", "lb.example.net. 60 IN A 192.0.2.2");
    await(LB, name -> name.addresses().equals(List.of(ip("192.0.2.2"))));
  }

  @Test
  void whatIsRememberedIsKnownBeforeAnybodyAnswers() throws Exception {
    first.silent(true);
    second.silent(true);
    RRset records = new RRset(RRType.A, 60, List.of(new byte[] {(byte) 192, 0, 2, 5}));
    resolver.recall(ResolvedNames.of(List.of(ResolvedName.unknown(LB).with(records))));
    want(LB);
    assertThat(await(LB, ResolvedName::hasAddress).addresses()).containsExactly(ip("192.0.2.5"));
  }

  @Test
  void noMoreNamesAreResolvedThanTheLimitHas() throws Exception {
    resolver.close();
    resolver = resolver(2);
    DomainName[] names =
        IntStream.range(0, 3)
            .mapToObj(i -> DomainName.parse("n" + i + ".example.net."))
            .toArray(DomainName[]::new);
    want(names);
    await(names[1], ResolvedName::isComplete);
    assertThat(resolver.names().all())
        .extracting(ResolvedName::name)
        .containsExactlyInAnyOrder(names[0], names[1]);
  }

  @Test
  void theTimesAreThoseOfTheTtlWithinBounds() {
    ResolverSettings settings = ResolverSettings.of(List.of(first.address()));
    Random random = new Random(3);
    long second = 1_000_000_000L;
    assertThat(Timing.afterAnswer(settings, 60, random)).isBetween(60 * second, 66 * second);
    assertThat(Timing.afterAnswer(settings, 0, random)).isBetween(5 * second, 6 * second);
    assertThat(Timing.afterAnswer(settings, 90_000, random)).isBetween(300 * second, 330 * second);
    assertThat(Timing.afterFailure(settings, 1, random)).isBetween(5 * second, 6 * second);
    assertThat(Timing.afterFailure(settings, 2, random)).isBetween(10 * second, 11 * second);
    assertThat(Timing.afterFailure(settings, 99, random)).isBetween(60 * second, 66 * second);
  }

  @Test
  void theServersAreThoseOfTheSystemUnlessOthersAreNamed(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("resolv.conf");
    Files.writeString(file, "# comment\nsearch x\nnameserver 192.0.2.53\n nameserver\t::1\n");
    assertThat(ResolverSettings.ofSystem(file))
        .containsExactly(
            new InetSocketAddress(ip("192.0.2.53"), 53), new InetSocketAddress(ip("::1"), 53));
    assertThat(ResolverSettings.ofSystem(folder.resolve("absent")))
        .containsExactly(new InetSocketAddress(ip("127.0.0.1"), 53));
  }
}
