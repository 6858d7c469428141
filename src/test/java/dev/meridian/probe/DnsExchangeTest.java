package dev.meridian.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.CheckKind;
import dev.meridian.health.Observation.Reason;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DnsExchangeTest {
  private static final DomainName NAME = DomainName.parse("x.example.");
  private static final String A_RECORD = "c00c0001000100000e100004c0000201";
  private static final String CNAME_RECORD = "c00c0005000100000e1000020000";

  private static DnsExchange exchange(int rcode, InetAddress... answers) {
    return new DnsExchange(new CheckKind.Dns(NAME, RRType.A, 53, rcode, Set.of(answers)), 0xABCD);
  }

  /** The query turned into a response with so many records behind it. */
  private static byte[] response(DnsExchange exchange, int flags, int count, String records) {
    byte[] more = HexFormat.of().parseHex(records);
    byte[] query = exchange.query();
    byte[] message = Arrays.copyOf(query, query.length + more.length);
    System.arraycopy(more, 0, message, query.length, more.length);
    message[2] = (byte) (flags >> 8);
    message[3] = (byte) flags;
    message[7] = (byte) count;
    return message;
  }

  @Test
  void theQueryIsOneQuestionWithRecursionDesired() {
    assertThat(HexFormat.of().formatHex(exchange(0).query()))
        .isEqualTo("abcd01000001000000000000" + "0178076578616d706c6500" + "00010001");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 8180, 1, c00c0001000100000e100004c0000201,                             OK",
    "0, 8180, 2, c00c0005000100000e1000020000c00c0001000100000e100004c0000201, OK",
    "0, 8180, 1, c00c0005000100000e1000020000,                                 RESPONSE_UNEXPECTED",
    "0, 8180, 0, '',                                                           RESPONSE_UNEXPECTED",
    "0, 8183, 0, '',                                                           RESPONSE_UNEXPECTED",
    "3, 8183, 0, '',                                                           OK",
    "3, 8180, 1, c00c0001000100000e100004c0000201,                             RESPONSE_UNEXPECTED",
    "0, 8180, 1, '',                                                           RESPONSE_MALFORMED",
    "0, 8180, 1, c00c0001000100000e1000ffc0000201,                             RESPONSE_MALFORMED",
    "0, 8180, 1, 3f,                                                           RESPONSE_MALFORMED",
  })
  void codeAndRecordsDecide(int rcode, String flags, int count, String records, Reason reason) {
    DnsExchange exchange = exchange(rcode);
    byte[] message = response(exchange, HexFormat.fromHexDigits(flags), count, records);

    assertThat(exchange.isAnswer(message)).isTrue();
    assertThat(exchange.judge(message).reason()).isEqualTo(reason);
  }

  @Test
  void oneOfTheAddressesMustBeAnswered() {
    DnsExchange right = exchange(0, InetAddress.ofLiteral("192.0.2.1"));
    DnsExchange wrong = exchange(0, InetAddress.ofLiteral("192.0.2.2"));

    assertThat(right.judge(response(right, 0x8180, 1, A_RECORD)).reason()).isEqualTo(Reason.OK);
    assertThat(wrong.judge(response(wrong, 0x8380, 1, A_RECORD)).detail())
        .isEqualTo(
            "1 records of type A in the answer, none of them expected; the answer is truncated");
  }

  @Test
  void whatIsNoAnswerToTheQueryIsPassedOver() {
    DnsExchange exchange = exchange(0);
    byte[] otherId = response(exchange, 0x8180, 0, "");
    otherId[0]++;
    byte[] otherName = response(exchange, 0x8180, 0, "");
    otherName[13]++;

    assertThat(exchange.isAnswer(exchange.query())).as("a query").isFalse();
    assertThat(exchange.isAnswer(otherId)).isFalse();
    assertThat(exchange.isAnswer(otherName)).isFalse();
    assertThat(exchange.isAnswer(new byte[5])).isFalse();
  }

  @Test
  void noMessageIsTooStrange() {
    Random random = new Random(1);
    DnsExchange exchange = exchange(0, InetAddress.ofLiteral("192.0.2.7"));
    for (int i = 0; i < 50_000; i++) {
      byte[] message = response(exchange, 0x8180, random.nextInt(256), CNAME_RECORD + A_RECORD);
      for (int flips = random.nextInt(6); flips > 0; flips--) {
        message[random.nextInt(message.length)] = (byte) random.nextInt();
      }
      byte[] cut = Arrays.copyOf(message, random.nextInt(message.length + 1));
      if (exchange.isAnswer(cut)) {
        assertThat(exchange.judge(cut).detail()).isNotEmpty();
      }
    }
  }
}
