package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.testkit.Answering;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Message;

/** The zone's NS records in positive answers, on and off. */
class AuthorityServersTest {
  private static final String ZONE =
      """
      @ 300 SOA ns1 hostmaster 1 2 3 4 5
      @ 3600 NS ns1
      @ 3600 NS ns.example.net.
      @ 300 MX 10 mail
      www 300 A 192.0.2.80
      alias 300 CNAME www
      away 300 CNAME www.example.org.
      nowhere 300 CNAME gone
      old 300 DNAME new
      a.new 300 A 192.0.2.81
      *.wild 300 MX 10 mail
      sub 300 NS ns.sub
      ns.sub 300 A 192.0.2.53
      svc 300 HTTPS 1 a-rather-long-target.pool alpn=h2
      svc 300 HTTPS 2 b.pool alpn=h2
      a-rather-long-target.pool 60 A 192.0.2.82
      a-rather-long-target.pool 60 AAAA 2001:db8::82
      b.pool 60 A 192.0.2.83
      $GENERATE 1-72 crowd 60 A 192.0.2.$
      $GENERATE 1-80 throng 60 A 192.0.2.$
      big 60 HTTPS 1 crowd
      """;

  private static final List<String> SERVERS =
      List.of(
          "authority: example.com. 3600 NS ns1.example.com.",
          "authority: example.com. 3600 NS ns.example.net.");

  private final Answering on = server(true);
  private final Answering off = server(false);

  private static Answering server(boolean authorityNs) {
    return new Answering(
        List.of(Answering.zone("example.com.", ZONE).build()),
        new AnswerSettings(
            1232, Optional.empty(), ServerIdentity.HIDDEN, Optional.empty(), authorityNs));
  }

  private static List<String> authority(List<String> lines) {
    return lines.stream().filter(line -> line.startsWith("authority: ")).toList();
  }

  private static List<String> rest(List<String> lines) {
    return lines.stream().filter(line -> !line.startsWith("authority: ")).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "www.example.com., A",
    "WWW.Example.COM., A",
    "example.com., MX",
    "x.wild.example.com., MX",
    "alias.example.com., A",
    "alias.example.com., CNAME",
    "a.old.example.com., A",
    "example.com., SOA",
    "svc.example.com., HTTPS",
    "svc.EXAMPLE.com., HTTPS",
  })
  void positiveAnswersCarryTheServersOfTheZoneIfTold(String name, String type) {
    List<String> plain = off.dig(name, type);
    List<String> full = on.dig(name, type);
    assertThat(rest(full)).isEqualTo(rest(plain));
    assertThat(authority(plain)).isEmpty();
    assertThat(authority(full))
        .map(line -> line.replaceAll("(?i)example.com", "example.com"))
        .isEqualTo(SERVERS);
  }

  @ParameterizedTest
  @CsvSource({
    "example.com., NS", // they are the answer
    "gone.example.com., A",
    "www.example.com., TXT",
    "nowhere.example.com., A",
    "away.example.com., A", // the chain leaves, other servers know the rest
    "x.sub.example.com., A",
    "elsewhere.example.org., A",
  })
  void otherAnswersAreAsEver(String name, String type) {
    assertThat(on.dig(name, type)).isEqualTo(off.dig(name, type));
  }

  @Test
  void withoutRoomTheyStayAwayAndNothingIsTruncated() {
    Message query = Answering.query("crowd.example.com.", "A", "192.0.2.0/24");
    Message full = on.ask(query);
    assertThat(full.numBytes()).isGreaterThan(1200);
    assertThat(Answering.digest(full)).isEqualTo(Answering.digest(off.ask(query)));
    assertThat(authority(Answering.digest(Answering.parse(on.raw(query.toWire(), true)))))
        .isEqualTo(SERVERS);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 600, 700, 1200, 1210, 1220, 1230, 1232})
  void whateverTheSizeTheAnswerIsThatWithoutThem(int size) {
    for (String name : List.of("crowd", "throng", "big", "svc", "alias")) {
      String type = name.equals("big") || name.equals("svc") ? "HTTPS" : "A";
      Message query = Answering.query(name + ".example.com.", type);
      query.addRecord(new org.xbill.DNS.OPTRecord(size, 0, 0), org.xbill.DNS.Section.ADDITIONAL);
      byte[] full = on.raw(query.toWire(), false);
      assertThat(full.length).isLessThanOrEqualTo(size);
      assertThat(rest(Answering.digest(Answering.parse(full))))
          .isEqualTo(Answering.digest(off.ask(query)));
    }
  }
}
