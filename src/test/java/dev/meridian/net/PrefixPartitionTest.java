package dev.meridian.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link PrefixPartition} against worked examples and against a list searched from end to end. */
class PrefixPartitionTest {
  @Test
  void renumberingIsMappingByATable() {
    java.util.Random random = new java.util.Random(41);
    for (int round = 0; round < 50; round++) {
      PrefixPartition.Builder builder = PrefixPartition.builder(random.nextInt(5));
      for (int i = 0; i < 60; i++) {
        boolean ipv4 = random.nextBoolean();
        builder.put(
            new Prefix(
                ipv4,
                ipv4 ? 0 : random.nextLong(),
                ipv4 ? random.nextInt() & 0xFFFFFFFFL : random.nextLong(),
                random.nextInt(ipv4 ? 33 : 129)),
            random.nextInt(5));
      }
      PrefixPartition partition = builder.build();
      int[] table = {1, 0, 1, 2, 0};
      assertThat(partition.renumber(table)).isEqualTo(partition.map(value -> table[value]));
    }
  }

  @Test
  void uniformPartitionAnswersWithLengthZero() {
    PrefixPartition partition = PrefixPartition.uniform(7);

    assertThat(find(partition, "192.0.2.1")).isEqualTo("7/0");
    assertThat(find(partition, "2001:db8::1")).isEqualTo("7/0");
    assertThat(partition.size()).isEqualTo(2);
  }

  @Test
  void scopesAreThoseOfTheNestedMap() {
    PrefixPartition partition =
        PrefixPartition.builder(99)
            .put(Prefix.parse("203.0.0.0/16"), 2)
            .put(Prefix.parse("203.0.113.0/24"), 1)
            .build();

    assertThat(find(partition, "203.0.113.0/24")).isEqualTo("1/24");
    assertThat(find(partition, "203.0.112.0/24")).isEqualTo("2/24");
    assertThat(find(partition, "198.51.100.0/24")).isEqualTo("99/5");
    assertThat(find(partition, "203.0.0.0/8")).isEqualTo("2/18");
    assertThat(find(partition, "2001:db8::/32")).isEqualTo("99/0");
  }

  @Test
  void siblingsWithEqualValuesBecomeOnePrefix() {
    PrefixPartition partition =
        PrefixPartition.builder(0)
            .put(Prefix.parse("10.0.0.0/9"), 1)
            .put(Prefix.parse("10.128.0.0/9"), 1)
            .put(Prefix.parse("2001:db8::/33"), 1)
            .put(Prefix.parse("2001:db8:8000::/33"), 1)
            .build();

    assertThat(find(partition, "10.200.0.1")).isEqualTo("1/8");
    assertThat(find(partition, "2001:db8:ffff::1")).isEqualTo("1/32");
  }

  @Test
  void laterOfTheSamePrefixWinsWhateverComesBetween() {
    PrefixPartition partition =
        PrefixPartition.builder(0)
            .put(Prefix.parse("10.0.0.0/8"), 1)
            .put(Prefix.parse("10.1.0.0/16"), 2)
            .put(Prefix.parse("10.0.0.0/8"), 3)
            .build();

    assertThat(find(partition, "10.1.0.1")).isEqualTo("2/16");
    assertThat(find(partition, "10.255.0.1")).isEqualTo("3/9");
    assertThat(find(partition, "11.0.0.1")).isEqualTo("0/8");
  }

  @Test
  void prefixesLongerThan64AreTold() {
    PrefixPartition partition =
        PrefixPartition.builder(0)
            .put(Prefix.parse("2001:db8::1/128"), 1)
            .put(Prefix.parse("2001:db8::/64"), 2)
            .build();

    assertThat(find(partition, "2001:db8::1")).isEqualTo("1/128");
    assertThat(find(partition, "2001:db8::2")).isEqualTo("2/127");
    assertThat(find(partition, "2001:db8::")).isEqualTo("2/128");
    assertThat(find(partition, "2001:db8:0:1::")).isEqualTo("0/64");
  }

  @Test
  void wholeSpaceAndItsLastAddressMayHaveValues() {
    PrefixPartition partition =
        PrefixPartition.builder(0)
            .put(Prefix.parse("0.0.0.0/0"), 1)
            .put(Prefix.parse("255.255.255.255"), 2)
            .put(Prefix.parse("::/0"), 3)
            .put(Prefix.parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), 4)
            .build();

    assertThat(find(partition, "255.255.255.255")).isEqualTo("2/32");
    assertThat(find(partition, "255.255.255.254")).isEqualTo("1/32");
    assertThat(find(partition, "1.0.0.0")).isEqualTo("1/1");
    assertThat(find(partition, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")).isEqualTo("4/128");
    assertThat(find(partition, "::1")).isEqualTo("3/1");
  }

  @Test
  void mapMergesWhatBecomesEqual() {
    PrefixPartition partition =
        PrefixPartition.builder(0)
            .put(Prefix.parse("10.0.0.0/9"), 1)
            .put(Prefix.parse("10.128.0.0/9"), 2)
            .build()
            .map(value -> value == 0 ? 0 : 5);

    assertThat(find(partition, "10.0.0.1")).isEqualTo("5/8");
    assertThat(partition)
        .isEqualTo(PrefixPartition.builder(0).put(Prefix.parse("10.0.0.0/8"), 5).build())
        .isNotEqualTo(PrefixPartition.builder(0).put(Prefix.parse("10.0.0.0/8"), 6).build());
  }

  @Test
  void joinTakesOneFamilyFromEach() {
    PrefixPartition joined =
        PrefixPartition.join(PrefixPartition.uniform(4), PrefixPartition.uniform(6));

    assertThat(find(joined, "192.0.2.1")).isEqualTo("4/0");
    assertThat(find(joined, "2001:db8::1")).isEqualTo("6/0");
  }

  @Test
  void prefixesInOrderMakeTheSamePartition() {
    PrefixPartition inOrder =
        PrefixPartition.inOrder()
            .put(Prefix.parse("10.0.0.0/8"), 1)
            .put(Prefix.parse("11.0.0.0/8"), 1)
            .put(Prefix.parse("255.0.0.0/8"), 2)
            .put(Prefix.parse("2001:db8::/32"), 3)
            .build();
    PrefixPartition built =
        PrefixPartition.builder(0)
            .put(Prefix.parse("255.0.0.0/8"), 2)
            .put(Prefix.parse("10.0.0.0/7"), 1)
            .put(Prefix.parse("2001:db8::/32"), 3)
            .build();

    assertThat(inOrder).isEqualTo(built);
    assertThat(inOrder.runs()).isEqualTo(4 + 3);
    PrefixPartition.InOrder copy = PrefixPartition.inOrder();
    inOrder.forEachRun((ipv4, high, low, length, value) -> copy.from(ipv4, high, low, value));
    assertThat(copy.build()).isEqualTo(inOrder);
  }

  @Test
  void prefixesOutOfOrderAreRefusedEvenBehindMergedOnes() {
    PrefixPartition.InOrder inOrder =
        PrefixPartition.inOrder()
            .put(Prefix.parse("10.0.0.0/8"), 0)
            .put(Prefix.parse("11.0.0.0/8"), 0);

    assertThatThrownBy(() -> inOrder.put(Prefix.parse("10.1.0.0/16"), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("addresses are not in order");
  }

  @Test
  void negativeValuesAreRefused() {
    assertThatThrownBy(() -> PrefixPartition.uniform(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PrefixPartition.uniform(1).map(value -> -value))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PrefixPartition.combine(List.of(), values -> 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void findAgreesWithSearchingTheWholeList(long seed) {
    Random random = new Random(seed);
    Naive naive = new Naive(random, 400 << (seed % 4), (int) (seed % 3));
    PrefixPartition partition = naive.toPartition();

    for (Prefix client : naive.interestingClients(random)) {
      long hit = partition.find(client(client));
      assertThat(PrefixPartition.value(hit))
          .as("seed %d, %s", seed, client)
          .isEqualTo(naive.valueOf(client));
      Prefix leaf = around(client, PrefixPartition.length(hit));
      for (int i = 0; i < 4; i++) {
        Prefix other = randomInside(leaf, random);
        assertThat(partition.find(client(other)))
            .as("seed %d, %s in %s of %s", seed, other, leaf, client)
            .isEqualTo(hit);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  void prefixesCoverTheSpaceOnceAndNoSiblingsAreEqual(long seed) {
    Random random = new Random(seed);
    PrefixPartition partition = new Naive(random, 1500, (int) (seed % 3)).toPartition();
    Map<String, Integer> leaves = new TreeMap<>();
    double[] covered = new double[2];
    partition.forEach(
        (ipv4, high, low, length, value) -> {
          Prefix leaf = new Prefix(ipv4, high, low, length);
          assertThat(leaves.put(leaf.toString(), value)).isNull();
          covered[ipv4 ? 0 : 1] += Math.pow(2, -length);
          long hit = partition.find(client(leaf));
          assertThat(PrefixPartition.value(hit)).isEqualTo(value);
          assertThat(PrefixPartition.length(hit)).isEqualTo(length);
          if (length > 0) {
            assertThat(leaves.getOrDefault(sibling(leaf).toString(), -1)).isNotEqualTo(value);
          }
        });

    assertThat(covered[0]).isEqualTo(1.0);
    assertThat(covered[1]).isEqualTo(1.0);
    assertThat(partition.size()).isEqualTo(leaves.size());
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25, 26})
  void combiningEqualsAskingEachPart(long seed) {
    Random random = new Random(seed);
    List<Naive> naives = new ArrayList<>();
    for (int i = 0; i < 1 + seed % 4; i++) {
      naives.add(new Naive(random, 300, i % 3));
    }
    Set<List<Integer>> asked = new HashSet<>();
    PrefixPartition combined =
        PrefixPartition.combine(
            naives.stream().map(Naive::toPartition).toList(),
            values -> {
              assertThat(asked.add(Arrays.stream(values).boxed().toList())).isTrue();
              return mix(values);
            });

    for (Naive naive : naives) {
      for (Prefix client : naive.interestingClients(random)) {
        int[] values = naives.stream().mapToInt(each -> each.valueOf(client)).toArray();
        assertThat(PrefixPartition.value(combined.find(client(client))))
            .as("seed %d, %s", seed, client)
            .isEqualTo(mix(values));
      }
    }
    PrefixPartition same = PrefixPartition.combine(List.of(combined), values -> values[0]);
    assertThat(same).isEqualTo(combined).hasSameHashCodeAs(combined);
    assertThat(asked).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33, 34, 35, 36})
  void aMaskLeavesWhatIsInside(long seed) {
    Random random = new Random(seed);
    Naive all = new Naive(random, 300, (int) seed % 3);
    Naive mask = new Naive(random, 20, 0);

    assertThat(all.toPartition().where(mask.toPartition()))
        .isEqualTo(
            PrefixPartition.combine(
                List.of(all.toPartition(), mask.toPartition()),
                values -> values[1] == 0 ? 0 : values[0]));
  }

  @ParameterizedTest
  @ValueSource(longs = {41, 42, 43, 44, 45, 46})
  void whatIsReplacedIsThatOfTheOther(long seed) {
    Random random = new Random(seed);
    PrefixPartition one = new Naive(random, 300, (int) seed % 3).toPartition();
    PrefixPartition other = new Naive(random, 300, (int) (seed + 1) % 3).toPartition();
    PrefixPartition mask = new Naive(random, 20, 0).toPartition();

    assertThat(one.replaced(mask, other))
        .isEqualTo(
            PrefixPartition.combine(
                List.of(one, other, mask), values -> values[2] == 0 ? values[0] : values[1]));
  }

  @Test
  void amountsCountAddressesAndHalvesOfIpv6() {
    PrefixPartition partition =
        PrefixPartition.builder(0)
            .put(Prefix.parse("10.0.0.0/8"), 1)
            .put(Prefix.parse("192.0.2.1"), 2)
            .put(Prefix.parse("8000::/1"), 1)
            .put(Prefix.parse("2001:db8:0:1::/64"), 2)
            .build();

    assertThat(partition.amounts(true, 3)).containsExactly(0xFEFFFFFFL, 1 << 24, 1);
    assertThat(partition.amounts(false, 3)).containsExactly(0x1p63, 0x1p63, 1);
  }

  @ParameterizedTest
  @ValueSource(longs = {51, 52, 53})
  void spansAreRunsWithTheirLengths(long seed) {
    Random random = new Random(seed);
    PrefixPartition partition = new Naive(random, 300, (int) seed % 3).toPartition();
    PrefixPartition.InOrder copy = PrefixPartition.inOrder();
    double[][] amounts = new double[2][100];
    partition.forEachSpan(
        (ipv4, start, low, length, value) -> {
          copy.from(ipv4, ipv4 ? 0 : start, ipv4 ? start : low, value);
          amounts[ipv4 ? 0 : 1][value] += length;
        });

    assertThat(copy.build()).isEqualTo(partition);
    assertThat(Arrays.stream(amounts[0]).sum()).isEqualTo(0x1p32);
    assertThat(Arrays.stream(amounts[1]).sum()).isEqualTo(0x1p64);
    assertThat(partition.amounts(true, 100)).containsExactly(amounts[0]);
    assertThat(partition.amounts(false, 100)).containsExactly(amounts[1]);
  }

  private static int mix(int[] values) {
    int sum = 0;
    for (int value : values) {
      sum += value;
    }
    return sum % 3;
  }

  private static String find(PrefixPartition partition, String client) {
    long hit = partition.find(client(Prefix.parse(client)));
    return PrefixPartition.value(hit) + "/" + PrefixPartition.length(hit);
  }

  private static ClientAddress client(Prefix prefix) {
    ClientAddress client = new ClientAddress();
    client.set(prefix);
    return client;
  }

  private static Prefix around(Prefix client, int length) {
    return new Prefix(client.ipv4(), client.high(), client.low(), length);
  }

  private static Prefix sibling(Prefix prefix) {
    int bit = (prefix.ipv4() ? 32 : 128) - prefix.length();
    return bit >= 64
        ? new Prefix(false, prefix.high() ^ 1L << (bit - 64), prefix.low(), prefix.length())
        : new Prefix(prefix.ipv4(), prefix.high(), prefix.low() ^ 1L << bit, prefix.length());
  }

  private static Prefix randomInside(Prefix prefix, Random random) {
    if (prefix.ipv4()) {
      int noise = prefix.length() == 32 ? 0 : random.nextInt() >>> prefix.length();
      return new Prefix(true, 0, prefix.low() | (noise & 0xFFFFFFFFL), 32);
    }
    int length = prefix.length();
    long high = length >= 64 ? 0 : random.nextLong() >>> length;
    long low = length >= 128 ? 0 : random.nextLong() >>> Math.max(0, length - 64);
    // ::ffff:0:0/96 would be IPv4 to a client address
    return new Prefix(
        false, prefix.high() | high, prefix.low() | low | (length == 128 ? 0 : 1), 128);
  }

  /** The same mapping, kept as a list and searched from end to end. */
  private static final class Naive {
    private final List<Prefix> prefixes = new ArrayList<>();
    private final List<Integer> values = new ArrayList<>();

    /**
     * Random prefixes, half of each family, thrown close together so that they nest and touch.
     *
     * @param style 0: IPv6 up to /64; 1: up to /128; 2: all in a few short prefixes
     */
    Naive(Random random, int count, int style) {
      for (int i = 0; i < count; i++) {
        prefixes.add(i % 2 == 0 ? randomIpv4(random, style) : randomIpv6(random, style));
        values.add(random.nextInt(4));
      }
    }

    private static Prefix randomIpv4(Random random, int style) {
      int address = style == 2 ? random.nextInt() & 0xFF0F : random.nextInt() & 0xC0FF00FF;
      return new Prefix(true, 0, address & 0xFFFFFFFFL, random.nextInt(style == 2 ? 9 : 0, 33));
    }

    private static Prefix randomIpv6(Random random, int style) {
      long high = 0x2000_0000_0000_0000L | (random.nextLong() & 0x0F01_00FF_0000_000FL);
      long low = random.nextLong() & 0xC000_0000_0000_00FFL;
      int length = style == 1 ? random.nextInt(1, 129) : random.nextInt(style == 2 ? 30 : 1, 65);
      return new Prefix(false, high, low, length);
    }

    PrefixPartition toPartition() {
      PrefixPartition.Builder builder = PrefixPartition.builder(0);
      for (int i = 0; i < prefixes.size(); i++) {
        builder.put(prefixes.get(i), values.get(i));
      }
      return builder.build();
    }

    int valueOf(Prefix client) {
      Prefix first = around(client, client.ipv4() ? 32 : 128);
      int best = -1;
      for (int i = 0; i < prefixes.size(); i++) {
        boolean longer = best < 0 || prefixes.get(i).length() >= prefixes.get(best).length();
        if (longer && prefixes.get(i).contains(first)) {
          best = i;
        }
      }
      return best < 0 ? 0 : values.get(best);
    }

    /** Each prefix's first address, one inside, the one before, the one behind, and strangers. */
    List<Prefix> interestingClients(Random random) {
      List<Prefix> clients = new ArrayList<>();
      for (Prefix prefix : prefixes) {
        clients.add(prefix);
        clients.add(randomInside(prefix, random));
        if (prefix.length() > 0) {
          clients.add(sibling(prefix));
          clients.add(randomInside(sibling(prefix), random));
        }
      }
      for (int i = 0; i < 100; i++) {
        clients.add(new Prefix(true, 0, random.nextInt() & 0xFFFFFFFFL, 32));
        clients.add(new Prefix(false, random.nextLong() | 1, random.nextLong(), 128));
      }
      return clients;
    }
  }
}
