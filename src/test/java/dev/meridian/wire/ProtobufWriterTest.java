package dev.meridian.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The octets that the encoding of Protocol Buffers prescribes, by its documentation's examples. */
class ProtobufWriterTest {
  private final ProtobufWriter writer = new ProtobufWriter();

  private String written(Consumer<ProtobufWriter> what) {
    writer.clear();
    what.accept(writer);
    assertThat(writer.size()).isEqualTo(writer.toByteArray().length);
    return HexFormat.of().formatHex(writer.octets(), 0, writer.size());
  }

  @Test
  void numbersTakeSevenBitsAnOctetTheLowestFirst() {
    assertThat(written(to -> to.number(1, 0))).isEqualTo("0800");
    assertThat(written(to -> to.number(1, 127))).isEqualTo("087f");
    assertThat(written(to -> to.number(1, 128))).isEqualTo("088001");
    assertThat(written(to -> to.number(1, 150))).isEqualTo("089601");
    assertThat(written(to -> to.number(16, 1))).isEqualTo("800101");
    assertThat(written(to -> to.number(1, Long.MAX_VALUE))).isEqualTo("08ffffffffffffffff7f");
  }

  @Test
  void fixedNumbersAreLittleEndian() {
    assertThat(written(to -> to.fixed32(2, 0x01020304))).isEqualTo("1504030201");
    assertThat(written(to -> to.fixed64(2, 0x0102030405060708L))).isEqualTo("110807060504030201");
  }

  @Test
  void textsOctetsAndMessagesHaveTheirLengthBefore() {
    assertThat(written(to -> to.text(2, "testing"))).isEqualTo("120774657374696e67");
    assertThat(written(to -> to.text(2, "é"))).isEqualTo("1202c3a9");
    assertThat(written(to -> to.bytes(2, new byte[] {1, 2, 3}, 2))).isEqualTo("12020102");
    ProtobufWriter inner = new ProtobufWriter();
    inner.number(1, 150);
    assertThat(written(to -> to.message(3, inner))).isEqualTo("1a03089601");
  }

  @Test
  void growsByDoublingAndByWhatOneValueNeeds() {
    String little = written(to -> repeat(200, () -> to.number(1, 150)));
    assertThat(little).isEqualTo("089601".repeat(200));
    byte[] large = new byte[5000];
    assertThat(written(to -> to.bytes(1, large, large.length)))
        .isEqualTo("0a8827" + "00".repeat(5000));
  }

  private static void repeat(int times, Runnable what) {
    for (int i = 0; i < times; i++) {
      what.run();
    }
  }
}
