package dev.meridian.net;

import java.util.List;

/** Addresses, given as prefixes. Immutable; {@link #contains} allocates nothing. */
public final class PrefixSet {
  public static final PrefixSet ALL = new PrefixSet(PrefixPartition.uniform(1));
  public static final PrefixSet NONE = new PrefixSet(PrefixPartition.uniform(0));

  private final PrefixPartition members;

  private PrefixSet(PrefixPartition members) {
    this.members = members;
  }

  /** The addresses inside of any of the prefixes. */
  public static PrefixSet of(List<Prefix> prefixes) {
    PrefixPartition.Builder builder = PrefixPartition.builder(0);
    prefixes.forEach(prefix -> builder.put(prefix, 1));
    return new PrefixSet(builder.build());
  }

  /** Whether the address is one of these. */
  public boolean contains(ClientAddress address) {
    return PrefixPartition.value(members.find(address)) != 0;
  }
}
