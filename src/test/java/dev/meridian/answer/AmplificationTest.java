package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixSet;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Malformation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * What a query in somebody else's name brings: of an error never more octets than it has itself, of
 * an answer 12.8 times a query of 40 at most. A client that has shown by a cookie that it is where
 * it says, or that comes over TCP, gets everything.
 *
 * <p>{@code -Dtest.seed} repeats a run.
 */
class AmplificationTest {
  private static final long SEED = Long.getLong("test.seed", 90);
  private static final int NSID = 3;
  private static final int COOKIE = 10;
  private static final int PADDING = 12;
  private static final int EXTENDED_ERROR = 15;
  private static final int WITHOUT_COOKIE = 512;
  private static final Prefix CLIENT = Prefix.parse("192.0.2.1/32");
  private static final Prefix STRANGER = Prefix.parse("198.51.100.1/32");

  private final Random random = new Random(SEED);
  private final Answering server =
      new Answering(
          List.of(
              Answering.zone(
                      "example.com.",
                      """
                      @ 300 SOA ns1 hostmaster 1 2 3 4 5
                      @ 300 NS ns1
                      large 300 TXT "%s" "%s" "%s"
                      alias 300 CNAME large
                      """
                          .formatted("x".repeat(250), "y".repeat(250), "z".repeat(250)))
                  .build()),
          new AnswerSettings(
              1232,
              WITHOUT_COOKIE,
              Optional.of(
                  new ServerCookies(
                      CookieSecrets.random(random), () -> Instant.ofEpochSecond(1000))),
              new ServerIdentity(Optional.empty(), Optional.of("a-name-of-some-length")),
              Optional.empty(),
              false,
              new QueryAccess(PrefixSet.of(List.of(CLIENT)), false)));

  /** Refused, not implemented, not to be had over UDP, and of no version that is known. */
  private List<Message> erroneous() throws Exception {
    List<Message> queries = new ArrayList<>();
    for (String name : List.of("example.net.", "com.", ".")) {
      queries.add(Answering.query(name, "A"));
    }
    for (String type : List.of("AXFR", "IXFR", "MAILA", "MAILB")) {
      queries.add(Answering.query("example.com.", type));
    }
    Name bind = Name.fromString("version.bind.");
    queries.add(Message.newQuery(Record.newRecord(bind, Type.TXT, DClass.CH)));
    queries.add(Message.newQuery(Record.newRecord(bind, Type.A, DClass.ANY)));
    Message notify = Answering.query("example.com.", "SOA");
    notify.getHeader().setOpcode(Opcode.NOTIFY);
    queries.add(notify);
    return queries;
  }

  private OPTRecord opt(int version) {
    List<EDNSOption> options = new ArrayList<>();
    if (random.nextBoolean()) {
      options.add(new GenericEDNSOption(NSID, new byte[0]));
    }
    if (random.nextBoolean()) {
      int length = random.nextBoolean() ? 8 : 16 + random.nextInt(25);
      options.add(new GenericEDNSOption(COOKIE, new byte[length]));
    }
    if (random.nextBoolean()) {
      options.add(new GenericEDNSOption(PADDING, new byte[random.nextInt(40)]));
    }
    return new OPTRecord(1232, 0, version, 0, options);
  }

  @Test
  @Check("S03")
  void anErrorIsNeverLongerThanItsQuery() throws Exception {
    int errors = 0;
    for (Message question : erroneous()) {
      for (int i = 0; i < 300; i++) {
        Message query = question.clone();
        query.addRecord(opt(i % 10 == 0 ? 1 : 0), Section.ADDITIONAL);
        byte[] octets = query.toWire();
        for (Prefix from : List.of(CLIENT, STRANGER)) {
          byte[] response = server.raw(octets, false, from);
          assertThat(Answering.parse(response).getRcode()).isNotZero();
          assertThat(response.length)
              .as("seed %d, query %s", SEED, HexFormat.of().formatHex(octets))
              .isLessThanOrEqualTo(octets.length);
          errors++;
        }
      }
    }
    assertThat(errors).isEqualTo(6000);
  }

  @Test
  @Check("S03")
  void norIsWhatABrokenPacketBrings() throws Exception {
    List<Message> questions = erroneous();
    for (int i = 0; i < 20_000; i++) {
      Message query = questions.get(random.nextInt(questions.size())).clone();
      query.addRecord(opt(0), Section.ADDITIONAL);
      byte[] packet = Malformation.any(query.toWire(), random);
      byte[] response = server.raw(packet, false, STRANGER);
      assertThat(response.length)
          .as("seed %d, packet %s", SEED, HexFormat.of().formatHex(packet))
          .isLessThanOrEqualTo(packet.length);
    }
  }

  @Test
  void whatTheQueryLeavesRoomForIsSaidAllTheSame() {
    Message query =
        Answering.queryWithOption("example.net.", "A", PADDING, new byte[2]); // six octets in all
    Message response = Answering.parse(server.raw(query.toWire(), false, CLIENT));
    assertThat(response.getOPT().getOptions(EXTENDED_ERROR)).hasSize(1);
  }

  @Test
  void aClientThatIsKnownIsToldEverything() {
    byte[] unproven = Answering.queryWithOption("example.net.", "A", COOKIE, new byte[8]).toWire();
    Message overTcp = Answering.parse(server.raw(unproven, true, CLIENT));
    assertThat(overTcp.getOPT().getOptions(EXTENDED_ERROR)).hasSize(1);
    byte[] option = overTcp.getOPT().getOptions(COOKIE).getFirst().toWire();
    byte[] cookie = Arrays.copyOfRange(option, 4, option.length);
    byte[] proven = Answering.queryWithOption("example.net.", "A", COOKIE, cookie).toWire();
    Message overUdp = Answering.parse(server.raw(proven, false, CLIENT));
    assertThat(overUdp.getOPT().getOptions(EXTENDED_ERROR)).hasSize(1);
    assertThat(overUdp.getOPT().getOptions(COOKIE)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ANY", "TXT", "DNSKEY", "RRSIG", "NS", "SOA"})
  @Check({"S60", "S74"})
  void noAnswerToAStrangerIsLongerThan512OctetsWhateverItAsks(String type) {
    for (String name : List.of("large", "alias", "nothing")) {
      for (int payload : List.of(512, 1232, 4096, 65535)) {
        Message query = Answering.query(name + ".example.com.", type);
        query.addRecord(new OPTRecord(payload, 0, 0, 0x8000), Section.ADDITIONAL);
        byte[] response = server.raw(query.toWire(), false, CLIENT);
        assertThat(response.length).isLessThanOrEqualTo(WITHOUT_COOKIE);
      }
    }
  }

  /** Names that nobody can have cached have to be long: eight random letters. */
  @Test
  @Check("S73")
  void aNameThatDoesNotExistBringsLittleMoreThanTwiceItsQuery() {
    for (int i = 0; i < 100; i++) {
      String label = Long.toString(random.nextLong(1L << 40, 1L << 41), 36);
      Message query = Answering.query(label + ".example.com.", "A");
      query.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
      byte[] response = server.raw(query.toWire(), false, CLIENT);
      assertThat(Answering.parse(response).getRcode()).isEqualTo(Rcode.NXDOMAIN);
      assertThat((double) response.length / query.toWire().length).isLessThanOrEqualTo(2.2);
    }
  }
}
