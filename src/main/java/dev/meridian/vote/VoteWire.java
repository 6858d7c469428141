package dev.meridian.vote;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.meridian.health.Observation.Outcome;
import dev.meridian.health.Votes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Votes as datagrams.
 *
 * <pre>
 * "MVOTES" | format, 2 octets | sender's epoch, 8 | receiver's epoch as the sender knows it, 8 |
 * sequence, 8 | name length, 1 | vantage, UTF-8 | count, 2 | count x (key, 8 | outcome, 1) |
 * HMAC-SHA256 of all before, 32
 * </pre>
 *
 * <p>For one thread.
 */
final class VoteWire {
  /** With the longest name it still fits into 1280 octets of IPv6. */
  static final int MAX_COUNT = 120;

  static final int MAX_OCTETS = 1232;

  /** UTF-8 octets. */
  static final int MAX_NAME = 64;

  private static final long MAGIC = 0x4D564F5445530001L;
  private static final int HMAC = 32;
  private static final Outcome[] OUTCOMES = Outcome.values();

  private final Mac mac;

  /**
   * One datagram's content.
   *
   * @param epoch drawn by the sender when it began
   * @param echo the receiver's epoch, as far as the sender has heard of it; else 0
   * @param sequence grows with every datagram of the epoch
   */
  record Message(long epoch, long echo, long sequence, Votes votes) {}

  VoteWire(byte[] key) {
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  byte[] write(Message message) {
    byte[] name = message.votes().vantage().getBytes(UTF_8);
    Map<Long, Outcome> byKey = message.votes().byKey();
    ByteBuffer out = ByteBuffer.allocate(MAX_OCTETS);
    out.putLong(MAGIC).putLong(message.epoch()).putLong(message.echo());
    out.putLong(message.sequence())
        .put((byte) name.length)
        .put(name)
        .putShort((short) byKey.size());
    byKey.forEach((key, outcome) -> out.putLong(key).put((byte) outcome.ordinal()));
    mac.update(out.array(), 0, out.position());
    out.put(mac.doFinal());
    byte[] octets = new byte[out.flip().remaining()];
    out.get(octets);
    return octets;
  }

  /** What a datagram says; empty if it is not of somebody who has the key. */
  Optional<Message> read(byte[] octets, int length) {
    if (length <= HMAC || length > MAX_OCTETS) {
      return Optional.empty();
    }
    mac.update(octets, 0, length - HMAC);
    byte[] claimed = new byte[HMAC];
    System.arraycopy(octets, length - HMAC, claimed, 0, HMAC);
    if (!MessageDigest.isEqual(mac.doFinal(), claimed)) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse(ByteBuffer.wrap(octets, 0, length - HMAC)));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return Optional.empty(); // of another format
    }
  }

  private static Message parse(ByteBuffer in) {
    if (in.getLong() != MAGIC) {
      throw new IllegalArgumentException("another format");
    }
    long epoch = in.getLong();
    long echo = in.getLong();
    long sequence = in.getLong();
    byte[] name = new byte[in.get() & 0xFF];
    in.get(name);
    Map<Long, Outcome> byKey = new HashMap<>();
    for (int count = in.getShort(); count > 0; count--) {
      long key = in.getLong();
      int outcome = in.get();
      if (outcome < 0 || outcome >= OUTCOMES.length) {
        throw new IllegalArgumentException("no such outcome");
      }
      byKey.put(key, OUTCOMES[outcome]);
    }
    return new Message(epoch, echo, sequence, new Votes(new String(name, UTF_8), byKey));
  }
}
