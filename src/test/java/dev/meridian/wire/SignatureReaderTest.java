package dev.meridian.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.testkit.Rfc;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is signed is told apart from what only looks like it, without a key. */
class SignatureReaderTest {
  private static final String QUESTION = "0161000001 0001";
  private static final String OPT = "00 0029 1000 00000000 0000";
  private static final String OPT_VERSION_1 = "00 0029 1000 00010000 0000";
  private static final String SIG_FIXED = "0000 0D 00 00000000 7FFFFFFF 00000000 0001";

  private final QueryReader reader = new QueryReader();

  private Verdict read(int authority, int additional, String records) {
    String header = "1234 0100 0001 0000 %04X %04X".formatted(authority, additional);
    byte[] message = HexFormat.of().parseHex((header + QUESTION + records).replaceAll("[ |]", ""));
    return reader.read(Arrays.copyOf(message, message.length + 8), message.length);
  }

  private static String tsig(String owner, String type, String rdata) {
    int length = rdata.replace(" ", "").length() / 2;
    return owner + "00FA" + type + "00000000" + "%04X".formatted(length) + rdata;
  }

  @ParameterizedTest
  @CsvSource({
    // algorithm, time, fudge, MAC, original ID, error, other data
    "00,     00FF, 016200 000065532A00 012C 0000           1234 0000 0000,        NOTAUTH",
    "016B00, 00FF, 016200 000065532A00 012C 0004 01020304  1234 0000 0000,        NOTAUTH",
    "016B00, 00FF, 016200 000065532A00 012C 0004 01020304  1234 0012 0002 AABB,   NOTAUTH",
    "016B00, 0001, 016200 000065532A00 012C 0004 01020304  1234 0000 0000,        FORMERR",
    "016B00, 00FF, '',                                                            FORMERR",
    "016B00, 00FF, 016200,                                                        FORMERR",
    "016B00, 00FF, 016200 000065532A00 012C 00,                                   FORMERR",
    "016B00, 00FF, 016200 000065532A00 012C 0004 010203,                          FORMERR",
    "016B00, 00FF, 016200 000065532A00 012C 0004 01020304  1234 0000 00,          FORMERR",
    "016B00, 00FF, 016200 000065532A00 012C 0004 01020304  1234 0000 0002 AA,     FORMERR",
    "016B00, 00FF, 016200 000065532A00 012C 0004 01020304  1234 0000 0000 AA,     FORMERR",
    "016B00, 00FF, 0162C00C 000065532A00 012C 0000         1234 0000 0000,        FORMERR",
  })
  @Rfc(number = 8945, sections = "4.2")
  void tsigHasItsForm(String owner, String type, String rdata, Verdict expected) {
    assertThat(read(0, 1, tsig(owner, type, rdata))).isEqualTo(expected);
    assertThat(reader.signature().isPresent()).isEqualTo(expected == Verdict.NOTAUTH);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, T,     NOTAUTH",
    "0, 2, O T,   NOTAUTH",
    "0, 2, T O,   FORMERR",
    "0, 2, T T,   FORMERR",
    "1, 0, T,     FORMERR",
    "1, 1, T O,   FORMERR",
    "0, 2, V T,   BADVERS", // what version 1 signs is not known
  })
  @Rfc(number = 8945, sections = "5.1")
  void tsigIsOneRecordAndTheLast(int authority, int additional, String records, Verdict expected) {
    String tsig = tsig("016B00", "00FF", "016200 000065532A00 012C 0000 1234 0000 0000");
    String all = records.replace("T", tsig).replace("O", OPT).replace("V", OPT_VERSION_1);
    assertThat(read(authority, additional, all)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"00, true", "016B00, true", "C00C, false", "016BC00C, false"})
  void aCompressedNameOfAKeyCannotGoBack(String owner, boolean repeatable) {
    String rdata = "016200 000065532A00 012C 0000 1234 0000 0000";
    assertThat(read(0, 1, tsig(owner, "00FF", rdata))).isEqualTo(Verdict.NOTAUTH);
    assertThat(reader.signature().isRepeatable()).isEqualTo(repeatable);
  }

  @ParameterizedTest
  @CsvSource({
    SIG_FIXED + " 00,                OK",
    SIG_FIXED + " 016B00 AABBCC,     OK",
    SIG_FIXED + " C00C AABBCC,       OK",
    SIG_FIXED + ",                   FORMERR",
    SIG_FIXED + " 026B00,            FORMERR",
    "'',                             FORMERR",
    "0101010101,                     FORMERR",
  })
  void aSignatureByPublicKeyIsPassedOverIfItIsOne(String rdata, Verdict expected) {
    int length = rdata.replace(" ", "").length() / 2;
    String record = "00 0018 00FF 00000000 " + "%04X".formatted(length) + rdata;
    assertThat(read(0, 1, record)).isEqualTo(expected);
  }

  @Test
  void thePartsOfTsigAreWhereItSays() {
    String rdata = "016200 000065532A00 012C 0004 01020304  1234 0000 0000";
    assertThat(read(0, 1, tsig("016B00", "00FF", rdata))).isEqualTo(Verdict.NOTAUTH);
    SignatureReader signature = reader.signature();
    int owner = 12 + QUESTION.replace(" ", "").length() / 2;
    assertThat(signature.at()).isEqualTo(owner);
    assertThat(signature.rdataAt()).isEqualTo(owner + 3 + 10);
    assertThat(signature.macSizeAt()).isEqualTo(signature.rdataAt() + 3 + 8);
    assertThat(signature.isRepeatable()).isTrue();
  }
}
