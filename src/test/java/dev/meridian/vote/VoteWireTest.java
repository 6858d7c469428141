package dev.meridian.vote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.Observation.Outcome;
import dev.meridian.health.Votes;
import dev.meridian.testkit.Check;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VoteWireTest {
  private static final byte[] KEY = "a key of at least thirty-two octets".getBytes(UTF_8);
  private static final VoteWire.Message MESSAGE =
      new VoteWire.Message(
          -1, 2, 3, new Votes("eu/fra-1", Map.of(42L, Outcome.PASS, -1L, Outcome.UNKNOWN)));

  private final VoteWire wire = new VoteWire(KEY);

  @Test
  void whatIsWrittenIsRead() {
    byte[] octets = wire.write(MESSAGE);
    assertThat(wire.read(octets, octets.length)).contains(MESSAGE);
  }

  @Test
  void theLargestFitsIntoOneDatagram() {
    Map<Long, Outcome> many = new HashMap<>();
    for (long key = 0; key < VoteWire.MAX_COUNT; key++) {
      many.put(key, Outcome.FAIL);
    }
    String name = "x".repeat(VoteWire.MAX_NAME);
    byte[] octets = wire.write(new VoteWire.Message(1, 2, 3, new Votes(name, many)));
    assertThat(octets).hasSizeLessThanOrEqualTo(VoteWire.MAX_OCTETS);
    assertThat(wire.read(octets, octets.length)).isPresent();
  }

  @Test
  void whateverIsChangedCutOrSignedByAnotherKeyIsNoVote() {
    byte[] octets = wire.write(MESSAGE);
    for (int at = 0; at < octets.length; at++) {
      byte[] changed = octets.clone();
      changed[at] ^= 1;
      assertThat(wire.read(changed, changed.length)).as("octet %d", at).isEmpty();
      assertThat(wire.read(octets, at)).as("cut to %d", at).isEmpty();
    }
    byte[] other = KEY.clone();
    other[0]++;
    assertThat(new VoteWire(other).read(octets, octets.length)).isEmpty();
    assertThat(wire.read(Arrays.copyOf(octets, 5000), 5000)).isEmpty();
  }

  @Test
  @Check("S141")
  void eachDatagramCountsOnceAndOnlyInItsOrder() {
    VoteOrder order = new VoteOrder(77);
    assertThat(order.counts(message(1, 0, 1))).as("we are not known yet").isFalse();
    assertThat(order.counts(message(1, 66, 2))).as("of before our restart").isFalse();
    assertThat(order.counts(message(1, 77, 3))).isTrue();
    assertThat(order.counts(message(1, 77, 3))).as("replayed").isFalse();
    assertThat(order.counts(message(1, 77, 2))).as("overtaken").isFalse();
    assertThat(order.counts(message(1, 77, 9))).isTrue();
    assertThat(order.counts(message(5, 77, 1))).as("restarted").isTrue();
    assertThat(order.counts(message(1, 77, 10))).as("of before its restart").isFalse();
    assertThat(order.counts(message(5, 77, 2))).isTrue();
  }

  private static VoteWire.Message message(long epoch, long echo, long sequence) {
    return new VoteWire.Message(epoch, echo, sequence, new Votes("eu/fra-1", Map.of()));
  }
}
