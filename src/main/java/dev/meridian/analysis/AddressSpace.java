package dev.meridian.analysis;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixPartition;

/**
 * How much of the address space some clients are. IPv4 counts by addresses that are routed between
 * networks. Of IPv6 nearly all is empty, so there the networks that the geo database places are the
 * whole, or 2000::/3 if it places none.
 */
final class AddressSpace {
  /** RFC 6890 without what is nobody's; documentation prefixes count, as examples are of them. */
  private static final PrefixPartition UNICAST =
      PrefixPartition.builder(0)
          .put(Prefix.parse("0.0.0.0/1"), 1)
          .put(Prefix.parse("128.0.0.0/2"), 1)
          .put(Prefix.parse("192.0.0.0/3"), 1)
          .put(Prefix.parse("0.0.0.0/8"), 0)
          .put(Prefix.parse("10.0.0.0/8"), 0)
          .put(Prefix.parse("100.64.0.0/10"), 0)
          .put(Prefix.parse("127.0.0.0/8"), 0)
          .put(Prefix.parse("169.254.0.0/16"), 0)
          .put(Prefix.parse("172.16.0.0/12"), 0)
          .put(Prefix.parse("192.168.0.0/16"), 0)
          .put(Prefix.parse("2000::/3"), 1)
          .build();

  private final PrefixPartition counted;
  private final Share whole;

  AddressSpace(GeoDatabase geo) {
    PrefixPartition placed = geo.places().map(location -> location == 0 ? 0 : 1);
    boolean some = sizes(placed).ipv6 > 0;
    counted = some ? PrefixPartition.join(UNICAST, placed) : UNICAST;
    whole = sizes(counted);
  }

  private static Share sizes(PrefixPartition partition) {
    double[] size = new double[2];
    forEachRun(partition, (first, part, value) -> size[first.ipv4() ? 0 : 1] += value * part);
    return new Share(size[0], size[1]);
  }

  /** 1 where an address counts, else 0. */
  PrefixPartition counted() {
    return counted;
  }

  /**
   * The share that a part of the counted space is.
   *
   * @param size part of the whole family's space, 0 to 1
   */
  Share share(boolean ipv4, double size) {
    return ipv4 ? new Share(size / whole.ipv4, 0) : new Share(0, size / whole.ipv6);
  }

  /** Shares of the counted space, IPv4 and IPv6 apart: each 0 to 1. */
  record Share(double ipv4, double ipv6) {
    static final Share NONE = new Share(0, 0);

    Share plus(Share other) {
      return new Share(ipv4 + other.ipv4, ipv6 + other.ipv6);
    }

    Share times(double factor) {
      return new Share(ipv4 * factor, ipv6 * factor);
    }

    /** Both families count alike. */
    double mean() {
      return (ipv4 + ipv6) / 2;
    }
  }

  /** Sees one run of equal values. */
  @FunctionalInterface
  interface RunVisitor {
    /**
     * One run.
     *
     * @param first its first address, as a prefix of full length
     * @param size its part of the whole family's space, 0 to 1
     */
    void visit(Prefix first, double size, int value);
  }

  /** Shows every run with its size. */
  static void forEachRun(PrefixPartition partition, RunVisitor visitor) {
    Open open = new Open(visitor);
    partition.forEachRun(open::next);
    open.close();
  }

  /** The run whose end is not known yet. */
  private static final class Open {
    private static final double IPV4_ADDRESSES = 0x1p32;

    private final RunVisitor visitor;
    private Prefix first = new Prefix(true, 0, 0, 32);
    private int value = -1;

    Open(RunVisitor visitor) {
      this.visitor = visitor;
    }

    void next(boolean ipv4, long high, long low, int length, int nextValue) {
      if (value >= 0) {
        double end = first.ipv4() == ipv4 ? position(ipv4, high, low) : 1;
        visitor.visit(first, end - position(first.ipv4(), first.high(), first.low()), value);
      }
      first = new Prefix(ipv4, high, low, length);
      value = nextValue;
    }

    void close() {
      visitor.visit(first, 1 - position(first.ipv4(), first.high(), first.low()), value);
    }

    /** Where an address is between the first, 0, and the end, 1. */
    private static double position(boolean ipv4, long high, long low) {
      return ipv4 ? low / IPV4_ADDRESSES : unsigned(high) * 0x1p-64 + unsigned(low) * 0x1p-128;
    }

    private static double unsigned(long bits) {
      return (bits >>> 1) * 2.0 + (bits & 1);
    }
  }
}
