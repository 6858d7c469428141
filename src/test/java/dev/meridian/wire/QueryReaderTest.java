package dev.meridian.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.testkit.Check;
import dev.meridian.testkit.Rfc;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryReaderTest {
  /** A question for a. IN A. */
  private static final String QUESTION = "0161000001 0001";

  private static final String HEADER = "1234 0100 0001 0000 0000 0001";

  private final QueryReader reader = new QueryReader();

  private Verdict read(String hex) {
    byte[] message = HexFormat.of().parseHex(hex.replaceAll("[ |]", ""));
    return reader.read(Arrays.copyOf(message, message.length + 8), message.length);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        // header
        "\"\", DROP",
        "1234 0100 0001 0000 0000 00,                                 DROP",
        "1234 8100 0001 0000 0000 0000 | 0161000001 0001,             DROP",
        "1234 8500,                                                   DROP",
        "1234 2800 0001 0000 0000 0000 | 0161000006 0001,             NOTIMP",
        "1234 2800 0000 0000 0000 0000,                               NOTIMP",
        "1234 0100 0000 0000 0000 0000,                               FORMERR",
        "1234 0100 0000 0000 0000 0001 | 00 0029 1000 00000000 0000, FORMERR",
        "1234 0100 0000 0000 0000 0001 | 00 0029 1000 00000000 000C 000A 0008 0102030405060708,"
            + " COOKIE_ONLY",
        "1234 0100 0000 0000 0000 0001 | 00 0029 1000 00010000 0000, BADVERS",
        "1234 0100 0002 0000 0000 0000 | 0161000001 0001 | 0161000001 0001, FORMERR",
        "1234 0100 0001 0001 0000 0000 | 0161000001 0001,             FORMERR",
        // question
        "1234 0100 0001 0000 0000 0000 | 0161000001 0001,             OK",
        "1234 0100 0001 0000 0000 0000 | 00 0001 0001,                OK",
        "1234 0100 0001 0000 0000 0000 | 0161000001 00,               FORMERR",
        "1234 0100 0001 0000 0000 0000 | C00C 0001 0001,              FORMERR",
        "1234 0100 0001 0000 0000 0000 | 0161C00C 0001 0001,          FORMERR",
        "1234 0100 0001 0000 0000 0000 | 4061000001 0001,             FORMERR",
        "1234 0100 0001 0000 0000 0000 | 0161000001 0001 | FF,        FORMERR",
        // OPT
        "1234 0100 0001 0000 0000 0001 | 0161000001 0001 | 00 0029 1000 00000000 0000, OK",
        "1234 0100 0001 0000 0000 0001 | 0161000001 0001 | 00 0029 1000 00010000 0000, BADVERS",
        "1234 0100 0001 0000 0000 0001 | 0161000001 0001,             FORMERR",
        "1234 0100 0001 0000 0000 0001 | 0161000001 0001 | 00 0029 1000 00000000 0001, FORMERR",
        "1234 0100 0001 0000 0000 0001 | 0161000001 0001 | 016100 0029 1000 00000000 0000, FORMERR",
        "1234 0100 0001 0000 0000 0002 | 0161000001 0001 | 00 0029 1000 00000000 0000 00 0029 1000"
            + " 00000000 0000, FORMERR",
        "1234 0100 0001 0000 0001 0000 | 0161000001 0001 | 00 0029 1000 00000000 0000, FORMERR",
        // an unknown record beside it is passed over, its pointer not followed
        "1234 0100 0001 0000 0000 0002 | 0161000001 0001 | C0FF 00FF 0001 00000000 0001 AA 00 0029"
            + " 1000 00000000 0000, OK",
        // owners of records: cut, of a retired type, too long, a pointer cut in two
        "1234 0100 0001 0000 0000 0001 | 0161000001 0001 | 00 0029 1000 0000, FORMERR",
        "1234 0100 0001 0000 0000 0001 | 0161000001 0001 | 8000 00FF 0001 00000000 0000, FORMERR",
        "1234 0100 0001 0000 0000 0001 | 0161000001 0001 | 4000 00FF 0001 00000000 0000, FORMERR",
        "1234 0100 0001 0000 0000 0001 | 0161000001 0001 | C0, FORMERR",
      })
  @Rfc(
      number = 6891,
      sections = {"6.1.1", "6.1.3"})
  @Rfc(number = 9619, sections = "4")
  @Rfc(number = 7873, sections = "5.4")
  void verdicts(String hex, Verdict expected) {
    assertThat(read(hex)).isEqualTo(expected);
  }

  private Verdict readWithOption(String option) {
    int length = option.replaceAll("[ |]", "").length() / 2;
    return read(
        HEADER + QUESTION + "00 0029 04D0 00008000" + String.format("%04X", length) + option);
  }

  @ParameterizedTest
  @CsvSource({
    "0008 0007 0001 1800 C00002,          OK",
    "0008 0008 0001 2000 C0000201,        OK",
    "0008 0004 0001 0000,                 OK",
    "0008 0004 0000 0000,                 OK",
    "0008 0005 0002 0800 20,              OK",
    "000A 0008 0102030405060708,          OK",
    "FDE9 0000,                           OK",
    "000A 0007 01020304050607,            FORMERR", // neither a client's cookie nor both
    "000A 000F 0102030405060708090A0B0C0D0E0F, FORMERR",
    "000A 0008 0102030405060708 000A 0000, OK", // the first cookie counts
    "000A 0018 01020304050607080102030405060708 0102030405060708, OK",
    "000A 0029 0102030405060708010203040506070801020304050607080102030405060708 0102030405060708"
        + " 01, FORMERR",
    "0003 0000,                           OK",
    "000B 0002 0064,                      OK",
    "0008 000D 0002 4800 20010DB80000000001, OK",
    "0008 000D 0002 4700 20010DB80000000001, FORMERR", // a bit behind the prefix
    "0008 0014 0002 8000 20010DB8000000000000000000000001, OK",
    "0008 0014 0002 8100 20010DB8000000000000000000000001, FORMERR",
    "0008 0003 0001 18,                   FORMERR", // shorter than its fixed part
    "0008 0008 0001 1800 C0000200,        FORMERR", // an octet more than the prefix needs
    "0008 0006 0001 1800 C000,            FORMERR", // one less
    "0008 0007 0001 1700 C00003,          FORMERR", // a bit behind the prefix
    "0008 0007 0001 1818 C00002,          FORMERR", // a scope in a query
    "0008 0009 0001 2100 C000020180,      FORMERR", // 33 bits of IPv4
    "0008 0007 0003 1800 C00002,          FORMERR", // no such family
    "0008 0004 0001 0000 0008 0004 0001 2100, OK", // the first client subnet counts
    "0008 00FF 0001,                      FORMERR",
    "0008,                                FORMERR",
  })
  @Rfc(
      number = 7871,
      sections = {"6", "7.1.2"})
  @Rfc(number = 7873, sections = "5.2")
  @Check("S67")
  void options(String option, Verdict expected) {
    assertThat(readWithOption(option)).isEqualTo(expected);
  }

  @Test
  void readsClientSubnetLeftAligned() {
    readWithOption("0008 0007 0001 1800 C00002");
    assertThat(reader.hasClientSubnet()).isTrue();
    assertThat(reader.subnetFamily()).isEqualTo(1);
    assertThat(reader.subnetSourceLength()).isEqualTo(24);
    assertThat(reader.subnetHigh()).isEqualTo(0xC000020000000000L);
    assertThat(reader.dnssecOk()).isTrue();
    assertThat(reader.payloadSize()).isEqualTo(1232);
  }

  @Test
  void readsBothHalvesOfAnIpv6Address() {
    readWithOption("0008 000D 0002 4800 20010DB80000000001");
    assertThat(reader.subnetFamily()).isEqualTo(Edns.FAMILY_IPV6);
    assertThat(reader.subnetHigh()).isEqualTo(0x2001_0DB8_0000_0000L);
    assertThat(reader.subnetLow()).isEqualTo(0x0100_0000_0000_0000L);
  }

  @Test
  void readsTheQuestion() {
    read("1234 0110 0001 0000 0000 0000 | 0161000010 0003");
    assertThat(reader.hasQuestion()).isTrue();
    assertThat(reader.qname()).hasToString("a.");
    assertThat(reader.qtype()).isEqualTo(16);
    assertThat(reader.qclass()).isEqualTo(3);
    assertThat(reader.flags()).isEqualTo(0x0110);
    assertThat(reader.questionEnd()).isEqualTo(19);
    read("1234 0100 0000 0000 0000 0000");
    assertThat(reader.hasQuestion()).isFalse();
  }

  @Test
  void readsCookieNsidAndKeepalive() {
    readWithOption("000A 0008 0102030405060708 0003 0000 000B 0002 0064");
    assertThat(reader.hasCookie()).isTrue();
    assertThat(reader.cookieAt()).isEqualTo(19 + 11 + 4);
    assertThat(reader.cookieLength()).isEqualTo(8);
    assertThat(reader.nsid()).isTrue();
    assertThat(reader.keepaliveLength()).isEqualTo(2);
    readWithOption("");
    assertThat(reader.hasCookie()).isFalse();
    assertThat(reader.nsid()).isFalse();
    assertThat(reader.keepaliveLength()).isEqualTo(QueryReader.ABSENT);
  }

  @Test
  @Check({"S07", "S19"})
  void looksAtSixteenOptionsAndNoMore() {
    String padding = "000C 0000";
    String cookie = "000A 0008 0102030405060708";
    readWithOption(padding.repeat(15) + cookie);
    assertThat(reader.hasCookie()).isTrue();
    assertThat(readWithOption(padding.repeat(16) + cookie)).isEqualTo(Verdict.OK);
    assertThat(reader.hasCookie()).isFalse();
  }

  @Test
  @Check("S07")
  void eightRecordsAreAQueryNineAreNot() {
    String record = "00 00FF 0001 00000000 0000";
    String counts = "1234 0100 0001 0000 0002 000";
    assertThat(read(counts + "6" + QUESTION + record.repeat(8))).isEqualTo(Verdict.OK);
    assertThat(read(counts + "7" + QUESTION + record.repeat(9))).isEqualTo(Verdict.FORMERR);
  }

  @Test
  void anOwnerOfMoreThan255OctetsIsMalformed() {
    String record = "00 00FF 0001 00000000 0000";
    assertThat(read(HEADER + QUESTION + "0161".repeat(127) + record)).isEqualTo(Verdict.OK);
    assertThat(read(HEADER + QUESTION + "0161".repeat(129) + record)).isEqualTo(Verdict.FORMERR);
  }

  @Test
  void keepsNothingOfTheQueryBefore() {
    readWithOption("0008 0007 0001 1800 C00002");
    read("1234 0100 0001 0000 0000 0000" + QUESTION);
    assertThat(reader.edns()).isFalse();
    assertThat(reader.hasClientSubnet()).isFalse();
    assertThat(reader.dnssecOk()).isFalse();
    assertThat(reader.payloadSize()).isEqualTo(512);
  }

  @Test
  @Rfc(number = 6891, sections = "6.2.3")
  void treatsPayloadSizesBelow512As512() {
    read(HEADER + QUESTION + "00 0029 0000 00000000 0000");
    assertThat(reader.payloadSize()).isEqualTo(512);
  }

  @Test
  void survivesAnyOctets() {
    Random random = new Random(11);
    byte[] message = new byte[600 + 8];
    int understood = 0;
    for (int i = 0; i < 300_000; i++) {
      random.nextBytes(message);
      if (i % 2 == 0) { // half of them with a sane header, to get further in
        System.arraycopy(HexFormat.of().parseHex("123401000001000000000001"), 0, message, 0, 12);
        message[12] = (byte) random.nextInt(4);
      }
      Verdict verdict = reader.read(message, random.nextInt(600));
      understood += verdict == Verdict.DROP ? 0 : 1;
    }
    assertThat(understood).isGreaterThan(100_000);
  }
}
