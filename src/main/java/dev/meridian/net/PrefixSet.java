package dev.meridian.net;

import java.util.ArrayList;
import java.util.List;

/**
 * Addresses, given as prefixes. A few are compared one by one, many are searched. Immutable; {@link
 * #contains} allocates nothing.
 */
public final class PrefixSet {
  /** Every address. */
  public static final PrefixSet ALL = new PrefixSet(List.of(), 1);

  /** No address. */
  public static final PrefixSet NONE = new PrefixSet(List.of(), 0);

  /** More than so many are searched: comparing takes a nanosecond each, searching about ten. */
  private static final int FEW = 8;

  private final boolean few;
  private final PrefixPartition all;

  /** Prefixes of IPv4 addresses, and which bits of an address have to be theirs. */
  private final long[] ipv4;

  private final long[] ipv4Masks;
  private final long[] ipv6High;
  private final long[] ipv6Low;
  private final long[] ipv6HighMasks;
  private final long[] ipv6LowMasks;

  private PrefixSet(List<Prefix> prefixes, int others) {
    PrefixPartition.Builder builder = PrefixPartition.builder(others);
    prefixes.forEach(prefix -> builder.put(prefix, 1));
    all = builder.build();
    few = others == 0 && prefixes.size() <= FEW;
    List<Prefix> v4 = prefixes.stream().filter(Prefix::ipv4).toList();
    List<Prefix> v6 = prefixes.stream().filter(prefix -> !prefix.ipv4()).toList();
    ipv4 = v4.stream().mapToLong(Prefix::low).toArray();
    ipv4Masks = v4.stream().mapToLong(prefix -> mask(prefix.length() + 32)).toArray();
    ipv6High = v6.stream().mapToLong(Prefix::high).toArray();
    ipv6Low = v6.stream().mapToLong(Prefix::low).toArray();
    ipv6HighMasks = v6.stream().mapToLong(prefix -> mask(prefix.length())).toArray();
    ipv6LowMasks = v6.stream().mapToLong(prefix -> mask(prefix.length() - 64)).toArray();
  }

  /** The first bits of 64; none if {@code length} is below 1, all from 64 on. */
  private static long mask(int length) {
    return length <= 0 ? 0 : -1L << Math.max(0, 64 - length);
  }

  /** The addresses inside of any of the prefixes. */
  public static PrefixSet of(List<Prefix> prefixes) {
    return new PrefixSet(prefixes, 0);
  }

  /** Whether the address is one of these. */
  public boolean contains(ClientAddress address) {
    if (!few) {
      return PrefixPartition.value(all.find(address)) != 0;
    }
    return address.isIpv4() ? containsIpv4(address.low()) : containsIpv6(address);
  }

  /** The address space cut into these (1) and all others (0). */
  public PrefixPartition partition() {
    return all;
  }

  /** The addresses of this set that are not in another, as prefixes in their order. */
  public List<Prefix> minus(PrefixSet other) {
    PrefixPartition left =
        PrefixPartition.combine(
            List.of(all, other.all), values -> values[0] == 1 && values[1] == 0 ? 1 : 0);
    List<Prefix> prefixes = new ArrayList<>();
    left.forEach(
        (isIpv4, high, low, length, value) -> {
          if (value == 1) {
            prefixes.add(new Prefix(isIpv4, high, low, length));
          }
        });
    return prefixes;
  }

  private boolean containsIpv4(long address) {
    for (int i = 0; i < ipv4.length; i++) {
      if ((address & ipv4Masks[i]) == ipv4[i]) {
        return true;
      }
    }
    return false;
  }

  private boolean containsIpv6(ClientAddress address) {
    for (int i = 0; i < ipv6High.length; i++) {
      if ((address.high() & ipv6HighMasks[i]) == ipv6High[i]
          && (address.low() & ipv6LowMasks[i]) == ipv6Low[i]) {
        return true;
      }
    }
    return false;
  }
}
