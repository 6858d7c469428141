package dev.meridian.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.resolver.ResponseReader.Malformed;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.testkit.Rfc;
import dev.meridian.wire.DomainName;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class ResponseReaderTest {
  private static final DomainName NAME = DomainName.parse("lb.example.net.");

  private final Message message = question();

  private static Message question() {
    return Message.newQuery(Record.newRecord(name("lb.example.net."), Type.A, DClass.IN));
  }

  private static Name name(String text) {
    return Name.fromConstantString(text);
  }

  private void answer(Record record) {
    message.addRecord(record, Section.ANSWER);
  }

  private void a(String owner, long ttl, String address) {
    answer(new ARecord(name(owner), DClass.IN, ttl, InetAddress.ofLiteral(address)));
  }

  private void cname(String owner, long ttl, String target) {
    answer(new CNAMERecord(name(owner), DClass.IN, ttl, name(target)));
  }

  private RRset read() throws Malformed {
    return ResponseReader.read(message.toWire(), NAME, RRType.A);
  }

  private static List<String> addresses(RRset records) throws IOException {
    String[] texts = new String[records.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = InetAddress.getByAddress(records.rdata(i)).getHostAddress();
    }
    return List.of(texts);
  }

  @Test
  void addressesComeInOneOrderWhateverTheResolverRotates() throws Exception {
    a("lb.example.net.", 60, "192.0.2.9");
    a("lb.example.net.", 60, "192.0.2.1");
    assertThat(addresses(read())).containsExactly("192.0.2.1", "192.0.2.9");
  }

  @Test
  void aChainOfCnamesIsFollowedAndItsSmallestTtlHolds() throws Exception {
    a("c.example.org.", 300, "192.0.2.1");
    cname("LB.example.net.", 40, "b.example.org.");
    cname("b.example.org.", 50, "c.example.org.");
    a("unrelated.example.", 5, "203.0.113.66");
    RRset records = read();
    assertThat(addresses(records)).containsExactly("192.0.2.1");
    assertThat(records.ttl()).isEqualTo(40);
  }

  @Test
  @Rfc(number = 2308, sections = "5")
  void thatThereIsNothingIsBelievedAsLongAsTheSoaSays() throws Exception {
    Name zone = name("example.net.");
    message.addRecord(
        new SOARecord(zone, DClass.IN, 900, zone, zone, 1, 2, 3, 4, 77), Section.AUTHORITY);
    for (int rcode : new int[] {Rcode.NOERROR, Rcode.NXDOMAIN}) {
      message.getHeader().setRcode(rcode);
      assertThat(read().size()).isZero();
      assertThat(read().ttl()).isEqualTo(77);
    }
  }

  @Test
  void withoutSoaNothingIsBelievedForHalfAMinute() throws Exception {
    assertThat(read().ttl()).isEqualTo(30);
  }

  @Test
  void aFailureOfTheResolverIsNoAnswer() {
    message.getHeader().setRcode(Rcode.SERVFAIL);
    assertThatThrownBy(this::read).isInstanceOf(Malformed.class).hasMessageContaining("code 2");
  }

  @Test
  void cnamesThatLeadRoundInACircleAreRefused() {
    cname("lb.example.net.", 40, "b.example.org.");
    cname("b.example.org.", 40, "lb.example.net.");
    assertThatThrownBy(this::read).isInstanceOf(Malformed.class).hasMessageContaining("CNAMEs");
  }

  @Test
  void noMoreThan64AddressesAreKeptAndAlwaysTheSame() throws Exception {
    IntStream.range(0, 200).forEach(i -> a("lb.example.net.", 60, "192.0.2." + (199 - i)));
    List<String> kept = addresses(read());
    assertThat(kept).hasSize(64).first().isEqualTo("192.0.2.0");
    assertThat(kept).last().isEqualTo("192.0.2.63");
  }

  @Test
  void aPointerThatLeadsForwardOrToItselfIsRefused() {
    byte[] wire = message.toWire();
    byte[] looped = Arrays.copyOf(wire, wire.length + 16);
    looped[7] = 1;
    looped[wire.length] = (byte) 0xC0;
    looped[wire.length + 1] = (byte) wire.length;
    assertThatThrownBy(() -> ResponseReader.read(looped, NAME, RRType.A))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("pointer");
  }

  @Test
  void aChainOfPointersThatOnlyCostsTimeIsRefused() {
    int pointers = 128;
    int root = ResponseReader.HEADER + 1 + 10; // behind a record that holds them
    byte[] chained = new byte[root + 1 + 2 * pointers + 2];
    chained[7] = 2;
    chained[root - 1 - 1] = (byte) ((1 + 2 * pointers) >> 8);
    chained[root - 1] = (byte) (1 + 2 * pointers);
    for (int i = 0; i <= pointers; i++) {
      int target = i == 0 ? root : root + 1 + 2 * (i - 1);
      chained[root + 1 + 2 * i] = (byte) (0xC0 | target >> 8);
      chained[root + 2 + 2 * i] = (byte) target;
    }
    assertThatThrownBy(() -> ResponseReader.read(chained, NAME, RRType.A))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("127 compression pointers");
  }

  @Test
  void whateverTheOctetsAreNothingButMalformedIsThrown() {
    cname("lb.example.net.", 40, "b.example.org.");
    a("b.example.org.", 300, "192.0.2.1");
    byte[] wire = message.toWire();
    Random random = new Random(4711);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = Arrays.copyOf(wire, random.nextInt(wire.length + 8));
      for (int j = random.nextInt(4); j >= 0 && damaged.length > 0; j--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(ResponseReader.read(damaged, NAME, RRType.A).size()).isBetween(0, 64);
      } catch (Malformed e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
  }
}
