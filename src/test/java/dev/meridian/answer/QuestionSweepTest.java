package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Check;
import dev.meridian.wire.Header;
import dev.meridian.wire.Octets;
import dev.meridian.wire.Rcode;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Section;

/** Every type, class, opcode and flag that a question can have: a response, and a defined one. */
class QuestionSweepTest {
  private static final int CLASS_IN = 1;
  private static final int CLASS_CH = 3;
  private static final int QTYPE_FROM_END = 4;
  private static final int ANY = 255;

  /** The kinds of name there are: an answer, an alias, a delegation, nothing, another's. */
  private static final List<String> NAMES =
      List.of(
          "www.example.com.",
          "alias.example.com.",
          "x.sub.example.com.",
          "no.example.com.",
          "a.test.");

  /** OPT, transfers, and what RFC 6895 calls obsolete. */
  private static final Set<Integer> APART = Set.of(41, 251, 252, 253, 254);

  private final Answering server =
      new Answering(
          List.of(
              Answering.zone(
                      "example.com.",
                      """
                      @ 300 SOA ns1 hostmaster 1 2 3 4 5
                      @ 300 NS ns1
                      www 300 A 192.0.2.80
                      www 300 TXT "t"
                      alias 300 CNAME www
                      sub 300 NS ns.example.net.
                      """)
                  .build()));

  private int rcode(byte[] query, boolean tcp) {
    byte[] response = server.raw(query, tcp);
    assertThat(response).hasSizeGreaterThanOrEqualTo(Header.LENGTH);
    assertThat(response[2] & 0x80).as("QR").isEqualTo(0x80);
    return response[3] & 0xF;
  }

  private static byte[] question(String name, int type, int qclass) {
    byte[] query = Answering.query(name, "A").toWire();
    Octets.putShort(query, query.length - QTYPE_FROM_END, type);
    Octets.putShort(query, query.length - QTYPE_FROM_END + 2, qclass);
    return query;
  }

  @Test
  @Check({"S08", "S10"})
  void everyTypeIsAnswered() {
    for (int type = 0; type < 1 << 16; type++) {
      for (String name : NAMES) {
        int rcode = rcode(question(name, type, CLASS_IN), false);
        if (!APART.contains(type)) {
          int expected =
              switch (name) {
                case "no.example.com." -> Rcode.NXDOMAIN;
                case "a.test." -> Rcode.REFUSED;
                default -> Rcode.NOERROR;
              };
          assertThat(rcode).as("type %d of %s", type, name).isEqualTo(expected);
        } else {
          assertThat(rcode)
              .as("type %d of %s", type, name)
              .isIn(Rcode.FORMERR, Rcode.NOTIMP, Rcode.REFUSED, Rcode.NOTAUTH);
        }
      }
    }
  }

  @Test
  @Check({"S08", "S09"})
  void everyOtherClassIsRefused() {
    for (int qclass = 0; qclass < 1 << 16; qclass++) {
      int rcode = rcode(question("www.example.com.", 1, qclass), false);
      assertThat(rcode)
          .as("class %d", qclass)
          .isEqualTo(qclass == CLASS_IN ? Rcode.NOERROR : Rcode.REFUSED);
    }
    for (String name :
        List.of("version.bind.", "id.server.", "hostname.bind.", "version.server.")) {
      assertThat(rcode(question(name, 16, CLASS_CH), false)).as(name).isEqualTo(Rcode.REFUSED);
    }
  }

  @Test
  @Check("S08")
  void everyOpcodeAndFlagIsAnsweredUnlessItIsAResponse() {
    for (int flags = 0; flags < 1 << 16; flags++) {
      byte[] query = question("www.example.com.", 1, CLASS_IN);
      Octets.putShort(query, Header.FLAGS_OFFSET, flags);
      if ((flags & Header.QR) != 0) {
        assertThat(server.raw(query, false)).isEmpty();
      } else {
        boolean known = (flags & Header.OPCODE_MASK) == 0;
        assertThat(rcode(query, false)).isEqualTo(known ? Rcode.NOERROR : Rcode.NOTIMP);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Opcode.NOTIFY, Opcode.UPDATE, Opcode.STATUS, Opcode.IQUERY, Opcode.DSO})
  @Check({"S48", "S49"})
  void whatIsNoQueryIsNotImplementedAndBringsAHeaderAlone(int opcode) {
    byte[] query = question("example.com.", 6, CLASS_IN);
    Octets.putShort(query, Header.FLAGS_OFFSET, opcode << 11);
    for (boolean tcp : List.of(false, true)) {
      assertThat(rcode(query, tcp)).isEqualTo(Rcode.NOTIMP);
      assertThat(server.raw(query, tcp)).hasSize(Header.LENGTH);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {251, 252})
  @Check({"S44", "S47"})
  void nobodyMayTakeAZoneWhateverTheTransport(int type) {
    byte[] query = question("example.com.", type, CLASS_IN);
    assertThat(rcode(query, true)).isEqualTo(Rcode.REFUSED);
    assertThat(rcode(query, false)).isIn(Rcode.REFUSED, Rcode.NOTIMP);
  }

  @Test
  @Check("S11")
  void anyBringsOneRRset() {
    assertThat(Answering.parse(server.raw(question("www.example.com.", ANY, CLASS_IN), false)))
        .satisfies(any -> assertThat(any.getSectionRRsets(Section.ANSWER)).hasSize(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"www.example.net.", "com.", ".", "xexample.com."})
  @Check("S71")
  void nothingIsLookedUpForAnybodyNorReferredToTheRoot(String name) {
    byte[] query = question(name, 1, CLASS_IN);
    query[2] |= 1; // RD
    byte[] response = server.raw(query, false);
    assertThat(Answering.digest(Answering.parse(response))).containsExactly("REFUSED");
    assertThat(response).hasSameSizeAs(query);
    assertThat(response[3] & Header.RA).as("RA").isZero();
  }
}
