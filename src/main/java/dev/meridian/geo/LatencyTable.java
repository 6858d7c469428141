package dev.meridian.geo;

import dev.meridian.net.PrefixPartition;

/** Measured latencies from client networks to regions. */
public final class LatencyTable {
  /** No measurements. */
  public static final LatencyTable EMPTY = new LatencyTable();

  private LatencyTable() {}

  public boolean isEmpty() {
    return true;
  }

  public PrefixPartition rowsByPrefix() {
    return PrefixPartition.uniform(0);
  }

  public int rowByAsn(int asn) {
    return 0;
  }

  public int rowByCountry(String country) {
    return 0;
  }

  public double ms(int row, String region) {
    return Double.NaN;
  }
}
