package dev.meridian.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DNSInput;
import org.xbill.DNS.Name;

class MessageWriterTest {
  private final byte[] out = new byte[0x10010];
  private final MessageWriter writer = new MessageWriter();

  private static byte[] wire(String text) {
    return DomainName.parse(text).toWire();
  }

  /** Reads as dnsjava does, pointers followed. */
  private String readAt(int offset) throws Exception {
    DNSInput input = new DNSInput(out);
    input.jump(offset);
    return new Name(input).toString();
  }

  @Test
  void pointsToTheLongestSuffixWrittenBefore() {
    writer.beginTemplate(out, 12, 512);
    writer.name(wire("www.example.com."), 0);
    writer.name(wire("mail.Example.COM."), 0);
    writer.name(wire("www.example.com."), 0);
    writer.name(wire("com."), 0);
    writer.name(wire("."), 0);
    assertThat(writer.position()).isEqualTo(12 + 17 + 5 + 2 + 2 + 2 + 1);
    assertThat(writer.pointerCount()).isEqualTo(3);
  }

  @Test
  void knowsTheQuestion() {
    LookupName question = new LookupName();
    question.set(wire("a.example.com."), 0);
    System.arraycopy(question.octets(), 0, out, 12, question.length());
    writer.begin(out, 12 + question.length() + 4, 512);
    writer.knowQuestion(question, 0);
    writer.name(wire("a.example.com."), 0);
    assertThat(Octets.getShort(out, writer.position() - 2)).isEqualTo(0xC00C);
  }

  @Test
  void knowsANameThatWasCopiedAsItIs() {
    LookupName target = new LookupName();
    target.set(wire("new.example.com."), 0);
    writer.begin(out, 12, 512);
    int copied = writer.position();
    writer.copy(target.octets(), 0, target.length());
    writer.know(target, copied);
    int before = writer.position();
    writer.name(wire("host.new.example.com."), 0);
    assertThat(writer.position() - before).isEqualTo(5 + 2);
    assertThat(Octets.getShort(out, writer.position() - 2)).isEqualTo(0xC000 | copied);
  }

  @Test
  void whatDoesNotFitIsNotWrittenAndCanBeUndone() {
    writer.begin(out, 12, 40);
    writer.name(wire("www.example.com."), 0);
    int before = writer.position();
    writer.name(wire("another.example.org."), 0);
    assertThat(writer.overflowed()).isTrue();
    assertThat(writer.position()).isEqualTo(before);
    writer.rewind(before);
    writer.name(wire("example.com."), 0);
    assertThat(writer.overflowed()).isFalse();
  }

  @Test
  void namesThatWereRewoundAreNotPointedAt() throws Exception {
    writer.begin(out, 12, 512);
    int start = writer.position();
    writer.name(wire("one.example.com."), 0);
    writer.rewind(start);
    writer.name(wire("two.example.org."), 0);
    int second = writer.position();
    writer.name(wire("one.example.com."), 0);
    assertThat(readAt(second)).isEqualTo("one.example.com.");
  }

  @Test
  void readersFindTheNamesThatWereWritten() throws Exception {
    Random random = new Random(5);
    for (int message = 0; message < 300; message++) {
      writer.begin(out, 12, 0xFFFF);
      List<String> names = new ArrayList<>();
      List<Integer> offsets = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(2000); i++) {
        String name = randomName(random);
        offsets.add(writer.position());
        names.add(name);
        writer.name(wire(name), 0);
        writer.putInt(random.nextInt());
      }
      assertThat(writer.overflowed()).isFalse();
      for (int i = 0; i < names.size(); i++) {
        assertThat(readAt(offsets.get(i))).isEqualToIgnoringCase(names.get(i));
      }
    }
  }

  @Test
  void readersFindTheNamesThatWereWrittenAfterOthersWereUndone() throws Exception {
    Random random = new Random(6);
    for (int message = 0; message < 2000; message++) {
      writer.beginTemplate(out, 12, 0xFFFF);
      Deque<String> names = new ArrayDeque<>();
      Deque<Integer> offsets = new ArrayDeque<>();
      for (int i = 0; i < 200; i++) {
        for (int undo = random.nextInt(3); undo > 0 && !names.isEmpty(); undo--) {
          names.removeLast();
          writer.rewind(offsets.removeLast());
        }
        String name = randomName(random);
        offsets.add(writer.position());
        names.add(name);
        writer.name(wire(name), 0);
      }
      while (!names.isEmpty()) {
        assertThat(readAt(offsets.removeLast())).isEqualToIgnoringCase(names.removeLast());
      }
      for (int i = 0; i < writer.pointerCount(); i++) {
        assertThat(out[writer.pointerPosition(i)] & 0xC0).isEqualTo(0xC0);
      }
    }
  }

  @Test
  void nothingIsWrittenBehindTheLimit() {
    writer.begin(out, 12, 16);
    writer.copy(new byte[] {1, 2, 3}, 0, 3);
    writer.putShort(4);
    writer.copy(new byte[] {1}, 0, 1); // would fit, but after what did not nothing comes
    assertThat(writer.overflowed()).isTrue();
    assertThat(writer.position()).isEqualTo(15);
    writer.rewind(14);
    writer.putInt(5);
    assertThat(writer.overflowed()).isTrue();
    writer.rewind(14);
    writer.putShort(6);
    writer.patchShort(12, 7);
    assertThat(writer.overflowed()).isFalse();
    writer.copy(new byte[] {1}, 0, 1);
    writer.patchShort(12, 8);
    assertThat(Octets.getShort(out, 12)).isEqualTo(7);
    assertThat(Octets.getShort(out, 14)).isEqualTo(6);
  }

  @Test
  void whatOnlyBeginsLikeANameIsNotPointedAt() throws Exception {
    writer.begin(out, 12, 512);
    writer.name(wire("a.example.com."), 0);
    writer.rewind(12);
    writer.copy(new byte[] {1, 'a'}, 0, 2);
    writer.name(wire("a.example.com."), 0);
    assertThat(readAt(14)).isEqualTo("a.example.com.");
    assertThat(writer.position()).isEqualTo(14 + 15);
  }

  @Test
  void nothingBehindTheReachOfAPointerIsPointedAt() throws Exception {
    writer.begin(out, 0x3FFE, 0xFFFF);
    writer.name(wire("a.example."), 0);
    int second = writer.position();
    writer.name(wire("a.example."), 0);
    int third = writer.position();
    writer.name(wire("example."), 0);
    assertThat(third - second).isEqualTo(2);
    assertThat(writer.position() - third).isEqualTo(9);
    assertThat(readAt(second)).isEqualTo("a.example.");
  }

  @Test
  void aTemplateKnowsAllItsPointers() {
    writer.beginTemplate(out, 12, 0xFFFF);
    for (int i = 0; i < 200; i++) {
      writer.name(wire("example."), 0);
    }
    assertThat(writer.pointerCount()).isEqualTo(199);
    assertThat(writer.pointerPosition(198)).isEqualTo(writer.position() - 2);
  }

  @Test
  void responseCodesHaveTheirNames() {
    int[] codes = {0, Rcode.REFUSED, Rcode.NOTAUTH, Rcode.BADVERS, Rcode.BADCOOKIE, 11};
    assertThat(Arrays.stream(codes).mapToObj(Rcode::toText))
        .containsExactly("NOERROR", "REFUSED", "NOTAUTH", "BADVERS", "BADCOOKIE", "RCODE11");
  }

  @Test
  void numbersKeepTheirOrder() {
    Octets.putLong(out, 3, 0x0102_0304_0506_0708L);
    assertThat(Octets.getLong(out, 3)).isEqualTo(0x0102_0304_0506_0708L);
    assertThat(Octets.getInt(out, 3)).isEqualTo(0x0102_0304);
    assertThat(Octets.getShort(out, 3)).isEqualTo(0x0102);
  }

  @Test
  void extendedErrorsHaveTheirNumbers() {
    assertThat(ExtendedError.NOT_AUTHORITATIVE.infoCode()).isEqualTo(20);
    assertThat(ExtendedError.NOT_SUPPORTED.infoCode()).isEqualTo(21);
  }

  private static String randomName(Random random) {
    StringBuilder name = new StringBuilder();
    for (int label = random.nextInt(5); label > 0; label--) {
      char first = (char) ((random.nextBoolean() ? 'a' : 'A') + random.nextInt(4));
      name.append(first).append("x".repeat(random.nextInt(12))).append('.');
    }
    return name.append("example.com.").toString();
  }
}
