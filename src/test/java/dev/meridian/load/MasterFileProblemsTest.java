package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.testkit.Rfc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a master file is said at its line and column, in a sentence. */
class MasterFileProblemsTest {
  /** Three lines; the text of a case begins on line 4. */
  private static final String HEAD =
      """
      $TTL 3600
      @ SOA ns1 h 1 2 3 4 5
      @ NS ns.example.net.
      """;

  @TempDir private Path folder;

  private static Arguments problem(String text, String... expected) {
    return Arguments.of(text, java.util.List.of(expected));
  }

  static Stream<Arguments> syntax() {
    return Stream.of(
        problem("a A", "4:3: A needs data behind it"),
        problem("a", "4:1: a record type is missing behind 'a'"),
        problem("a 60 IN", "4:6: a record type is missing behind 'IN'"),
        problem(
            "a B 1",
            "4:3: 'B' is not a record type; write TYPEnnn for one that has no name here (RFC 3597)"),
        problem(
            "a 60 60 A 192.0.2.1",
            "4:6: '60' is not a record type; only one TTL can stand before the type"),
        problem("a A 192.0.2", "4:5: '192.0.2' is not an IPv4 address"),
        problem("a A 192.0.2.256", "4:5: '192.0.2.256' is not an IPv4 address"),
        problem("a A 192.0.2.01", "4:5: '192.0.2.01' is not an IPv4 address"),
        problem("a A 192.0.2.1.", "4:5: '192.0.2.1.' is not an IPv4 address"),
        problem("a A 192.0.2.1 192.0.2.2", "4:15: '192.0.2.2' is too much: A takes 1 value"),
        problem("a AAAA 192.0.2.1", "4:8: '192.0.2.1' is not an IPv6 address"),
        problem("a AAAA 2001:db8::1::2", "4:8: '2001:db8::1::2' is not an IPv6 address"),
        problem("a MX mail", "4:6: MX takes 2 values"),
        problem("a MX 65536 mail", "4:6: the preference '65536' is not a number from 0 to 65535"),
        problem("a MX 10 ma..il", "4:9: name 'ma..il' has an empty label"),
        problem("a SRV 1 2 x y", "4:7: not well-formed SRV data: expected an integer"),
        problem(
            "a CSYNC 66 3 A NS",
            "4:9: CSYNC has no text form here; write its RDATA as \\# length hex (RFC 3597)"),
        problem("a A \\# 4 C00002", "4:8: \\# says '4' octets but 3 follow"),
        problem(
            "a A \\# 4 C00002ZZ", "4:10: the data behind \\# is not pairs of hexadecimal digits"),
        problem("a A \\# 5 C000020101", "4:5: the octets are not well-formed A data"),
        problem("a A \\#", "4:5: \\# takes a length and hexadecimal digits"),
        problem(
            "a 2147483648 A 192.0.2.1",
            "4:3: TTL '2147483648' is above the maximum of 2147483647 seconds (RFC 2181 §8)"),
        problem(
            "a 1x A 192.0.2.1", "4:3: '1x' is not a TTL; write seconds, or 30s, 5m, 1h, 1d, 1w"),
        problem("a CH A 192.0.2.1", "4:3: class 'CH'; only IN is served"),
        problem("a CLASS3 A 192.0.2.1", "4:3: class 'CLASS3'; only IN is served"),
        problem("a ANY \\# 0", "4:3: class 'ANY'; only IN is served"),
        problem("a IN ANY \\# 0", "4:6: ANY is for messages only, never for zone data"),
        problem("a OPT \\# 0", "4:3: OPT is for messages only, never for zone data"),
        problem("a TYPE250 \\# 0", "4:3: TSIG is for messages only, never for zone data"),
        problem(
            "a TYPE65536 \\# 0",
            "4:3: 'TYPE65536' is not a record type; write TYPEnnn for one that has no name here (RFC 3597)"),
        problem("a..b A 192.0.2.1", "4:1: name 'a..b' has an empty label"),
        problem("a\\999 A 192.0.2.1", "4:1: bad escape in name 'a\\999'"),
        problem("\"a\" A 192.0.2.1", "4:1: a name is written without quotes"),
        problem(
            "é A 192.0.2.1",
            "4:1: outside of quotes only ASCII may stand; write an internationalised name in its xn-- form, another octet as \\DDD"),
        problem(
            "a TXT \"ü\" é",
            "4:11: outside of quotes only ASCII may stand; write an internationalised name in its xn-- form, another octet as \\DDD"),
        problem("a TXT \"open", "4:7: the quote is not closed on its line"),
        problem("a A ) 192.0.2.1", "4:5: ')' without '('"),
        problem("a A ( 192.0.2.1", "4:5: '(' is never closed"),
        problem("a TXT x\\", "4:8: only a printable ASCII character can follow a backslash"),
        problem("a TXT \"\u0001\"", "4:8: control character; write it as \\DDD"),
        problem(
            "$FOO x", "4:1: '$FOO' is not known; there are $ORIGIN, $TTL, $INCLUDE and $GENERATE"),
        problem("$ORIGIN", "4:1: $ORIGIN takes one name"),
        problem("$ORIGIN a b", "4:11: $ORIGIN takes one name"),
        problem("$TTL", "4:1: $TTL takes one span of time, such as 3600 or 1h"),
        problem("$TTL soon", "4:6: 'soon' is not a TTL; write seconds, or 30s, 5m, 1h, 1d, 1w"),
        problem("$INCLUDE", "4:1: $INCLUDE takes a file name and, if need be, an origin"),
        problem("$GENERATE 1-2 a", "4:15: $GENERATE takes a range, an owner, a type and data"),
        problem(
            "$GENERATE 2-1 a A 192.0.2.1",
            "4:11: the range must run upwards, in steps of 1 or more"),
        problem(
            "$GENERATE 1-2/0 a$ A 192.0.2.1",
            "4:11: the range must run upwards, in steps of 1 or more"),
        problem("$GENERATE x a$ A 192.0.2.1", "4:11: 'x' is not a range such as 1-254 or 0-100/2"),
        problem(
            "$GENERATE 0-65536 a$ A 192.0.2.1",
            "4:11: $GENERATE makes at most 65536 records; split the range"),
        problem(
            "$GENERATE 0-1 a${0 A 192.0.2.1",
            "4:15: '${' begins something like ${offset}, ${offset,width} or ${offset,width,x}"),
        problem("$GENERATE 0-1 a${0,256} A 192.0.2.1", "4:15: the width is at most 255"),
        problem("$GENERATE 0-1 a${-1} A 192.0.2.1", "4:15: the number gets negative"),
        problem("$GENERATE 1-300 a$ A 192.0.2.$", "4:22: '192.0.2.256' is not an IPv4 address"));
  }

  static Stream<Arguments> semantics() {
    return Stream.of(
        problem(
            "a.example.net. A 192.0.2.1",
            "4:1: a.example.net. is outside of the zone example.com.; is a final dot missing or too much?"),
        problem("@ SOA ns1 h 2 2 3 4 5", "4:1: a second SOA; the first is at example.com.zone:2"),
        problem(
            "a SOA ns1 h 2 2 3 4 5",
            "4:1: SOA at a.example.com.: it belongs to the apex, example.com., and nowhere else"),
        problem("a CNAME b\na CNAME c", "4:1: a.example.com. has 2 CNAME records; one is allowed"),
        problem(
            "a CNAME b\na A 192.0.2.1",
            "4:1: a.example.com. has a CNAME and A (example.com.zone:5); a CNAME stands alone (RFC 2181 §10.1)"),
        problem(
            "a DNAME b\na CNAME c",
            "5:1: a.example.com. has a CNAME and DNAME (example.com.zone:4); a CNAME stands alone (RFC 2181 §10.1)"),
        problem("a DNAME b\na DNAME c", "4:1: a.example.com. has 2 DNAME records; one is allowed"),
        problem(
            "a 60 A 192.0.2.1\na 90 A 192.0.2.2",
            "5:1: warning: a.example.com. A has TTL 60 in an earlier record and 90 here; the whole RRset is served with 60 (RFC 2181 §5.2)"),
        problem(
            "a A 192.0.2.1\nA A 192.0.2.1",
            "5:1: warning: A.example.com. A is here twice; the second is left out"),
        problem(
            "a CNAME b\n@ MX 1 a",
            "5:1: warning: example.com. MX names a.example.com., which is a CNAME; name the host itself (RFC 2181 §10.3)"),
        problem(
            "a CNAME b\nc NS a",
            "5:1: warning: c.example.com. NS names a.example.com., which is a CNAME; name the host itself (RFC 2181 §10.3)"),
        problem(
            "c NS ns.c",
            "4:1: warning: c.example.com. NS names ns.c.example.com., which has no address in this zone; add glue for it"),
        problem(
            "c NS ns.example.org.\nx.c TXT hidden",
            "5:1: warning: x.c.example.com. is below the delegation or DNAME at c.example.com. and is never answered"),
        problem(
            "d DNAME example.org.\nx.d TXT hidden",
            "5:1: warning: x.d.example.com. is below the delegation or DNAME at d.example.com. and is never answered"),
        problem(" A 192.0.2.1"),
        problem("*.w A 192.0.2.1\nc NS ns.w"),
        problem("c NS ns.c\nns.c A 192.0.2.1"));
  }

  @ParameterizedTest
  @MethodSource({"syntax", "semantics"})
  @Rfc(
      number = 2181,
      sections = {"5.2", "8", "10.1", "10.3"})
  @Rfc(number = 6672, sections = "2.4")
  void everyMistakeIsReportedWhereItIs(String text, java.util.List<String> expected) {
    ZoneFolder zone = new ZoneFolder(folder).write("example.com.zone", HEAD + text + "\n");

    assertThat(zone.problems())
        .containsExactlyElementsOf(
            expected.stream().map(line -> "example.com.zone:" + line).toList());
  }

  static Stream<Arguments> wholeFiles() {
    return Stream.of(
        problem(
            "",
            "1:1: no SOA record for example.com.; every zone begins with one",
            "1:1: no NS record for example.com.; name the servers of the zone"),
        problem(
            "; nothing\n\n",
            "1:1: no SOA record for example.com.; every zone begins with one",
            "1:1: no NS record for example.com.; name the servers of the zone"),
        problem(
            " A 192.0.2.1\n",
            "1:2: no owner: the line begins with white space, and no record is before it"),
        problem(
            "@ SOA ns1 h 1 2 3 4 5\n@ NS ns.example.net.\n",
            "1:3: no TTL: put a line such as '$TTL 3600' at the top of the file"),
        problem("\0", "1:1: NUL octet: the file is binary, or was cut off while it was written"),
        problem(
            "$TTL 1\n@ A 192.0.2.1 \0\0\0",
            "2:15: NUL octet: the file is binary, or was cut off while it was written"),
        problem(
            "$TTL 1\r@ A 192.0.2.1\r",
            "1:7: carriage return without line feed; end lines with LF or CR LF"),
        problem(
            HEAD + "a A 192.0.2.1",
            "4:13: warning: the last line has no line end; was the file cut off while it was written?"),
        problem("\uFEFF" + HEAD),
        problem(HEAD.replace("\n", "\r\n") + "a A (\r\n 192.0.2.1 )\r\n"));
  }

  @ParameterizedTest
  @MethodSource("wholeFiles")
  @Rfc(number = 1035, sections = "5.2")
  void filesThatAreNoneAreRecognized(String text, java.util.List<String> expected) {
    ZoneFolder zone = new ZoneFolder(folder).write("example.com.zone", text);

    assertThat(zone.problems())
        .containsExactlyElementsOf(
            expected.stream().map(line -> "example.com.zone:" + line).toList());
  }

  @Test
  void utf16IsNamed() {
    ZoneFolder zone =
        new ZoneFolder(folder).write("example.com.zone", HEAD.getBytes(StandardCharsets.UTF_16));

    assertThat(zone.problems())
        .containsExactly(
            "example.com.zone:1:1: the file is UTF-16 text; save it as UTF-8 or ASCII");
  }

  @Test
  void allMistakesOfAFileAreReportedAtOnce() {
    ZoneFolder zone =
        new ZoneFolder(folder)
            .write(
                "example.com.zone", HEAD + "a A x\nb A y\n) c\nd TXT \"\ne B 1\nf A 192.0.2.1\n");

    assertThat(zone.problems()).hasSize(5);
  }

  @Test
  void quotesFromTheFileAreShortAndPrintable() {
    String word = "x".repeat(60_000);

    assertThat(
            new ZoneFolder(folder)
                .write("example.com.zone", HEAD + "a A " + word + "\n")
                .problems())
        .containsExactly("example.com.zone:4:5: '" + "x".repeat(40) + "…' is not an IPv4 address");
    assertThat(
            new ZoneFolder(folder)
                .write("example.com.zone", HEAD + word + " A 1.2.3.4\n")
                .problems())
        .singleElement()
        .satisfies(line -> assertThat(line).hasSizeLessThan(450));
  }
}
