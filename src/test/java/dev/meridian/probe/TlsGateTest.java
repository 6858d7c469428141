package dev.meridian.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.Observation.Reason;
import dev.meridian.testkit.Rfc;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a target can make the TLS handler hold and decrypt, in octets and records. */
class TlsGateTest {
  /** A handshake record of 80 octets that begins with a ServerHello of 76. */
  private static final String HELLO = "1603030050" + "0200004c" + "00".repeat(76);

  private static final String EMPTY_RECORD = "1703030000";

  private final List<Finding> refused = new ArrayList<>();
  private boolean secured;
  private final EmbeddedChannel channel =
      new EmbeddedChannel(new TlsGate(refused::add, () -> secured));

  @AfterEach
  void release() {
    channel.finishAndReleaseAll();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 4096})
  void whatAServerSendsPassesHoweverItIsCut(int cut) {
    feed(HELLO + "140303000101" + "1703030003aabbcc" + "15030300020100", cut);

    assertThat(refused).isEmpty();
    assertThat(passed()).isEqualTo(85 + 6 + 8 + 7);
  }

  @Test
  void anAlertMayComeFirst() {
    feed("15030300020228", 4096);

    assertThat(refused).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "485454502f312e3120,     'the target does not speak TLS on this port'",
    "5353482d,               'the target does not speak TLS on this port'",
    "1602000050,             'the target does not speak TLS on this port'",
    "1603034000160303,       'the target does not begin with a TLS ServerHello'",
    "16030300500b,           'the target does not begin with a TLS ServerHello'",
    "16030340000200ffff,     'the target does not begin with a TLS ServerHello'",
    "1603030003020000,       'the target does not begin with a TLS ServerHello'",
    "1703030050,             'the target does not begin with a TLS ServerHello'",
    "160303ffff,             'a TLS record of 65535 octets'",
  })
  @Rfc(number = 5246, sections = "6.2.3")
  void whatIsNoBeginningIsRefusedByItsFirstOctets(String octets, String detail) {
    feed(octets, 1);

    assertThat(refused).containsExactly(new Finding(Reason.TLS_FAILED, detail));
    assertThat(passed()).isLessThan(9);
  }

  @Test
  void aHandshakeWithoutEndIsCutOff() {
    feed(HELLO, 4096);
    String record = "1603034000" + "00".repeat(16_384);
    feedUntilRefused(record, 4096);

    assertThat(refused)
        .containsExactly(
            new Finding(Reason.TLS_FAILED, "TLS handshake is larger than 32768 octets"));
    assertThat(passed()).isBetween(28_000, 32_768);
  }

  @Test
  void recordsWithNothingInThemAreCounted() {
    feed(HELLO, 4096);
    secured = true;
    feedUntilRefused(EMPTY_RECORD, 4096);

    assertThat(refused).singleElement().extracting("reason").isEqualTo(Reason.RESPONSE_TOO_LARGE);
    assertThat(passed()).isEqualTo(85 + 127 * 5);
  }

  @Test
  void recordsWithoutEndAreCutOff() {
    feed(HELLO, 4096);
    secured = true;
    feedUntilRefused("1703034000" + "00".repeat(16_384), 4096);

    assertThat(refused).singleElement().extracting("reason").isEqualTo(Reason.RESPONSE_TOO_LARGE);
    assertThat(passed()).isBetween(126_000, 131_072);
  }

  @Test
  void octetsThatComeOneByOneAreCounted() {
    feed(HELLO, 1);
    feedUntilRefused("1603034000" + "00".repeat(16_384), 1);

    assertThat(refused).containsExactly(Probe.TOO_MANY_PIECES);
    assertThat(passed()).isEqualTo(Probe.MAX_PIECES);
  }

  @Test
  void anotherHandshakeIsRefused() {
    feed(HELLO, 4096);
    secured = true;
    feed("1603030028" + "00".repeat(40), 4096);

    assertThat(refused)
        .containsExactly(
            new Finding(Reason.TLS_FAILED, "the target asks for another TLS handshake"));
  }

  @Test
  void nothingPassesOnceRefusedAndItIsToldOnce() {
    feed("160303ffff", 4096);
    feed(HELLO, 4096);
    feed("160303ffff", 4096);

    assertThat(refused).hasSize(1);
    assertThat(passed()).isZero();
  }

  /** Far more often than any limit. */
  private void feedUntilRefused(String hex, int cut) {
    for (int i = 0; i < 1000 && refused.isEmpty(); i++) {
      feed(hex, cut);
    }
  }

  private void feed(String hex, int cut) {
    byte[] octets = HexFormat.of().parseHex(hex);
    for (int at = 0; at < octets.length; at += cut) {
      channel.writeInbound(Unpooled.copiedBuffer(octets, at, Math.min(cut, octets.length - at)));
    }
  }

  private int passed() {
    int octets = 0;
    for (ByteBuf piece = channel.readInbound(); piece != null; piece = channel.readInbound()) {
      octets += piece.readableBytes();
      piece.release();
    }
    return octets;
  }
}
