package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Rfc;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;

/** What RFC 1034 §4.3.2, 2308, 4592, 6604, 6672, 8482 and 9471 say of static data. */
class ZoneAnswersTest {
  private static final String SOA_LINE =
      "authority: example.com. 300 SOA ns1.example.com. hostmaster.example.com. 7 7200 900 1209600"
          + " 300";

  private final Answering server =
      new Answering(
          List.of(
              Answering.zone(
                      "example.com.",
                      """
                      @ 3600 SOA ns1 hostmaster 7 7200 900 1209600 300
                      @ 3600 NS ns1
                      @ 3600 NS ns2.example.net.
                      @ 600 MX 10 mail
                      ns1 3600 A 192.0.2.1
                      mail 300 A 192.0.2.25
                      mail 300 AAAA 2001:db8::25
                      WWW 300 A 192.0.2.80
                      alias 60 CNAME www
                      chain 60 CNAME alias
                      away 60 CNAME www.example.org.
                      gone 60 CNAME nothing
                      loop1 60 CNAME loop2
                      loop2 60 CNAME loop1
                      a.b.ent 300 TXT "deep"
                      *.wild 300 A 192.0.2.99
                      *.wild 300 MX 5 mail.wild
                      *.cwild 60 CNAME www
                      stop.wild 300 TXT "x"
                      *.nswild 300 NS ns1
                      tochild 60 CNAME no.such.child.example.com.
                      tocut 60 CNAME x.sub
                      todschild 60 CNAME child.example.com.
                      sub 300 NS ns.sub
                      sub 300 NS ns1
                      sub 300 DS 1 13 2 000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F
                      ns.sub 300 A 192.0.2.53
                      occluded.sub 300 TXT "hidden"
                      dn 300 DNAME target
                      host.target 300 A 192.0.2.77
                      below.dn 300 TXT "hidden"
                      """)
                  .build(),
              Answering.zone(
                      "child.example.com.",
                      """
                      @ 300 SOA ns1 hostmaster 1 2 3 4 5
                      @ 300 NS ns1
                      ns1 300 A 192.0.2.2
                      """)
                  .build()));

  @Test
  @Rfc(number = 1034, sections = "4.3.2")
  void answersWithTheRRsetAlone() {
    assertThat(server.dig("www.example.com.", "A"))
        .containsExactly("NOERROR aa", "answer: www.example.com. 300 A 192.0.2.80");
  }

  @Test
  @Rfc(number = 4343, sections = "4.1")
  void echoesTheCaseOfTheQuestion() {
    Message response = server.ask("wWw.eXample.com.", "A");
    assertThat(response.getQuestion().getName()).hasToString("wWw.eXample.com.");
    assertThat(response.getSection(Section.ANSWER).getFirst().getName())
        .hasToString("wWw.eXample.com.");
  }

  @Test
  @Rfc(number = 1035, sections = "4.1.4")
  void compressesNamesInRdataAgainstTheQuestion() {
    assertThat(server.dig("example.com.", "MX"))
        .containsExactly("NOERROR aa", "answer: example.com. 600 MX 10 mail.example.com.");
    byte[] raw = server.raw(Answering.query("example.com.", "MX").toWire(), false);
    // header 12, question 17, owner 2, fixed 10, preference 2, "mail" 5, pointer 2
    assertThat(raw).hasSize(50);
  }

  @Test
  @Rfc(
      number = 2308,
      sections = {"2.1", "2.2", "3"})
  void negativeAnswersCarryTheSoaWithTheNegativeTtl() {
    assertThat(server.dig("www.example.com.", "TXT")).containsExactly("NOERROR aa", SOA_LINE);
    assertThat(server.dig("a.long.way.down.nothing.example.com.", "A"))
        .containsExactly("NXDOMAIN aa", SOA_LINE);
  }

  @Test
  @Rfc(number = 8020, sections = "2")
  void emptyNonTerminalsExist() {
    assertThat(server.dig("ent.example.com.", "A")).containsExactly("NOERROR aa", SOA_LINE);
    assertThat(server.dig("b.ent.example.com.", "TXT")).containsExactly("NOERROR aa", SOA_LINE);
    assertThat(server.dig("c.ent.example.com.", "TXT")).containsExactly("NXDOMAIN aa", SOA_LINE);
  }

  @Test
  @Rfc(number = 4592, sections = "3.3.1")
  @Rfc(number = 1034, sections = "4.3.2")
  void wildcardsAnswerUnderTheNameAsked() {
    assertThat(server.dig("any.thing.wild.example.com.", "A"))
        .containsExactly("NOERROR aa", "answer: any.thing.wild.example.com. 300 A 192.0.2.99");
    assertThat(server.dig("any.thing.wild.example.com.", "MX"))
        .containsExactly(
            "NOERROR aa", "answer: any.thing.wild.example.com. 300 MX 5 mail.wild.example.com.");
    assertThat(server.dig("x.wild.example.com.", "TXT")).containsExactly("NOERROR aa", SOA_LINE);
  }

  @Test
  @Rfc(number = 4592, sections = "3.3.1")
  void wildcardsStopAtNamesThatExist() {
    assertThat(server.dig("stop.wild.example.com.", "A")).containsExactly("NOERROR aa", SOA_LINE);
    assertThat(server.dig("x.stop.wild.example.com.", "A"))
        .containsExactly("NXDOMAIN aa", SOA_LINE);
    assertThat(server.dig("wild.example.com.", "A")).containsExactly("NOERROR aa", SOA_LINE);
  }

  @Test
  @Rfc(
      number = 1034,
      sections = {"4.3.2", "3.6.2"})
  void cnameChainsAreFollowed() {
    assertThat(server.dig("chain.example.com.", "A"))
        .containsExactly(
            "NOERROR aa",
            "answer: chain.example.com. 60 CNAME alias.example.com.",
            "answer: alias.example.com. 60 CNAME www.example.com.",
            "answer: www.example.com. 300 A 192.0.2.80");
    assertThat(server.dig("chain.example.com.", "CNAME"))
        .containsExactly("NOERROR aa", "answer: chain.example.com. 60 CNAME alias.example.com.");
    assertThat(server.dig("x.cwild.example.com.", "A"))
        .containsExactly(
            "NOERROR aa",
            "answer: x.cwild.example.com. 60 CNAME www.example.com.",
            "answer: www.example.com. 300 A 192.0.2.80");
  }

  @Test
  @Rfc(number = 6604, sections = "2.1")
  void cnameChainsEndWhereTheTargetDoes() {
    assertThat(server.dig("away.example.com.", "A"))
        .containsExactly("NOERROR aa", "answer: away.example.com. 60 CNAME www.example.org.");
    assertThat(server.dig("gone.example.com.", "A"))
        .containsExactly(
            "NXDOMAIN aa", "answer: gone.example.com. 60 CNAME nothing.example.com.", SOA_LINE);
    assertThat(server.dig("alias.example.com.", "TXT"))
        .containsExactly(
            "NOERROR aa", "answer: alias.example.com. 60 CNAME www.example.com.", SOA_LINE);
  }

  @Test
  void cnameLoopsEndAfterOneRound() {
    assertThat(server.dig("loop1.example.com.", "A"))
        .containsExactly(
            "NOERROR aa",
            "answer: loop1.example.com. 60 CNAME loop2.example.com.",
            "answer: loop2.example.com. 60 CNAME loop1.example.com.");
  }

  @Test
  @Rfc(number = 9471, sections = "3.1")
  @Rfc(number = 1034, sections = "4.3.2")
  void referralsCarryInDomainGlueFirst() {
    assertThat(server.dig("x.y.sub.example.com.", "A"))
        .containsExactly(
            "NOERROR",
            "authority: sub.example.com. 300 NS ns.sub.example.com.",
            "authority: sub.example.com. 300 NS ns1.example.com.",
            "additional: ns.sub.example.com. 300 A 192.0.2.53",
            "additional: ns1.example.com. 3600 A 192.0.2.1");
    assertThat(server.dig("occluded.sub.example.com.", "TXT").getFirst()).isEqualTo("NOERROR");
    assertThat(server.dig("ns.sub.example.com.", "A").getFirst()).isEqualTo("NOERROR");
    assertThat(server.dig("sub.example.com.", "NS").getFirst()).isEqualTo("NOERROR");
  }

  @Test
  @Rfc(number = 4035, sections = "3.1.4.1")
  void theParentSideOfACutAnswersForDs() {
    assertThat(server.dig("sub.example.com.", "DS"))
        .containsExactly(
            "NOERROR aa",
            "answer: sub.example.com. 300 DS 1 13 2"
                + " 000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F");
    // the child zone is served here too, yet DS is the parent's
    assertThat(server.dig("child.example.com.", "DS")).containsExactly("NXDOMAIN aa", SOA_LINE);
    assertThat(server.dig("ns1.child.example.com.", "A").getFirst()).isEqualTo("NOERROR aa");
  }

  @Test
  @Rfc(
      number = 6672,
      sections = {"3.1", "3.2"})
  void dnameSubstitutesAndMakesACname() {
    assertThat(server.dig("host.dn.example.com.", "A"))
        .containsExactly(
            "NOERROR aa",
            "answer: dn.example.com. 300 DNAME target.example.com.",
            "answer: host.dn.example.com. 300 CNAME host.target.example.com.",
            "answer: host.target.example.com. 300 A 192.0.2.77");
    assertThat(server.dig("dn.example.com.", "A")).containsExactly("NOERROR aa", SOA_LINE);
    assertThat(server.dig("below.dn.example.com.", "TXT").getFirst()).isEqualTo("NXDOMAIN aa");
  }

  @Test
  @Rfc(number = 6672, sections = "2.2")
  void dnameThatMakesANameTooLongIsYxdomain() {
    String label = "a".repeat(60) + ".";
    assertThat(server.dig(label + label + label + "b".repeat(55) + ".dn.example.com.", "A"))
        .containsExactly("YXDOMAIN aa", "answer: dn.example.com. 300 DNAME target.example.com.");
  }

  @Test
  void anyAtAnAliasIsTheAlias() {
    assertThat(server.dig("chain.example.com.", "ANY"))
        .containsExactly("NOERROR aa", "answer: chain.example.com. 60 CNAME alias.example.com.");
  }

  @Test
  @Rfc(
      number = 4592,
      sections = {"2.1.1", "3.3.1"})
  void theWildcardItselfIsAName() {
    assertThat(server.dig("*.wild.example.com.", "A"))
        .containsExactly("NOERROR aa", "answer: *.wild.example.com. 300 A 192.0.2.99");
    assertThat(server.dig("x.*.wild.example.com.", "A")).containsExactly("NXDOMAIN aa", SOA_LINE);
  }

  @Test
  @Rfc(number = 4592, sections = "4.2")
  void nameServersOfAWildcardDelegateNothing() {
    assertThat(server.dig("x.nswild.example.com.", "NS"))
        .containsExactly(
            "NOERROR aa",
            "answer: x.nswild.example.com. 300 NS ns1.example.com.",
            "additional: ns1.example.com. 3600 A 192.0.2.1");
    assertThat(server.dig("x.nswild.example.com.", "A")).containsExactly("NOERROR aa", SOA_LINE);
  }

  @Test
  @Rfc(number = 4592, sections = "4.4")
  void aDnameOfAWildcardRedirectsNothing() {
    String zone = "@ 300 SOA ns1 hostmaster 1 2 3 4 5\n*.w 300 DNAME target\n";
    var wild = new Answering(List.of(Answering.zone("example.com.", zone).build()));
    assertThat(wild.dig("x.w.example.com.", "DNAME"))
        .containsExactly("NOERROR aa", "answer: x.w.example.com. 300 DNAME target.example.com.");
    for (String name : List.of("x.w.example.com.", "y.x.w.example.com.")) {
      assertThat(wild.dig(name, "A"))
          .containsExactly(
              "NOERROR aa",
              "authority: example.com. 5 SOA ns1.example.com. hostmaster.example.com. 1 2 3 4 5");
    }
  }

  @Test
  @Rfc(number = 6604, sections = "2.1")
  void theSoaIsThatOfTheZoneWhereAChainEnds() {
    assertThat(server.dig("tochild.example.com.", "A"))
        .containsExactly(
            "NXDOMAIN aa",
            "answer: tochild.example.com. 60 CNAME no.such.child.example.com.",
            "authority: child.example.com. 5 SOA ns1.child.example.com."
                + " hostmaster.child.example.com. 1 2 3 4 5");
  }

  @Test
  @Rfc(number = 1035, sections = "4.1.1")
  void aChainIntoADelegationIsAuthoritativeForTheNameAsked() {
    assertThat(server.dig("tocut.example.com.", "A"))
        .startsWith(
            "NOERROR aa",
            "answer: tocut.example.com. 60 CNAME x.sub.example.com.",
            "authority: sub.example.com. 300 NS ns.sub.example.com.");
  }

  @Test
  @Rfc(number = 4035, sections = "3.1.4.1")
  void behindAnAliasTooTheParentAnswersForDs() {
    assertThat(server.dig("todschild.example.com.", "DS"))
        .containsExactly(
            "NXDOMAIN aa", "answer: todschild.example.com. 60 CNAME child.example.com.", SOA_LINE);
  }

  @Test
  @Rfc(number = 8482, sections = "4.1")
  @Check("S11")
  void anyGetsOneRRset() {
    assertThat(server.dig("mail.example.com.", "ANY"))
        .containsExactly("NOERROR aa", "answer: mail.example.com. 300 A 192.0.2.25");
  }

  @Test
  @Rfc(number = 8914, sections = "4.21")
  void namesElsewhereAreRefusedWithTheReason() {
    byte[] query = Answering.query("www.example.org.", "A", "192.0.2.0/24").toWire();
    Message response = Answering.parse(server.raw(query, true));
    assertThat(Answering.digest(response)).containsExactly("REFUSED");
    assertThat(response.getOPT().getOptions(15)).hasSize(1);
    assertThat(response.getOPT().getOptions(15).getFirst().toString())
        .contains("NOT_AUTHORITATIVE");
    assertThat(server.dig("com.", "A")).containsExactly("REFUSED");
    assertThat(server.dig(".", "NS")).containsExactly("REFUSED");
    assertThat(server.dig("example.com.", "IXFR")).containsExactly("REFUSED");
  }
}
