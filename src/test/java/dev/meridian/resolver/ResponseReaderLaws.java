package dev.meridian.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.wire.DomainName;

/** What holds for whatever a resolver answers. */
public final class ResponseReaderLaws {
  private static final DomainName NAME = DomainName.parse("lb.example.net.");

  private ResponseReaderLaws() {}

  /**
   * Addresses of the right length and number with a TTL of RFC 2181 §8, or a reason; nothing else.
   */
  public static void check(byte[] message) {
    if (message.length >= ResponseReader.HEADER) {
      ResponseReader.isTruncated(message);
    }
    check(message, RRType.A, 4);
    check(message, RRType.AAAA, 16);
  }

  private static void check(byte[] message, int type, int octets) {
    try {
      RRset records = ResponseReader.read(message, NAME, type);
      assertThat(records.size()).isLessThanOrEqualTo(ResponseReader.MAX_ADDRESSES);
      assertThat(records.ttl()).isBetween(0L, (long) Integer.MAX_VALUE);
      for (int i = 0; i < records.size(); i++) {
        assertThat(records.rdata(i)).hasSize(octets);
      }
    } catch (ResponseReader.Malformed e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
