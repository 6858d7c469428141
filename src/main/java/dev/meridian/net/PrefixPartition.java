package dev.meridian.net;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * The whole IPv4 and IPv6 address space, cut into disjoint prefixes that each carry a value.
 *
 * <p>A prefix of the partition is the largest one around an address in which every address has the
 * same value. No two siblings therefore carry equal values, and the length of the prefix that
 * {@link #find} reports is the shortest SCOPE PREFIX-LENGTH (RFC 7871 §7.2.1) that is exact: inside
 * of it every client gets the same value, and one bit less would take in a client that does not.
 *
 * <p>What is stored are not the prefixes but the runs of equal values, sorted by where they start.
 * The prefix around an address falls out of the two ends of its run, so merging needs no trie, and
 * combining partitions is a merge of sorted lists.
 *
 * <p>Values are 0 to {@link Integer#MAX_VALUE}; what they number is the owner's business. Instances
 * are immutable and free for all threads; {@link #find} allocates nothing and takes no lock.
 */
public final class PrefixPartition {
  private final Ipv4Runs ipv4;
  private final Ipv6Runs ipv6;

  private PrefixPartition(Ipv4Runs ipv4, Ipv6Runs ipv6) {
    this.ipv4 = ipv4;
    this.ipv6 = ipv6;
  }

  private static PrefixPartition of(RunList ipv4, RunList ipv6) {
    return new PrefixPartition(new Ipv4Runs(ipv4), new Ipv6Runs(ipv6));
  }

  /** The partition that gives every address the same value, at prefix length 0. */
  public static PrefixPartition uniform(int value) {
    return builder(value).build();
  }

  /** Starts a partition in which addresses that no prefix covers have {@code defaultValue}. */
  public static Builder builder(int defaultValue) {
    return new Builder(defaultValue);
  }

  /** Starts a partition whose prefixes are known in the order of their addresses. */
  public static InOrder inOrder() {
    return new InOrder();
  }

  /**
   * The partition of runs that are known: where each starts, in order, and its value. The arrays
   * are kept.
   *
   * @param ipv4Starts first addresses
   * @param ipv6Starts upper halves of first addresses
   * @throws IllegalArgumentException if a family does not begin at address zero, runs are not in
   *     order, neighbours have equal values, or one is negative
   */
  public static PrefixPartition ofRuns(
      int[] ipv4Starts, int[] ipv4Values, long[] ipv6Starts, int[] ipv6Values) {
    return new PrefixPartition(
        Ipv4Runs.of(ipv4Starts, ipv4Values), Ipv6Runs.of(ipv6Starts, ipv6Values));
  }

  /** The partition that takes one family from each of two. */
  public static PrefixPartition join(PrefixPartition ipv4, PrefixPartition ipv6) {
    return new PrefixPartition(ipv4.ipv4, ipv6.ipv6);
  }

  /**
   * The value and the prefix around a client's address, as {@link #value} and {@link #length} read
   * them. Of a client of whom only a prefix is known, the prefix's first address counts.
   */
  public long find(ClientAddress client) {
    return client.isIpv4() ? ipv4.find(client.ipv4()) : ipv6.find(client.high(), client.low());
  }

  /** The value in a result of {@link #find}. */
  public static int value(long hit) {
    return (int) (hit >>> 8);
  }

  /** The length of the prefix in a result of {@link #find}: 0-32 for IPv4, 0-128 for IPv6. */
  public static int length(long hit) {
    return (int) hit & 0xFF;
  }

  /** What {@link #value} and {@link #length} take apart. */
  public static long hit(int value, int length) {
    return (long) value << 8 | length;
  }

  /** The partition with every value replaced; the operator is called once for each run. */
  public PrefixPartition map(IntUnaryOperator operator) {
    return of(RunList.map(ipv4, operator), RunList.map(ipv6, operator));
  }

  /**
   * The partition with every value {@code v} replaced by {@code byValue[v]}: {@link #map} for
   * values that are few, in a loop that is quick even before the JIT has seen it.
   *
   * @throws IllegalArgumentException if {@code byValue} has a negative value
   * @throws ArrayIndexOutOfBoundsException if it is too short
   */
  public PrefixPartition renumber(int[] byValue) {
    for (int value : byValue) {
      RunList.checked(value);
    }
    return new PrefixPartition(ipv4.renumber(byValue), ipv6.renumber(byValue));
  }

  /**
   * The partition that has these values where a mask is not 0, and 0 elsewhere. Time grows with the
   * runs of the mask and with those that lie inside of it.
   */
  public PrefixPartition where(PrefixPartition mask) {
    return uniform(0).replaced(mask, this);
  }

  /**
   * The partition that has another one's values where a mask is not 0, and these elsewhere. Time
   * grows with the runs of this one and of the mask, and with those of the other inside of it.
   */
  public PrefixPartition replaced(PrefixPartition mask, PrefixPartition other) {
    return of(
        RunList.replaced(ipv4, mask.ipv4, other.ipv4),
        RunList.replaced(ipv6, mask.ipv6, other.ipv6));
  }

  /**
   * How many addresses have each value, from 0 on: IPv4 addresses, or IPv6 /64s. A /64 that is cut
   * counts for the value that it ends with.
   *
   * @throws ArrayIndexOutOfBoundsException if some value is not below {@code values}
   */
  public double[] amounts(boolean isIpv4, int values) {
    double[] amounts = new double[values];
    if (isIpv4) {
      ipv4.addAmounts(amounts);
    } else {
      ipv6.addAmounts(amounts);
    }
    return amounts;
  }

  /**
   * The coarsest partition that has, for every address, the value {@code f} makes of the values
   * that the parts have there. Time grows with the number of runs in all parts, times the number of
   * parts; {@code f} is asked once for each tuple of values that occurs, so it may be slow.
   *
   * @throws IllegalArgumentException if there are no parts or {@code f} gives a negative value
   */
  public static PrefixPartition combine(List<PrefixPartition> parts, TupleFunction f) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("nothing to combine");
    }
    List<Runs> ipv4 = new ArrayList<>(parts.size());
    List<Runs> ipv6 = new ArrayList<>(parts.size());
    for (PrefixPartition part : parts) {
      ipv4.add(part.ipv4);
      ipv6.add(part.ipv6);
    }
    TupleMemo memo = new TupleMemo(parts.size(), f);
    return of(RunList.combine(ipv4, memo), RunList.combine(ipv6, memo));
  }

  /** Shows every prefix once, IPv4 before IPv6, each family in the order of its addresses. */
  public void forEach(Visitor visitor) {
    ipv4.forEachPrefix(
        (high, low, length, value) -> visitor.visit(true, 0, high >>> 32, length, value));
    ipv6.forEachPrefix(
        (high, low, length, value) -> visitor.visit(false, high, low, length, value));
  }

  /**
   * Shows every run of addresses with the same value by its first address (as a prefix of full
   * length) and value: IPv4 before IPv6, each family from address zero on. {@link InOrder#from}
   * takes the same back.
   */
  public void forEachRun(Visitor visitor) {
    for (int run = 0; run < ipv4.count(); run++) {
      visitor.visit(true, 0, ipv4.high(run) >>> 32, 32, ipv4.value(run));
    }
    for (int run = 0; run < ipv6.count(); run++) {
      visitor.visit(false, ipv6.high(run), ipv6.low(run), 128, ipv6.value(run));
    }
  }

  /** The same with the length of each run, in the units of {@link #amounts}. */
  public void forEachSpan(SpanVisitor visitor) {
    ipv4.forEachSpan(visitor);
    ipv6.forEachSpan(visitor);
  }

  /** How many runs {@link #forEachRun} shows. */
  public int runs() {
    return ipv4.count() + ipv6.count();
  }

  /** How many prefixes {@link #forEach} shows; counted anew at each call. */
  public int size() {
    int[] count = new int[1];
    forEach((isIpv4, high, low, length, value) -> count[0]++);
    return count[0];
  }

  /** Octets on the heap, object headers left out. */
  public long memoryBytes() {
    return ipv4.memoryBytes() + ipv6.memoryBytes();
  }

  /** Whether both give every address the same value. */
  @Override
  public boolean equals(Object other) {
    return other instanceof PrefixPartition that
        && ipv4.sameAs(that.ipv4)
        && ipv6.sameAs(that.ipv6);
  }

  @Override
  public int hashCode() {
    return 31 * ipv4.hash() + ipv6.hash();
  }

  @Override
  public String toString() {
    return "PrefixPartition[" + ipv4.count() + " IPv4 runs, " + ipv6.count() + " IPv6 runs]";
  }

  /** Makes one value of the values that several partitions have at the same address. */
  @FunctionalInterface
  public interface TupleFunction {
    /**
     * The combined value, 0 or more; always the same for the same values.
     *
     * @param values one for each part, in their order; the function's to keep
     */
    int apply(int[] values);
  }

  /** Sees the prefixes of a partition one by one. */
  @FunctionalInterface
  public interface Visitor {
    /** One prefix, in the form of {@link Prefix#Prefix}, and its value. */
    void visit(boolean ipv4, long high, long low, int length, int value);
  }

  /** Sees the runs of a partition one by one. */
  @FunctionalInterface
  public interface SpanVisitor {
    /**
     * One run.
     *
     * @param start its first address: of IPv6 the upper half
     * @param low the lower half of an IPv6 address
     * @param length as in {@link #amounts}
     */
    void visit(boolean ipv4, long start, long low, double length, int value);
  }

  /** Collects prefixes for a partition; owned by one thread, good for one {@link #build}. */
  public static final class Builder {
    private final PrefixList ipv4 = new PrefixList();
    private final PrefixList ipv6 = new PrefixList();
    private final int defaultValue;

    private Builder(int defaultValue) {
      this.defaultValue = RunList.checked(defaultValue);
    }

    /**
     * Gives a prefix a value. Where prefixes nest the longest wins, whatever the order; of the same
     * prefix given twice the later value wins.
     *
     * @throws IllegalArgumentException if the value is negative
     */
    public Builder put(Prefix prefix, int value) {
      RunList.checked(value);
      if (prefix.ipv4()) {
        ipv4.add(prefix.low() << 32, 0, prefix.length(), value);
      } else {
        ipv6.add(prefix.high(), prefix.low(), prefix.length(), value);
      }
      return this;
    }

    /** The finished partition. */
    public PrefixPartition build() {
      return of(ipv4.toRuns(defaultValue), ipv6.toRuns(defaultValue));
    }
  }

  /**
   * Takes a partition from the first address to the last, merging as it goes; what is kept is the
   * result and no more. Addresses that nothing covers have the value 0. Owned by one thread.
   */
  public static final class InOrder {
    private final RunList ipv4 = new RunList();
    private final RunList ipv6 = new RunList();

    private InOrder() {
      ipv4.append(0, 0, 0);
      ipv6.append(0, 0, 0);
    }

    /**
     * Gives a prefix a value and everything behind it the value 0.
     *
     * @throws IllegalArgumentException if the value is negative or the prefix does not lie behind
     *     all that were given before it
     */
    public InOrder put(Prefix prefix, int value) {
      RunList runs = prefix.ipv4() ? ipv4 : ipv6;
      long high = prefix.ipv4() ? prefix.low() << 32 : prefix.high();
      long low = prefix.ipv4() ? 0 : prefix.low();
      runs.appendAfterLast(high, low, value);
      long behindHigh = RunList.endHigh(high, low, prefix.length());
      long behindLow = RunList.endLow(low, prefix.length());
      if (behindHigh != 0 || behindLow != 0) {
        runs.appendAfterLast(behindHigh, behindLow, 0);
      }
      return this;
    }

    /**
     * Gives an address and everything behind it a value. The address is given as in {@link
     * Prefix#Prefix}.
     *
     * @throws IllegalArgumentException if the value is negative or the address lies before one that
     *     was given already
     */
    public InOrder from(boolean isIpv4, long high, long low, int value) {
      if (isIpv4) {
        ipv4.appendAfterLast(low << 32, 0, value);
      } else {
        ipv6.appendAfterLast(high, low, value);
      }
      return this;
    }

    /** The finished partition. */
    public PrefixPartition build() {
      return of(ipv4, ipv6);
    }
  }
}
