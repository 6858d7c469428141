package dev.meridian.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meridian.testkit.Rfc;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LookupNameTest {
  private final LookupName name = new LookupName();

  private static byte[] wire(String text) {
    return DomainName.parse(text).toWire();
  }

  @Test
  void foldsOnlyAsciiLetters() {
    for (int octet = 0; octet < 256; octet++) {
      byte expected = (byte) (octet >= 'A' && octet <= 'Z' ? octet + 32 : octet);
      assertThat(LookupName.lowerCase((byte) octet)).isEqualTo(expected);
      for (int place = 0; place < 64; place += 8) {
        long others = 0x5A41_7A61_405B_605BL & ~(0xFFL << place);
        long folded = LookupName.lowerCase(others | (long) octet << place);
        assertThat((byte) (folded >>> place)).isEqualTo(expected);
      }
    }
  }

  @Test
  void theHashOfASuffixIsTheHashOfThatName() {
    LookupName suffix = new LookupName();
    name.set(wire("a.Longer-Label-Than-Eight.b.EXAMPLE.com."), 0);
    assertThat(name.labelCount()).isEqualTo(5);
    for (String text :
        new String[] {
          "a.longer-label-than-eight.b.example.com.",
          "longer-label-than-eight.b.example.com.",
          "b.example.com.",
          "example.com.",
          "com.",
          "."
        }) {
      suffix.set(wire(text), 0);
      int label = name.labelCount() - suffix.labelCount();
      assertThat(name.suffixHash(label)).isEqualTo(suffix.suffixHash(0));
      assertThat(name.suffixLength(label)).isEqualTo(suffix.length());
      assertThat(name.suffixEquals(label, suffix.octets(), 0)).isTrue();
    }
  }

  @Test
  void aNameIsTakenInLowerCaseToo() {
    LookupName read = new LookupName();
    read.set(wire("www.EXAMPLE.com."), 0);
    name.set(DomainName.parse("WWW.example.COM."));
    assertThat(name.suffixHash(0)).isEqualTo(read.suffixHash(0));
    assertThat(name.suffixEquals(0, read.octets(), 0)).isTrue();
    name.set(DomainName.ROOT);
    assertThat(name.labelCount()).isZero();
  }

  @Test
  void differentNamesHashDifferently() {
    Random random = new Random(3);
    Map<Long, String> seen = new HashMap<>();
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int label = random.nextInt(3); label >= 0; label--) {
        text.append(Integer.toString(random.nextInt(1 << (1 + random.nextInt(30))), 36))
            .append('.');
      }
      name.set(wire(text.toString()), 0);
      String other = seen.put(name.suffixHash(0), text.toString());
      assertThat(other).isIn(null, text.toString());
    }
  }

  @Test
  @Rfc(number = 1035, sections = "3.1")
  void readsUpTo255OctetsAndNoMore() {
    String longest = "a.".repeat(127);
    assertThat(name.read(wire(longest), 0, 255)).isEqualTo(255);
    assertThat(name.labelCount()).isEqualTo(127);
    byte[] tooLong = new byte[300];
    for (int i = 0; i < 256; i += 2) {
      tooLong[i] = 1;
      tooLong[i + 1] = 'a';
    }
    assertThat(name.read(tooLong, 0, tooLong.length)).isEqualTo(-1);
  }

  @Test
  void aSuffixIsFoundAmongOtherNames() {
    name.set(wire("www.example.com."), 0);
    byte[] stored = ByteBuffer.allocate(64).put(wire("a.")).put(wire("example.com.")).array();
    assertThat(name.suffixEquals(1, stored, 3)).isTrue();
    assertThat(name.suffixEquals(0, stored, 3)).isFalse();
    assertThat(name.suffixEquals(1, stored, 0)).isFalse();
    assertThat(name.suffixEquals(1, stored, stored.length - 1)).isFalse();
  }

  @Test
  void aSuffixIsEqualToNothingElse() {
    name.set(wire("www.example.com."), 0);
    byte[] other = wire("example.org.");
    assertThat(name.suffixEquals(1, other, 0)).isFalse();
    assertThat(name.suffixEquals(0, other, 0)).isFalse();
    assertThat(name.suffixLength(name.labelCount())).isEqualTo(1);
    assertThat(new LookupName()).hasToString(".");
  }

  @Test
  void whatZonesKeepIsTakenToBeWellFormed() {
    assertThatThrownBy(() -> name.set(new byte[] {64}, 0)).isInstanceOf(AssertionError.class);
  }

  @Test
  void refusesWhatIsNoName() {
    assertThat(name.read(new byte[] {(byte) 0xC0, 12}, 0, 2)).isEqualTo(-1);
    assertThat(name.read(new byte[] {0x40, 0}, 0, 2)).isEqualTo(-1);
    assertThat(name.read(new byte[] {1, 'a'}, 0, 2)).isEqualTo(-1);
    assertThat(name.read(new byte[] {5, 'a', 0}, 0, 3)).isEqualTo(-1);
    assertThat(name.read(new byte[0], 0, 0)).isEqualTo(-1);
  }
}
