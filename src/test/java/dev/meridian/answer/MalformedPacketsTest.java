package dev.meridian.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.net.Prefix;
import dev.meridian.testkit.Answering;
import dev.meridian.wire.Header;
import dev.meridian.wire.Octets;
import dev.meridian.wire.Rcode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;

/**
 * Packets that no resolver sends. Whatever comes: no exception, no answer to an answer, nothing
 * back that is longer than what was malformed, every answer well formed, and the next good query
 * answered.
 *
 * <p>{@code -Dtest.seed} repeats a run, {@code -Dtest.packets} makes it longer.
 */
class MalformedPacketsTest {
  private static final long SEED = Long.getLong("test.seed", 71);
  private static final int PACKETS = Integer.getInteger("test.packets", 300_000);
  private static final int PACKETS_BETWEEN_CHECKS = 1000;
  private static final int UDP_PAYLOAD = 1232;
  private static final int QR_OCTET = 2;
  private static final int OPCODE_BITS = 0x78;
  private static final int OPT_CODES = 16;

  private final Random random = new Random(SEED);
  private final List<byte[]> good = new ArrayList<>();
  private final Answering server =
      new Answering(
          List.of(
              Answering.zone(
                      "example.com.",
                      """
                      @ 300 SOA ns1 hostmaster 1 2 3 4 5
                      @ 300 NS ns1
                      ns1 300 A 192.0.2.1
                      www 300 A 192.0.2.80
                      alias 60 CNAME www
                      dn 300 DNAME example.com.
                      *.wild 300 MX 5 www
                      sub 300 NS ns.sub
                      ns.sub 300 A 192.0.2.53
                      """)
                  .build()),
          new AnswerSettings(
              UDP_PAYLOAD,
              Optional.of(new ServerCookies(CookieSecrets.random(random), Clock.systemUTC())),
              new ServerIdentity(Optional.of("1"), Optional.of("id")),
              Optional.of(Duration.ofSeconds(10)),
              true));

  MalformedPacketsTest() {
    for (String name : List.of("www", "alias", "a.dn", "b.dn.dn.dn", "x.wild", "y.sub", "no.way")) {
      good.add(Answering.query(name + ".example.com.", "A").toWire());
      good.add(Answering.query(name + ".example.com.", "MX", "192.0.2.0/24").toWire());
      good.add(Answering.query(name + ".example.com.", "ANY", "2001:db8::/56").toWire());
      for (int code : List.of(3, 10, 11)) {
        byte[] data = new byte[code == 10 ? 24 : 0];
        good.add(Answering.queryWithOption(name + ".example.com.", "A", code, data).toWire());
      }
    }
  }

  @Test
  void nothingThatComesDoesHarm() {
    int[] rcodes = new int[16];
    for (int i = 0; i < PACKETS; i++) {
      byte[] packet = packet();
      boolean tcp = random.nextInt(4) == 0;
      byte[] response = server.raw(packet, tcp, client());
      check(packet, tcp, response);
      rcodes[response.length == 0 ? 15 : response[3] & 0xF]++;
      if (i % PACKETS_BETWEEN_CHECKS == 0) {
        answersAGoodQuery();
      }
    }
    // the packets get everywhere: answers, errors of every kind, and silence
    for (int rcode : List.of(0, Rcode.FORMERR, Rcode.NXDOMAIN, Rcode.NOTIMP, Rcode.REFUSED, 15)) {
      assertThat(rcodes[rcode]).as("packets with code %d, seed %d", rcode, SEED).isPositive();
    }
  }

  @Test
  void aQueryCutAnywhereIsMalformed() {
    for (byte[] query : good) {
      for (int length = 0; length < query.length; length++) {
        byte[] response = server.raw(Arrays.copyOf(query, length), false);
        if (length < Header.LENGTH) {
          assertThat(response).isEmpty();
        } else {
          assertThat(response).hasSize(Header.LENGTH);
          assertThat(response[3] & 0xF).isEqualTo(Rcode.FORMERR);
        }
      }
    }
  }

  private Prefix client() {
    return Prefix.parse(random.nextBoolean() ? "192.0.2.7/32" : "2001:db8::7/128");
  }

  private void answersAGoodQuery() {
    assertThat(server.dig("www.example.com.", "A"))
        .as("after a malformed packet, seed %d", SEED)
        .containsExactly(
            "NOERROR aa",
            "answer: www.example.com. 300 A 192.0.2.80",
            "authority: example.com. 300 NS ns1.example.com.");
  }

  private static void check(byte[] packet, boolean tcp, byte[] response) {
    if (response.length == 0) {
      assertThat(packet.length < Header.LENGTH || packet[QR_OCTET] < 0).isTrue();
      return;
    }
    assertThat(response.length).isBetween(Header.LENGTH, tcp ? 0xFFFF : UDP_PAYLOAD);
    assertThat(Octets.getShort(response, 0)).isEqualTo(Octets.getShort(packet, 0));
    assertThat(response[QR_OCTET]).isNegative();
    int rcode = response[3] & 0xF;
    boolean notUnderstood = rcode == Rcode.FORMERR || rcode == Rcode.NOTAUTH;
    if (notUnderstood) {
      assertThat(response.length).isLessThanOrEqualTo(packet.length);
    }
    if ((packet[QR_OCTET] & OPCODE_BITS) != 0) {
      assertThat(response).hasSize(Header.LENGTH);
    }
    Message parsed = Answering.parse(response); // dnsjava throws at what is not well formed
    assertThat(parsed.numBytes()).isEqualTo(response.length);
  }

  private byte[] packet() {
    byte[] packet = good.get(random.nextInt(good.size())).clone();
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      packet = change(packet);
    }
    return packet;
  }

  private byte[] change(byte[] packet) {
    if (packet.length <= Header.LENGTH) {
      return Arrays.copyOf(packet, random.nextInt(Header.LENGTH + 1));
    }
    return switch (random.nextInt(8)) {
      case 0 -> Arrays.copyOf(packet, random.nextInt(packet.length));
      case 1 -> Arrays.copyOf(packet, packet.length + 1 + random.nextInt(40));
      case 2 -> withCount(packet);
      case 3 -> withPointer(packet);
      case 4 -> withOption(packet);
      case 5 -> withManyQuestions(packet);
      default -> withOctets(packet);
    };
  }

  private byte[] withOctets(byte[] packet) {
    for (int i = random.nextInt(4); i >= 0; i--) {
      packet[random.nextInt(packet.length)] = (byte) random.nextInt();
    }
    return packet;
  }

  private byte[] withCount(byte[] packet) {
    int at = Header.QDCOUNT_OFFSET + 2 * random.nextInt(4);
    Octets.putShort(packet, at, random.nextBoolean() ? random.nextInt(4) : random.nextInt());
    return packet;
  }

  /** A pointer to anywhere, itself included: a loop for whoever follows. */
  private byte[] withPointer(byte[] packet) {
    int at = Header.LENGTH + random.nextInt(packet.length - Header.LENGTH);
    if (at + 1 < packet.length) {
      int target = random.nextBoolean() ? at : random.nextInt(packet.length);
      Octets.putShort(packet, at, 0xC000 | target);
    }
    return packet;
  }

  /** One more option at the end, with a length of its own mind; RDLENGTH may or may not know. */
  private byte[] withOption(byte[] packet) {
    int size = random.nextInt(48);
    byte[] longer = Arrays.copyOf(packet, packet.length + 4 + size);
    for (int i = packet.length; i < longer.length; i++) {
      longer[i] = (byte) random.nextInt(3);
    }
    Octets.putShort(longer, packet.length, random.nextInt(OPT_CODES));
    Octets.putShort(longer, packet.length + 2, random.nextInt(4) == 0 ? random.nextInt() : size);
    int lengthAt = rdataLengthAt(packet);
    if (lengthAt > 0 && random.nextInt(4) != 0) {
      Octets.putShort(longer, lengthAt, longer.length - lengthAt - 2);
    }
    return longer;
  }

  /** Where the RDLENGTH of an OPT record at the end of the packet stands; -1 if there is none. */
  private static int rdataLengthAt(byte[] packet) {
    for (int at = Header.LENGTH; at + 11 <= packet.length; at++) {
      if (packet[at] == 0
          && Octets.getShort(packet, at + 1) == 41
          && at + 11 + Octets.getShort(packet, at + 9) == packet.length) {
        return at + 9;
      }
    }
    return -1;
  }

  private byte[] withManyQuestions(byte[] packet) {
    int questions = 1 + random.nextInt(20);
    byte[] longer = Arrays.copyOf(packet, packet.length + questions * 6);
    for (int i = 0; i < questions; i++) {
      Octets.putShort(longer, packet.length + i * 6, 0xC000 | Header.LENGTH);
      Octets.putInt(longer, packet.length + i * 6 + 2, 0x00010001);
    }
    Octets.putShort(longer, Header.QDCOUNT_OFFSET, questions + 1);
    return longer;
  }
}
