package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.rr.RRset;
import dev.meridian.testkit.Check;
import dev.meridian.testkit.Rfc;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.ZoneBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Master files mean what RFC 1035 §5, RFC 2308 §4, RFC 3597 §5 and BIND say they mean. */
class MasterFileReaderTest {
  private static final String HEAD =
      """
      $TTL 3600
      @ SOA ns1 h 1 2 3 4 5
      @ NS ns.example.net.
      """;

  @TempDir private Path folder;

  private LoadedZone zone(String text) {
    return new ZoneFolder(folder).write("example.com.zone", HEAD + text).zone();
  }

  private static String hex(String octets) {
    return octets.replace(" ", "");
  }

  @Test
  @Rfc(number = 1035, sections = "5.1")
  @Rfc(number = 2308, sections = "4")
  void ttlAndClassStandInEitherOrderOrNotAtAll() {
    LoadedZone zone =
        zone("a 60 IN A 192.0.2.1\nb IN 60 A 192.0.2.1\nc 60 A 192.0.2.1\nd CLASS1 A 192.0.2.1\n");

    assertThat(ZoneFolder.records(zone, "a", "A")).isEqualTo("60 c0000201");
    assertThat(ZoneFolder.records(zone, "b", "A")).isEqualTo("60 c0000201");
    assertThat(ZoneFolder.records(zone, "c", "A")).isEqualTo("60 c0000201");
    assertThat(ZoneFolder.records(zone, "d", "A")).isEqualTo("3600 c0000201");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1h30m, 5400", "1W, 604800", "2d, 172800", "2147483647, 2147483647"})
  @Rfc(number = 2181, sections = "8")
  void ttlsHaveUnits(String written, long seconds) {
    assertThat(ZoneFolder.records(zone("a " + written + " A 192.0.2.1\n"), "a", "A"))
        .isEqualTo(seconds + " c0000201");
  }

  @Test
  @Rfc(number = 1035, sections = "5.1")
  void withoutDollarTtlTheLastWrittenOneStands() {
    LoadedZone zone =
        new ZoneFolder(folder)
            .write(
                "example.com.zone",
                "@ 77 SOA ns1 h 1 2 3 4 5\n@ NS ns.example.net.\n@ 99 A 192.0.2.1\na A 192.0.2.1\n")
            .zone();

    assertThat(ZoneFolder.records(zone, "@", "NS")).startsWith("77 ");
    assertThat(ZoneFolder.records(zone, "a", "A")).startsWith("99 ");
  }

  @Test
  @Rfc(number = 1035, sections = "5.1")
  void whiteSpaceTakesTheOwnerBeforeAndAtIsTheOrigin() {
    LoadedZone zone =
        zone(
            "a A 192.0.2.1\n\n ; a comment\n\tA 192.0.2.2\n$ORIGIN sub\n@ A 192.0.2.3\nb A 192.0.2.4\n");

    assertThat(ZoneFolder.records(zone, "a", "A")).isEqualTo("3600 c0000201 c0000202");
    assertThat(ZoneFolder.records(zone, "sub", "A")).isEqualTo("3600 c0000203");
    assertThat(ZoneFolder.records(zone, "b.sub", "A")).isEqualTo("3600 c0000204");
  }

  @Test
  @Rfc(number = 1035, sections = "5.1")
  void parenthesesJoinLinesAndQuotesKeepWhatIsInThem() {
    LoadedZone zone =
        zone("a TXT ( \"(;)\" ; comment\n  plain\n\"é\" \"tab\there\" ) ; end\nb MX (10\n)mail\n");

    assertThat(ZoneFolder.records(zone, "a", "TXT"))
        .isEqualTo("3600 " + hex("03 283b29 05 706c61696e 02 c3a9 08 7461620968657265"));
    assertThat(ZoneFolder.records(zone, "b", "MX"))
        .isEqualTo("3600 " + hex("000a 04 6d61696c 07 6578616d706c65 03 636f6d 00"));
  }

  @Test
  @Rfc(number = 1035, sections = "5.1")
  void escapesAreOctets() {
    LoadedZone zone = zone("a\\.b A 192.0.2.1\nx\\032y A 192.0.2.2\nt TXT \\\"\\065\\;\n");

    assertThat(ZoneFolder.records(zone, "a\\.b", "A")).isEqualTo("3600 c0000201");
    assertThat(ZoneFolder.records(zone, "x\\032y", "A")).isEqualTo("3600 c0000202");
    assertThat(ZoneFolder.records(zone, "t", "TXT")).isEqualTo("3600 0322413b");
  }

  @Test
  @Rfc(number = 3597, sections = "5")
  void anyTypeCanBeWrittenInTheGenericForm() {
    LoadedZone zone =
        zone(
            """
            a TYPE1 192.0.2.1
            b A \\# 4 C0 00 0201
            c TYPE65400 \\# 0
            d CSYNC \\# 6 000000420000
            e TYPE65 \\# 3 000100
            """);

    assertThat(ZoneFolder.records(zone, "a", "A")).isEqualTo("3600 c0000201");
    assertThat(ZoneFolder.records(zone, "b", "A")).isEqualTo("3600 c0000201");
    assertThat(ZoneFolder.records(zone, "c", "TYPE65400")).isEqualTo("3600 ");
    assertThat(ZoneFolder.records(zone, "e", "HTTPS")).isEqualTo("3600 000100");
  }

  @Test
  void namesKeepTheCaseTheyWereWrittenIn() {
    assertThat(ZoneFolder.records(zone("a CNAME WwW\n"), "a", "CNAME"))
        .isEqualTo("3600 " + hex("03 577757 07 6578616d706c65 03 636f6d 00"));
  }

  @ParameterizedTest
  @CsvSource({
    "a$,                 a7",
    "a${0}b,             a7b",
    "a${-3},             a4",
    "'a${0,3}',          a007",
    "'a${9,3,x}',        a010",
    "'a${250,4,X}',      a0101",
    "'a${1,2,o}',        a10",
    "'${249,3,n}',       0.0.1",
    "'${0,3,N}',         7.0",
    "a$$,                a\\$",
    "a\\$,               a\\$",
  })
  void generateSubstitutesTheNumber(String owner, String name) {
    assertThat(ZoneFolder.records(zone("$GENERATE 7-7 " + owner + " A 192.0.2.$\n"), name, "A"))
        .isEqualTo("3600 c0000207");
  }

  @Test
  void generateCountsInStepsAndTakesTtlAndClass() {
    LoadedZone zone = zone("$GENERATE 0-10/5 h$ 60 IN TXT \"number $\" ${100}\n");

    assertThat(((ZoneBuilder) zone.records()).recordCount()).isEqualTo(5);
    assertThat(ZoneFolder.records(zone, "h5", "TXT"))
        .isEqualTo("60 " + hex("08 6e756d6265722035 03 313035"));
  }

  /**
   * RDATA of every type that dnsjava can write as text, held against dnsjava's own octets; and the
   * generic form of them gives the same again.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "A 192.0.2.1",
        "NS a.b.",
        "CNAME a",
        "SOA a b 1 2h 3 4 4294967295",
        "PTR a.b",
        "HINFO \"PC-Intel-700mhz\" \"Redhat Linux 7.1\"",
        "MX 65535 .",
        "TXT \"a b\" c \"\" \"\\000\\255\\\"\"",
        "RP a b",
        "AFSDB 1 a",
        "X25 311061700956",
        "ISDN 150862028003217 004",
        "RT 10 a",
        "PX 10 a b",
        "GPOS -32.6882 116.8652 10.0",
        "AAAA 2001:db8::1",
        "AAAA ::ffff:192.0.2.1",
        "LOC 42 21 54 N 71 06 18 W -24m 30m 10000m 10m",
        "SRV 0 5 5060 sip.example.com.",
        "NAPTR 100 50 \"s\" \"z3950+I2L+I2C\" \"\" _z3950._tcp.gatech.edu.",
        "KX 10 a",
        "CERT PGP 0 0 AQID",
        "DNAME a.",
        "APL 1:192.0.2.0/24 !2:2001:db8::/32",
        "DS 60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118",
        "SSHFP 4 2 123456789abcdef67890123456789abcdef67890123456789abcdef123456789",
        "IPSECKEY 10 1 2 192.0.2.38 AQNRU3mG7TVTO2BkR47usntb102uFJtugbo6BSGvgqt4AQ==",
        "NSEC a A MX RRSIG NSEC TYPE1234",
        "DNSKEY 256 3 8 AwEAAcw5QLr0IjC0wKbGoBPQv4qmeqHy9mvL5qGQTuaG5TSrNqEAR6b/qvxDx6my",
        "NSEC3PARAM 1 0 0 -",
        "TLSA 3 1 1 d2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971",
        "SMIMEA 3 1 1 d2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971",
        "CDS 0 0 0 00",
        "CDNSKEY 0 3 0 AA==",
        "OPENPGPKEY AQID",
        "ZONEMD 2018031900 1 1 c68090d90a7aed716bc459f9340e3d7c1370d4d24b7e2fc3a1ddc0b9a87153b9a9713b3c9ae5cc27777f98b8e730044c",
        "SVCB 16 a alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1",
        "HTTPS 1 . alpn=\"h2,h3\" port=8443 ipv6hint=2001:db8::1 key667=\"hello\\210qoo\"",
        "HTTPS 0 a.b.",
        "SPF \"v=spf1 -all\"",
        "URI 10 1 \"ftp://ftp1.example.com/public\"",
        "CAA 128 issue \"letsencrypt.org; validationmethods=dns-01\"",
      })
  @Check("S35")
  void rdataIsWhatTheLibrarySaysInBothForms(String text) throws IOException {
    String type = text.substring(0, text.indexOf(' '));
    Name origin = Name.fromString("example.com.");
    byte[] wire =
        Record.fromString(
                Name.root, Type.value(type), DClass.IN, 0, text.substring(type.length()), origin)
            .toWire(Section.ANSWER);
    String rdata = HexFormat.of().formatHex(wire, 11, wire.length);
    String generic = type + " \\# " + rdata.length() / 2 + " " + rdata;
    String owner = type.equals("SOA") ? "@" : "x";
    String head = type.equals("SOA") ? HEAD.replaceFirst("@ SOA.*\n", "") : HEAD;

    for (String form : new String[] {text, generic}) {
      LoadedZone zone =
          new ZoneFolder(folder).write("example.com.zone", head + owner + " " + form + "\n").zone();
      assertThat(ZoneFolder.records(zone, owner, type)).isEqualTo("3600 " + rdata);
    }
  }

  @Test
  void theExampleZonesHoldWhatAnotherReaderFindsInThem() throws IOException {
    for (LoadedZone zone : new ZoneFolder(Path.of("zones")).load().zones()) {
      Set<String> expected = new TreeSet<>();
      String file = "zones/" + zone.files().names().getFirst();
      try (Master master = new Master(file, Name.fromString(zone.apex().toString()), 3600)) {
        for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
          byte[] wire = record.toWire(Section.ANSWER);
          int rdataAt = record.getName().length() + 10;
          expected.add(
              record.getName()
                  + " "
                  + Type.string(record.getType())
                  + " "
                  + record.getTTL()
                  + " "
                  + HexFormat.of().formatHex(wire, rdataAt, wire.length));
        }
      }

      assertThat(recordsOf(zone)).isEqualTo(expected).isNotEmpty();
    }
  }

  private static Set<String> recordsOf(LoadedZone zone) {
    Set<String> records = new TreeSet<>();
    zone.records()
        .forEachOwner(
            (owner, types) -> {
              for (int type : types) {
                addAll(records, owner, Objects.requireNonNull(zone.records().find(owner, type)));
              }
            });
    return records;
  }

  private static void addAll(Set<String> records, DomainName owner, RRset rrset) {
    for (int i = 0; i < rrset.size(); i++) {
      records.add(
          owner
              + " "
              + Type.string(rrset.type())
              + " "
              + rrset.ttl()
              + " "
              + HexFormat.of().formatHex(rrset.rdata(i)));
    }
  }

  @Test
  void positionsLeadBackToTheLine() {
    LoadedZone zone = zone("\n\n  ; x\na A 192.0.2.1\n");
    long position = zone.records().positionOf(DomainName.parse("a.example.com."), 1);

    assertThat(zone.files().describe(position)).isEqualTo("example.com.zone:7");
    assertThat(zone.files().warning(position, "look").toString())
        .isEqualTo("example.com.zone:7:1: warning: look");
  }
}
