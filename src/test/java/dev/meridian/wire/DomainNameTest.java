package dev.meridian.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.testkit.Check;
import dev.meridian.testkit.Rfc;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainNameTest {
  private static DomainName name(String text) {
    return DomainName.parse(text);
  }

  @ParameterizedTest
  @CsvSource({
    ".,                      .",
    "example.com.,           example.com.",
    "example.com,            example.com.",
    "Example.COM,            Example.COM.",
    "a\\.b.example.,         a\\.b.example.",
    "\\097.example.,         a.example.",
    "\\000\\255.,            \\000\\255.",
    "\\;\\(\\)\\@\\$\\\\.,   \\;\\(\\)\\@\\$\\\\.",
    "\\\".,                  \\\".",
    "_sip._tcp.,             _sip._tcp.",
    "*.example.,             *.example.",
    "a b.,                   a\\032b.",
    "\u00E9.,                \\195\\169.",
  })
  void isReadAndWrittenAsMasterFilesHaveIt(String text, String expected) {
    assertThat(name(text)).hasToString(expected);
    assertThat(name(expected)).isEqualTo(name(text)).hasSameHashCodeAs(name(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "..",
        ".a",
        "a..b",
        "a\\",
        "a\\1",
        "a\\12",
        "a\\1x3",
        "a\\12x",
        "a\\256",
        "a\\999",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      })
  void whatIsNoNameIsRefusedWithASentence(String text) {
    assertThatThrownBy(() -> name(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(" ");
  }

  @Test
  void belongsToAnOriginUnlessItIsAbsolute() {
    DomainName origin = name("example.com.");
    assertThat(DomainName.parse("www", origin)).hasToString("www.example.com.");
    assertThat(DomainName.parse("www.", origin)).hasToString("www.");
    assertThat(DomainName.parse("@", origin)).isEqualTo(origin);
    assertThat(origin.child("a.b")).hasToString("a.b.example.com.");
    assertThat(origin.parent()).hasToString("com.");
    assertThat(DomainName.ROOT.parent()).isEqualTo(DomainName.ROOT);
    assertThat(origin.labelCount()).isEqualTo(2);
  }

  @Test
  @Check("S40")
  void has255OctetsAtMost() {
    String longest = "a.".repeat(127);
    assertThat(name(longest).length()).isEqualTo(255);
    assertThatThrownBy(() -> name("a." + longest)).hasMessageContaining("255");
    assertThatThrownBy(() -> name("a".repeat(300))).hasMessageContaining("255");
    assertThatThrownBy(() -> name("a" + longest)).hasMessageContaining("255");
    assertThatThrownBy(() -> DomainName.parse("b", name(longest))).hasMessageContaining("255");
    byte[] tooLong = new byte[300];
    for (int i = 0; i < 256; i += 2) {
      tooLong[i] = 1;
    }
    assertThatThrownBy(() -> DomainName.ofWire(tooLong, 0)).hasMessageContaining("255");
  }

  @Test
  void isTakenFromTheWireIfItIsWhole() {
    byte[] wire = {9, 1, 'a', 0, 7};
    assertThat(DomainName.ofWire(wire, 1)).hasToString("a.");
    assertThat(DomainName.ofWire(wire, 1).toWire()).containsExactly(1, 'a', 0);
    byte[] copy = new byte[4];
    assertThat(DomainName.ofWire(wire, 1).copyTo(copy, 1)).isEqualTo(4);
    assertThat(copy).containsExactly(0, 1, 'a', 0);
    assertThatThrownBy(() -> DomainName.ofWire(new byte[] {1, 'a'}, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DomainName.ofWire(new byte[] {64}, 0)).hasMessageContaining("64");
    assertThatThrownBy(() -> DomainName.ofWire(new byte[] {-64}, 0)).hasMessageContaining("192");
  }

  @Test
  void isBelowItsAncestorsOnly() {
    DomainName www = name("www.Example.com.");
    assertThat(www.isAtOrBelow(name("example.COM."))).isTrue();
    assertThat(www.isAtOrBelow(www)).isTrue();
    assertThat(www.isAtOrBelow(DomainName.ROOT)).isTrue();
    assertThat(www.isAtOrBelow(name("example.org."))).isFalse();
    assertThat(www.isAtOrBelow(name("a.www.example.com."))).isFalse();
    assertThat(name("notexample.com.").isAtOrBelow(name("example.com."))).isFalse();
  }

  @Test
  void isAWildcardOnlyIfItsFirstLabelIsAnAsterisk() {
    assertThat(name("*.example.").isWildcard()).isTrue();
    assertThat(name("a.example.").isWildcard()).isFalse();
    assertThat(name("**.example.").isWildcard()).isFalse();
  }

  @Test
  @Rfc(number = 4343, sections = "3")
  void isEqualWhateverTheCase() {
    assertThat(name("WWW.example.")).isEqualTo(name("www.EXAMPLE."));
    assertThat(name("www.example.")).isNotEqualTo(name("ww2.example."));
    assertThat(name("www.example.")).isNotEqualTo(name("w.example.")).isNotEqualTo("www.example.");
  }

  /** The example of RFC 4034 §6.1. */
  @Test
  @Rfc(number = 4034, sections = "6.1")
  void isOrderedFromTheRootDown() {
    List<DomainName> ordered = new ArrayList<>();
    for (String text :
        List.of(
            "example.",
            "a.example.",
            "yljkjljk.a.example.",
            "Z.a.example.",
            "zABC.a.EXAMPLE.",
            "z.example.",
            "\\001.z.example.",
            "*.z.example.",
            "\\200.z.example.")) {
      ordered.add(name(text));
    }
    List<DomainName> sorted = new ArrayList<>(ordered);
    Collections.shuffle(sorted, new Random(1));
    Collections.sort(sorted);
    assertThat(sorted).containsExactlyElementsOf(ordered);
    assertThat(name("A.example.")).isEqualByComparingTo(name("a.EXAMPLE."));
  }

  private static @Nullable DomainName plain(String text, DomainName origin) {
    byte[] octets = ("<" + text + ">").getBytes(StandardCharsets.ISO_8859_1);
    return DomainName.parsePlain(octets, 1, octets.length - 1, origin);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "a.", "www.example.com.", "www.Example", "_sip._tcp", "*", "*.a-b.c9.", "0"})
  void aPlainNameIsReadAsAnyOther(String text) {
    for (DomainName origin : List.of(DomainName.ROOT, name("example.org."))) {
      assertThat(plain(text, origin)).isEqualTo(DomainName.parse(text, origin));
      assertThat(plain(text, origin)).hasToString(DomainName.parse(text, origin).toString());
    }
  }

  @Test
  void onlyLettersDigitsHyphenUnderscoreAndAsteriskArePlain() {
    for (char octet = 0; octet < 256; octet++) {
      boolean expected = String.valueOf(octet).matches("[a-zA-Z0-9*_-]");
      assertThat(plain("a" + octet + "b.", DomainName.ROOT) != null)
          .as("octet %d", (int) octet)
          .isEqualTo(expected || octet == '.');
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", ".a", "a..b", "a..", "@", "a\\.b"})
  void whatIsNotPlainIsLeftToTheOtherReader(String text) {
    assertThat(plain(text, DomainName.ROOT)).isNull();
  }

  @Test
  void aPlainNameHasTheLimitsOfAnyOther() {
    String label = "a".repeat(63);
    assertThat(plain(label, DomainName.ROOT)).hasToString(label + ".");
    assertThat(plain(label + "a", DomainName.ROOT)).isNull();
    assertThat(plain(label + "a.b", DomainName.ROOT)).isNull();
    String longest = (label + ".").repeat(3) + "a".repeat(61);
    assertThat(plain(longest, DomainName.ROOT)).isEqualTo(name(longest));
    assertThat(plain(longest + "a", DomainName.ROOT)).isNull();
    assertThat(plain(longest, name("b."))).isNull();
  }
}
