package dev.meridian.reach;

import dev.meridian.net.ClientAddress;
import dev.meridian.policy.AnswerShares;
import dev.meridian.policy.Decisions;
import dev.meridian.policy.RoutedRRset;
import java.util.Arrays;

/**
 * What part of all answers each leaf of one routed name is expected to have, over the sample of
 * clients. Remembers only how much of the sample is in which class, so that many names cost little.
 * Immutable.
 */
public final class Expectation {
  /** The weights of a thousand places add up to 1 but for this. */
  private static final double ROUNDING = 1.0 / (1 << 30);

  private final RoutedRRset rrset;

  /** By class: the part of the sample that is in it. */
  private final double[] weights;

  /** Places the sample; a look-up for each place. */
  public Expectation(RoutedRRset rrset, ClientSample sample) {
    this.rrset = rrset;
    this.weights = new double[rrset.clientClasses()];
    ClientAddress client = new ClientAddress();
    for (ClientSample.Place place : sample.places()) {
      client.set(place.client());
      weights[rrset.clientClass(client)] += place.weight();
    }
  }

  public RoutedRRset rrset() {
    return rrset;
  }

  /**
   * The share of every leaf while these decisions hold: 0 to 1.
   *
   * @param decisions those of the same RRset
   */
  public double[] shares(Decisions decisions) {
    double[] sum = new double[rrset.leafCount()];
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        double[] own = AnswerShares.of(rrset, decisions, i);
        for (int leaf = 0; leaf < sum.length; leaf++) {
          sum[leaf] += weights[i] * own[leaf];
        }
      }
    }
    return Arrays.stream(sum).map(each -> Math.rint(each / ROUNDING) * ROUNDING).toArray();
  }
}
