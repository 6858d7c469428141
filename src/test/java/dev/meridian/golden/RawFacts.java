package dev.meridian.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.wire.Rcode;
import java.util.Arrays;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;

/** What must be true of the octets of every response, whatever it says. */
final class RawFacts {
  private static final int HEADER = 12;

  private RawFacts() {}

  /** Checks a response that is not silence. */
  static void check(Query query, Transport transport, byte[] response) {
    if (!transport.tcp()) {
      assertThat(response.length).as("octets over UDP").isLessThanOrEqualTo(query.payload());
    }
    assertThat(short16(response, 0)).as("identifier").isEqualTo(0x4D52);
    assertThat(end(response)).as("where the last record ends").isEqualTo(response.length);
    if (short16(response, 4) == 0) {
      assertThat(response).as("a response without question is a header").hasSize(HEADER);
      assertThat(query.edns() ? response[3] & 0xF : Rcode.NOTIMP)
          .as("the RCODE of a response without EDNS to a query with it")
          .isEqualTo(Rcode.NOTIMP);
      return;
    }
    byte[] question = query.question();
    assertThat(Arrays.copyOfRange(response, HEADER, HEADER + question.length))
        .as("the question as it came, letter case included")
        .isEqualTo(question);
    Message message = Digest.parse(response);
    for (int section = Section.ANSWER; section <= Section.ADDITIONAL; section++) {
      assertThat(message.getSection(section)).doesNotHaveDuplicates();
    }
    if (!query.edns() && query.message().length == HEADER + question.length) {
      assertThat(message.getOPT()).as("EDNS for a client that did not ask for it").isNull();
    } else if (query.edns()) {
      assertThat(message.getOPT()).as("EDNS for a client that asked for it").isNotNull();
    }
  }

  /** Where the records end that the header counts. */
  private static int end(byte[] message) {
    int at = HEADER;
    for (int i = short16(message, 4); i > 0; i--) {
      at = behindName(message, at) + 4;
    }
    int records = short16(message, 6) + short16(message, 8) + short16(message, 10);
    for (int i = records; i > 0; i--) {
      int fixed = behindName(message, at);
      at = fixed + 10 + short16(message, fixed + 8);
    }
    return at;
  }

  private static int behindName(byte[] message, int from) {
    int at = from;
    while (message[at] > 0) {
      at += message[at] + 1;
    }
    return message[at] == 0 ? at + 1 : at + 2;
  }

  private static int short16(byte[] message, int at) {
    return ((message[at] & 0xFF) << 8) | (message[at + 1] & 0xFF);
  }
}
