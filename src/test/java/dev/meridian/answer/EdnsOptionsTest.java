package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Rfc;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;

/** NSID, edns-tcp-keepalive, padding, and what the server says of itself. */
class EdnsOptionsTest {
  private static final int NSID = 3;
  private static final int KEEPALIVE = 11;
  private static final int PADDING = 12;
  private static final byte[] EMPTY = {};

  private final Answering open =
      Answering.oneAddress(
          new AnswerSettings(
              1232,
              Optional.empty(),
              new ServerIdentity(Optional.of("Meridian 1"), Optional.of("fra-1")),
              Optional.of(Duration.ofSeconds(10)),
              false));
  private final Answering silent = Answering.oneAddress(AnswerSettings.plain(1232));

  private static Message ask(Answering server, int code, byte[] data, boolean tcp) {
    Message query = Answering.queryWithOption("example.com.", "A", code, data);
    return Answering.parse(server.raw(query.toWire(), tcp));
  }

  private static List<String> options(Message response) {
    return response.getOPT().getOptions().stream()
        .map(option -> HexFormat.of().formatHex(option.toWire()))
        .toList();
  }

  @Test
  @Rfc(number = 5001, sections = "2.2")
  void tellsItsIdToThoseWhoAsk() {
    assertThat(options(ask(open, NSID, EMPTY, false))).containsExactly("000300056672612d31");
    assertThat(options(ask(open, PADDING, EMPTY, false))).isEmpty();
    assertThat(options(ask(silent, NSID, EMPTY, false))).isEmpty();
  }

  @Test
  @Rfc(
      number = 7828,
      sections = {"3.1", "3.2.2"})
  void tellsHowLongAConnectionMayBeIdle() {
    assertThat(options(ask(open, KEEPALIVE, EMPTY, true))).containsExactly("000b00020064");
    assertThat(options(ask(open, NSID, EMPTY, true))).hasSize(1);
    assertThat(options(ask(silent, KEEPALIVE, EMPTY, true))).isEmpty();
  }

  @Test
  @Rfc(
      number = 7828,
      sections = {"3.2.2", "3.4"})
  void tellsOfLessTimeWhereThereIsLess() {
    open.limitIdle(Duration.ofMillis(2500));
    assertThat(options(ask(open, KEEPALIVE, EMPTY, true))).containsExactly("000b00020019");
    open.limitIdle(Duration.ZERO);
    assertThat(options(ask(open, KEEPALIVE, EMPTY, true))).containsExactly("000b00020000");
    open.limitIdle(Duration.ofHours(1));
    assertThat(options(ask(open, KEEPALIVE, EMPTY, true))).containsExactly("000b00020064");
  }

  @Test
  void keepaliveMeansNothingOverUdp() {
    assertThat(options(ask(open, KEEPALIVE, EMPTY, false))).isEmpty();
    assertThat(ask(open, KEEPALIVE, new byte[2], false).getRcode()).isZero();
  }

  @Test
  @Rfc(number = 7828, sections = "3.2.1")
  void clientsMayNotSayHowLongTheyStay() {
    assertThat(ask(open, KEEPALIVE, new byte[2], true).getRcode()).isEqualTo(1);
  }

  @Test
  @Rfc(number = 7830, sections = "6")
  void nothingIsPaddedInTheClear() {
    assertThat(options(ask(open, PADDING, new byte[64], false))).isEmpty();
    assertThat(options(ask(open, PADDING, new byte[64], true))).isEmpty();
  }

  private static List<String> chaos(Answering server, String name, String type) {
    byte[] query = Answering.query(name, type).toWire();
    query[query.length - 1] = ChaosAnswers.CLASS_CH;
    return Answering.digest(Answering.parse(server.raw(query, false)));
  }

  @Test
  @Rfc(number = 4892, sections = "3.1")
  void tellsVersionAndIdInClassChaos() {
    assertThat(chaos(open, "VERSION.bind.", "TXT"))
        .containsExactly("NOERROR aa", "answer: VERSION.bind. 0 TXT \"Meridian 1\"");
    assertThat(chaos(open, "version.server.", "TXT"))
        .containsExactly("NOERROR aa", "answer: version.server. 0 TXT \"Meridian 1\"");
    assertThat(chaos(open, "id.server.", "TXT"))
        .containsExactly("NOERROR aa", "answer: id.server. 0 TXT fra-1");
    assertThat(chaos(open, "hostname.bind.", "TXT"))
        .containsExactly("NOERROR aa", "answer: hostname.bind. 0 TXT fra-1");
  }

  @Test
  @Check("S09")
  void saysNothingOfItselfUnlessToldTo() {
    for (String name :
        List.of("version.bind.", "version.server.", "id.server.", "hostname.bind.")) {
      assertThat(chaos(silent, name, "TXT")).containsExactly("REFUSED");
    }
    assertThat(chaos(open, "version.bind.", "A")).containsExactly("REFUSED");
    assertThat(chaos(open, "example.com.", "TXT")).containsExactly("REFUSED");
  }

  @Test
  void anIdentityMustFitAnyResponse() {
    Optional<String> tooLong = Optional.of("x".repeat(129));
    assertThatThrownBy(() -> new ServerIdentity(tooLong, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the server's version has 1 to 128 octets, not 129");
    assertThatThrownBy(() -> new ServerIdentity(Optional.empty(), Optional.of("")))
        .hasMessage("the server's id has 1 to 128 octets, not 0");
  }
}
