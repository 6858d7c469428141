package dev.meridian.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A set holds what its prefixes hold, be they few or many. */
class PrefixSetTest {
  @Test
  void allHasEverybodyAndNoneHasNobody() {
    ClientAddress client = new ClientAddress();
    client.setIpv4(0x7F000001, 32);
    assertThat(PrefixSet.ALL.contains(client)).isTrue();
    assertThat(PrefixSet.NONE.contains(client)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 8, 9, 40})
  void containsWhatAnyOfItsPrefixesContains(int count) {
    Random random = new Random(count);
    for (int round = 0; round < 200; round++) {
      List<Prefix> prefixes = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        prefixes.add(prefix(random, random.nextInt(33), random.nextInt(129)));
      }
      PrefixSet set = PrefixSet.of(prefixes);
      for (int i = 0; i < 50; i++) {
        ClientAddress client = new ClientAddress();
        client.set(prefix(random, 32, 128));
        boolean expected = prefixes.stream().anyMatch(prefix -> prefix.contains(client));
        assertThat(set.contains(client))
            .as("%s in %s", Prefix.of(client), prefixes)
            .isEqualTo(expected);
      }
    }
  }

  /** Close to each other, so that they meet. */
  private static Prefix prefix(Random random, int ipv4Length, int ipv6Length) {
    if (random.nextBoolean()) {
      return new Prefix(true, 0, 0xC0000200L ^ (1L << random.nextInt(32)), ipv4Length);
    }
    int bit = random.nextInt(128);
    long high = 0x20010DB8_00000000L ^ (bit < 64 ? 1L << bit : 0);
    return new Prefix(false, high, bit < 64 ? 1 : 1L << (bit - 64), ipv6Length);
  }
}
