package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixSet;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Check;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/** Who may ask, and what the others hear. */
class QueryAccessTest {
  private static final PrefixSet ALLOWED =
      PrefixSet.of(List.of(Prefix.parse("192.0.2.0/24"), Prefix.parse("2001:db8:1::/48")));

  private final Answering refusing = server(false);
  private final Answering silent = server(true);

  private static Answering server(boolean drop) {
    return Answering.oneAddress(
        new AnswerSettings(
            1232,
            1232,
            Optional.empty(),
            ServerIdentity.HIDDEN,
            Optional.empty(),
            false,
            new QueryAccess(ALLOWED, drop)));
  }

  private static byte[] ask(Answering server, String client, String... subnet) {
    byte[] query = Answering.query("example.com.", "A", subnet).toWire();
    return server.raw(query, false, Prefix.parse(client));
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, NOERROR",
    "192.0.2.255, NOERROR",
    "192.0.3.0, REFUSED",
    "127.0.0.1, REFUSED",
    "2001:db8:1::5, NOERROR",
    "2001:db8:2::5, REFUSED",
    "::ffff:192.0.2.7, NOERROR", // the same client through another socket
  })
  @Check("S47")
  void onlyThoseInTheListAreAnswered(String client, String rcode) {
    Message response = Answering.parse(ask(refusing, client));
    assertThat(response.getRcode()).isEqualTo(Rcode.value(rcode));
    assertThat(ask(silent, client).length == 0).isEqualTo(rcode.equals("REFUSED"));
    assertThat(refusing.context().stats().get(Counter.DENIED))
        .isEqualTo(rcode.equals("REFUSED") ? 1 : 0);
  }

  @Test
  void theRefusalSaysThatItIsProhibited() {
    byte[] query = Answering.query("example.com.", "A", "203.0.113.0/24").toWire();
    Message response = Answering.parse(refusing.raw(query, true, Prefix.parse("198.51.100.1/32")));
    ExtendedErrorCodeOption error =
        (ExtendedErrorCodeOption) response.getOPT().getOptions(15).getFirst();
    assertThat(error.getErrorCode()).isEqualTo(ExtendedErrorCodeOption.PROHIBITED);
  }

  /** RFC 7871 §11: the option is whatever a client writes into it. */
  @Test
  @Check("S68")
  void aClientSubnetGivesNoRights() {
    assertThat(ask(silent, "198.51.100.1", "192.0.2.0/24")).isEmpty();
    assertThat(ask(silent, "192.0.2.1", "198.51.100.0/24")).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 11, 12, 20})
  void theSilentReadNothingOfOthers(int length) {
    assertThat(silent.raw(new byte[length], true, Prefix.parse("198.51.100.1"))).isEmpty();
    assertThat(silent.context().stats().get(Counter.DENIED)).isEqualTo(1);
    assertThat(silent.context().stats().get(Counter.TCP_IPV4)).isZero();
  }
}
