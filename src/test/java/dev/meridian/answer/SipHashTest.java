package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SipHashTest {
  /** Key 00 01 .. 0F, message 00 01 .. of some length: the table that its authors publish. */
  @ParameterizedTest
  @CsvSource({
    "0,  726FDB47DD0E0E31",
    "1,  74F839C593DC67FD",
    "7,  AB0200F58B01D137",
    "8,  93F5F5799A932462",
    "15, A129CA6149BE45E5",
  })
  void agreesWithItsAuthors(int length, String hash) {
    byte[] message = new byte[32];
    for (int i = 0; i < message.length; i++) {
      message[i] = (byte) i;
    }
    assertThat(SipHash.hash(0x0706050403020100L, 0x0F0E0D0C0B0A0908L, message, length))
        .isEqualTo(Long.parseUnsignedLong(hash, 16));
  }
}
