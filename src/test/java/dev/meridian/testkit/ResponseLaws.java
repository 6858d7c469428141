package dev.meridian.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.wire.Header;
import dev.meridian.wire.Octets;
import dev.meridian.wire.Rcode;
import java.util.Arrays;
import java.util.HexFormat;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;

/** What holds for every response, whatever the packet that it answers. */
public final class ResponseLaws {
  private static final int MIN_PAYLOAD = 512;

  private ResponseLaws() {}

  /**
   * Throws an assertion error unless {@code response} may be said to {@code packet}.
   *
   * @param udpPayload the server's own limit; over TCP there is none
   * @param response empty for silence
   */
  public static void check(byte[] packet, boolean tcp, int udpPayload, byte[] response) {
    try {
      checkAll(packet, tcp, udpPayload, response);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "packet %s over %s: %s"
              .formatted(HexFormat.of().formatHex(packet), tcp ? "TCP" : "UDP", e.getMessage()),
          e);
    }
  }

  private static void checkAll(byte[] packet, boolean tcp, int udpPayload, byte[] response) {
    boolean unanswerable =
        packet.length < Header.LENGTH || (word(packet, Header.FLAGS_OFFSET) & Header.QR) != 0;
    assertThat(response.length == 0).as("silence").isEqualTo(unanswerable);
    if (unanswerable) {
      return;
    }
    int flags = word(response, Header.FLAGS_OFFSET);
    assertThat(word(response, Header.ID_OFFSET)).as("ID").isEqualTo(word(packet, 0));
    assertThat(flags & Header.QR).as("QR").isEqualTo(Header.QR);
    assertThat(flags & Header.OPCODE_MASK)
        .as("opcode")
        .isEqualTo(word(packet, Header.FLAGS_OFFSET) & Header.OPCODE_MASK);
    Message parsed = Answering.parse(response); // dnsjava throws at what is not well formed
    assertThat(parsed.numBytes())
        .as("octets that are part of the message")
        .isEqualTo(response.length);
    echoesTheQuestion(packet, response);
    staysInBounds(packet, tcp, udpPayload, response, parsed);
  }

  private static void echoesTheQuestion(byte[] packet, byte[] response) {
    if (word(response, Header.QDCOUNT_OFFSET) == 0) {
      return;
    }
    int end = Header.LENGTH;
    while (response[end] > 0) {
      end += response[end] + 1;
    }
    end += 5;
    assertThat(Arrays.copyOfRange(response, Header.LENGTH, end))
        .as("question, in the case it came in")
        .isEqualTo(Arrays.copyOfRange(packet, Header.LENGTH, end));
  }

  private static void staysInBounds(
      byte[] packet, boolean tcp, int udpPayload, byte[] response, Message parsed) {
    boolean bareError = parsed.getRcode() != Rcode.NOERROR && records(response) == 0;
    boolean foreignOpcode = (word(packet, Header.FLAGS_OFFSET) & Header.OPCODE_MASK) != 0;
    if (foreignOpcode) {
      assertThat(response).as("an opcode that is not known").hasSize(Header.LENGTH);
    }
    if (!tcp && bareError) {
      assertThat(response.length).as("octets of an error").isLessThanOrEqualTo(packet.length);
    }
    if (!tcp) {
      assertThat(response.length).as("octets").isLessThanOrEqualTo(udpPayload);
      OPTRecord opt = parsed.getOPT();
      if (opt == null) {
        assertThat(response.length).as("octets without EDNS").isLessThanOrEqualTo(MIN_PAYLOAD);
      }
    }
  }

  private static int records(byte[] response) {
    return word(response, Header.ANCOUNT_OFFSET) + word(response, Header.NSCOUNT_OFFSET);
  }

  private static int word(byte[] message, int at) {
    return Octets.getShort(message, at);
  }
}
