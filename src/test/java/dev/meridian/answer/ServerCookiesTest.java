package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.net.Prefix;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Rfc;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Message;

/** RFC 7873 and RFC 9018, with the examples of its appendix A. */
class ServerCookiesTest {
  private static final int COOKIE = 10;
  private static final HexFormat HEX = HexFormat.of();
  private static final String SECRET = "e5e973e5a6b2a43f48e7dc849e37bfcf";
  private static final String CLIENT = "2464c4abcf10c957";
  private static final long LEARNED = 1559731985L;
  private static final String GOOD = CLIENT + "010000005cf79f111f8130c3eee29480";
  private static final Prefix ADDRESS = Prefix.parse("198.51.100.100/32");

  private Instant now = Instant.ofEpochSecond(LEARNED);
  private final InstantSource clock = () -> now;
  private final ServerCookies cookies = new ServerCookies(secrets(SECRET), clock);
  private final Answering server = server(Optional.of(cookies));

  private static CookieSecrets secrets(String... hex) {
    return CookieSecrets.of(Arrays.stream(hex).map(HEX::parseHex).toArray(byte[][]::new));
  }

  private static Answering server(Optional<ServerCookies> cookies) {
    return Answering.oneAddress(
        new AnswerSettings(1232, cookies, ServerIdentity.HIDDEN, Optional.empty(), false));
  }

  private Message ask(String cookie, Prefix client) {
    Message query = Answering.queryWithOption("example.com.", "A", COOKIE, HEX.parseHex(cookie));
    return Answering.parse(server.raw(query.toWire(), false, client));
  }

  private static String cookie(Message response) {
    byte[] option = response.getOPT().getOptions(COOKIE).getFirst().toWire();
    return HEX.formatHex(option, 4, option.length);
  }

  private long counted(Counter counter) {
    return server.context().stats().get(counter);
  }

  @ParameterizedTest
  @CsvSource({
    // A.1, A.2, A.3
    "e5e973e5a6b2a43f48e7dc849e37bfcf, 198.51.100.100/32, 1559731985, 2464c4abcf10c957,"
        + " 2464c4abcf10c957010000005cf79f111f8130c3eee29480",
    "e5e973e5a6b2a43f48e7dc849e37bfcf, 198.51.100.100/32, 1559734385,"
        + " 2464c4abcf10c957010000005cf79f111f8130c3eee29480,"
        + " 2464c4abcf10c957010000005cf7a871d4a564a1442aca77",
    "e5e973e5a6b2a43f48e7dc849e37bfcf, 203.0.113.203/32, 1559734700,"
        + " fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5,"
        + " fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e",
    // A.4
    "445536bcd2513298075a5d379663c962, 2001:db8:220:1:59de:d0f4:8769:82b8/128, 1559741961,"
        + " 22681ab97d52c298010000005cf7c57926556bd0934c72f8,"
        + " 22681ab97d52c298010000005cf7c609a6bb79d16625507a",
  })
  @Rfc(
      number = 9018,
      sections = {"4", "4.4", "A"})
  @Check("S62")
  void agreesWithTheExamplesOfTheStandard(
      String secret, String client, long time, String sent, String expected) {
    cookies.use(secrets(secret, "dd3bdf9344b678b185a6f5cb60fca715"));
    now = Instant.ofEpochSecond(time);
    assertThat(cookie(ask(sent, Prefix.parse(client)))).isEqualTo(expected);
  }

  @Test
  @Rfc(number = 9018, sections = "5")
  void aCookieOfTheSecretBeforeIsStillGood() {
    cookies.use(secrets("445536bcd2513298075a5d379663c962", "dd3bdf9344b678b185a6f5cb60fca715"));
    now = Instant.ofEpochSecond(1559741961);
    ask(
        "22681ab97d52c298010000005cf7c57926556bd0934c72f8",
        Prefix.parse("2001:db8:220:1:59de:d0f4:8769:82b8/128"));
    assertThat(counted(Counter.COOKIE_VALID)).isEqualTo(1);
  }

  /** The new secret is first only known, then used, then alone; two servers are one step apart. */
  @ParameterizedTest
  @CsvSource({
    "old, old new",
    "old new, old",
    "old new, new old",
    "new old, old new",
    "new old, new",
    "new, new old",
  })
  @Rfc(number = 9018, sections = "5")
  @Check("S62")
  void aRollOverInThreeStepsCostsNoCookie(String here, String there) {
    cookies.use(named(here));
    String cookie = cookie(ask(CLIENT, ADDRESS));
    cookies.use(named(there));
    ask(cookie, ADDRESS);
    assertThat(counted(Counter.COOKIE_VALID)).isEqualTo(1);
  }

  @Test
  void aCookieOfASecretTakenAwayIsAsNone() {
    cookies.use(named("old"));
    String cookie = cookie(ask(CLIENT, ADDRESS));
    cookies.use(named("new"));
    assertThat(cookie(ask(cookie, ADDRESS))).isNotEqualTo(cookie);
    assertThat(counted(Counter.COOKIE_VALID)).isZero();
  }

  private static CookieSecrets named(String names) {
    return secrets(
        Arrays.stream(names.split(" ", -1))
            .map(name -> name.equals("old") ? SECRET : "445536bcd2513298075a5d379663c962")
            .toArray(String[]::new));
  }

  @Test
  @Rfc(number = 9018, sections = "4.3")
  void aYoungCookieGoesBackAsItCame() {
    now = now.plus(Duration.ofMinutes(30));
    assertThat(cookie(ask(GOOD, ADDRESS))).isEqualTo(GOOD);
    assertThat(counted(Counter.COOKIE)).isEqualTo(1);
    assertThat(counted(Counter.COOKIE_VALID)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"-301, 0", "-300, 1", "1801, 1", "3600, 1", "3601, 0"})
  @Rfc(number = 9018, sections = "4.3")
  void cookiesAreGoodForAnHour(long age, long valid) {
    now = now.plusSeconds(age);
    assertThat(cookie(ask(GOOD, ADDRESS))).startsWith(CLIENT + "01000000").hasSize(48);
    assertThat(counted(Counter.COOKIE_VALID)).isEqualTo(valid);
  }

  @Test
  void timeWrapsAround() {
    now = Instant.ofEpochSecond(0xFFFF_FFFFL);
    String last = cookie(ask(CLIENT, ADDRESS));
    assertThat(last).startsWith(CLIENT + "01000000ffffffff");
    now = now.plusSeconds(60);
    assertThat(cookie(ask(last, ADDRESS))).isEqualTo(last);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        CLIENT + "010000005cf79f111f8130c3eee29481", // another hash
        CLIENT + "020000005cf79f111f8130c3eee29480", // another version
        CLIENT + "0102030405060708", // shorter and longer: another server's
        CLIENT + "0102030405060708091011121314151617181920212223242526272829303132",
      })
  @Rfc(number = 7873, sections = "5.2.4")
  @Check("S63")
  void aCookieThatIsNotOursIsAsNone(String cookie) {
    Message response = ask(cookie, ADDRESS);
    assertThat(Answering.digest(response))
        .containsExactly("NOERROR aa", "answer: example.com. 300 A 192.0.2.34");
    assertThat(cookie(response)).isEqualTo(GOOD);
    assertThat(counted(Counter.COOKIE_VALID)).isZero();
  }

  @Test
  void aCookieIsGoodForOneAddress() {
    assertThat(cookie(ask(GOOD, Prefix.parse("198.51.100.101/32")))).isNotEqualTo(GOOD);
    assertThat(counted(Counter.COOKIE_VALID)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 9, 15, 41, 200})
  @Rfc(number = 7873, sections = "5.2.2")
  void cookiesOfImpossibleLengthAreMalformed(int length) {
    Message query = Answering.queryWithOption("example.com.", "A", COOKIE, new byte[length]);
    Message response = server.ask(query);
    assertThat(response.getRcode()).isEqualTo(1);
    assertThat(response.getOPT().getOptions()).isEmpty();
    assertThat(response.getSection(1)).isEmpty();
    assertThat(response.numBytes()).isLessThanOrEqualTo(query.toWire().length);
  }

  @Test
  void aServerWithoutSecretsIgnoresCookies() {
    Message query = Answering.queryWithOption("example.com.", "A", COOKIE, HEX.parseHex(CLIENT));
    Message response = server(Optional.empty()).ask(query);
    assertThat(response.getRcode()).isZero();
    assertThat(response.getOPT().getOptions()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    CLIENT + ", 0",
    GOOD + ", 0",
    CLIENT + "010000005cf79f110000000000000000, 23",
  })
  @Rfc(number = 7873, sections = "5.4")
  void aCookieMayComeWithoutAQuestion(String cookie, int rcode) {
    byte[] query =
        HEX.parseHex(
            "123401000000000000000001"
                + "0000291000000000000"
                + String.format("%03x", 4 + cookie.length() / 2)
                + "000a"
                + String.format("%04x", cookie.length() / 2)
                + cookie);
    Message response = Answering.parse(server.raw(query, false, ADDRESS));
    assertThat(response.getRcode()).isEqualTo(rcode);
    assertThat(response.getHeader().getCount(0)).isZero();
    assertThat(cookie(response)).isEqualTo(GOOD);
  }

  @Test
  void neitherCookieNorQuestionIsMalformed() {
    byte[] query = HEX.parseHex("123401000000000000000001" + "0000291000000000000000");
    assertThat(server.raw(query, false)).hasSize(12);
  }

  @Test
  @Check("S56")
  void secretsAreNotShownAndHaveOneLength() {
    assertThat(CookieSecrets.random(new Random(1))).hasToString("CookieSecrets[hidden]");
    assertThatThrownBy(() -> CookieSecrets.of(new byte[15]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("16 octets, not 15");
    assertThatThrownBy(CookieSecrets::of).hasMessageContaining("1 to 3 cookie secrets, not 0");
  }

  /** What is longer than a stranger may have is a TC bit; with a cookie it comes whole. */
  @Test
  @Check({"S60", "S74"})
  void aValidCookieBringsTheFullSizeOverUdp() {
    Answering capped =
        new Answering(
            List.of(
                Answering.zone(
                        "example.com.",
                        """
                        @ 300 SOA ns1 hostmaster 1 2 3 4 5
                        @ 300 NS ns1
                        @ 300 TXT "%1$s" "%1$s" "%1$s"
                        """
                            .formatted("x".repeat(200)))
                    .build()),
            new AnswerSettings(
                1232,
                512,
                Optional.of(cookies),
                ServerIdentity.HIDDEN,
                Optional.empty(),
                false,
                QueryAccess.EVERYBODY));
    byte[] stranger =
        Answering.queryWithOption("example.com.", "TXT", COOKIE, HEX.parseHex(CLIENT)).toWire();
    Message first = Answering.parse(capped.raw(stranger, false, ADDRESS));
    assertThat(first.getHeader().getFlag(org.xbill.DNS.Flags.TC)).isTrue();
    assertThat(first.getOPT().getPayloadSize()).isEqualTo(1232);
    byte[] known =
        Answering.queryWithOption("example.com.", "TXT", COOKIE, HEX.parseHex(cookie(first)))
            .toWire();
    assertThat(capped.raw(known, false, ADDRESS)).hasSizeBetween(600, 1232);
    assertThat(capped.raw(known, false, Prefix.parse("198.51.100.101"))).hasSizeLessThan(512);
    assertThat(capped.raw(stranger, true, ADDRESS)).as("over TCP").hasSizeGreaterThan(600);
  }
}
