package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Rfc;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;
import org.xbill.DNS.Type;

/** A query that is signed with a key is told that the key is not known here. */
class SignedQueriesTest {
  private final Answering server = Answering.oneAddress(AnswerSettings.plain(1232));

  private static byte[] signed(String key, Message query) {
    TSIG tsig = new TSIG(TSIG.HMAC_SHA256, Name.fromConstantString(key), new byte[32]);
    tsig.apply(query, null);
    return query.toWire();
  }

  @Test
  @Rfc(number = 8945, sections = "5.2.1")
  void theirKeyIsNotKnown() {
    byte[] query = signed("Key.Example.", Answering.query("example.com.", "A"));
    TSIGRecord asked = Answering.parse(query).getTSIG();
    byte[] octets = server.raw(query, false);
    Message response = Answering.parse(octets);
    TSIGRecord tsig = response.getTSIG();
    assertThat(octets.length).isLessThanOrEqualTo(query.length);
    assertThat(response.getRcode()).isEqualTo(Rcode.NOTAUTH);
    assertThat(response.getSection(Section.ANSWER)).isEmpty();
    assertThat(tsig.getError()).isEqualTo(Rcode.BADKEY);
    assertThat(tsig.getSignature()).isEmpty();
    assertThat(tsig.getName()).hasToString("Key.Example.");
    assertThat(tsig.getAlgorithm()).isEqualTo(TSIG.HMAC_SHA256);
    assertThat(tsig.getTimeSigned()).isEqualTo(asked.getTimeSigned());
    assertThat(tsig.getOriginalID()).isEqualTo(asked.getOriginalID());
    assertThat(tsig.getDClass()).isEqualTo(DClass.ANY);
  }

  @Test
  void theSignatureStandsBehindOpt() {
    Message query = Answering.queryWithOption("example.com.", "A", 3, new byte[0]);
    Message response = Answering.parse(server.raw(signed("k.", query), true));
    assertThat(response.getSection(Section.ADDITIONAL))
        .extracting(record -> Type.string(record.getType()))
        .containsExactly("OPT", "TSIG");
    assertThat(response.getOPT().getOptions()).isEmpty();
  }

  @Test
  void whatFitsNoDatagramIsLeftOut() {
    String label = "l".repeat(60) + ".";
    String name = label.repeat(3) + "l".repeat(57) + ".example.com.";
    byte[] query = signed(label.repeat(4), Answering.query(name, "A"));
    Message overUdp = Answering.parse(server.raw(query, false));
    assertThat(overUdp.getRcode()).isEqualTo(Rcode.NOTAUTH);
    assertThat(overUdp.getTSIG()).isNull();
    assertThat(Answering.parse(server.raw(query, true)).getTSIG()).isNotNull();
  }
}
