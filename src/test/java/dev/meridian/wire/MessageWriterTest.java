package dev.meridian.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
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

  private static String randomName(Random random) {
    StringBuilder name = new StringBuilder();
    for (int label = random.nextInt(5); label > 0; label--) {
      char first = (char) ((random.nextBoolean() ? 'a' : 'A') + random.nextInt(4));
      name.append(first).append("x".repeat(random.nextInt(12))).append('.');
    }
    return name.append("example.com.").toString();
  }
}
