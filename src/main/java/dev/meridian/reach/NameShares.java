package dev.meridian.reach;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** For one routed name, what part of the answers to each place every leaf has. Immutable. */
public final class NameShares {
  /** Less than this is rounding. */
  private static final double NOTHING = 1e-6;

  private final double[][] byPlace;
  private final int leaves;
  private final double[] overall;

  NameShares(double[][] byPlace, int leaves, ClientSample sample) {
    this.byPlace = byPlace;
    this.leaves = leaves;
    this.overall = within(sample, "");
  }

  /** The share of a leaf in the answers to one place of the sample: 0 to 1. */
  public double at(int place, int leaf) {
    return byPlace[place][leaf];
  }

  /** The leaf with the largest share in the answers to a place, or -1 if it gets none. */
  public int first(int place) {
    int first = -1;
    for (int leaf = 0; leaf < leaves; leaf++) {
      if (byPlace[place][leaf] > (first < 0 ? NOTHING : byPlace[place][first] + NOTHING)) {
        first = leaf;
      }
    }
    return first;
  }

  /** The share of every leaf in all answers. */
  public double[] overall() {
    return overall.clone();
  }

  /** The share of one leaf in all answers. */
  public double overall(int leaf) {
    return overall[leaf];
  }

  /**
   * The share of every leaf in the answers to one continent.
   *
   * @param continent two letters; empty: all of them
   */
  public double[] within(ClientSample sample, String continent) {
    double[] sum = new double[leaves];
    double total = 0;
    List<ClientSample.Place> places = sample.places();
    for (int i = 0; i < byPlace.length; i++) {
      ClientSample.Place place = places.get(i);
      if (continent.isEmpty() || place.continent().equals(continent)) {
        total += place.weight();
        for (int leaf = 0; leaf < leaves; leaf++) {
          sum[leaf] += place.weight() * byPlace[i][leaf];
        }
      }
    }
    double all = total == 0 ? 1 : total;
    return Arrays.stream(sum).map(each -> each / all).toArray();
  }

  /** How many leaves have a share of the answers to anybody. */
  public int answering() {
    return (int) IntStream.range(0, leaves).filter(this::answers).count();
  }

  /** Whether a leaf has a share of the answers to anybody. */
  public boolean answers(int leaf) {
    return Arrays.stream(byPlace).anyMatch(place -> place[leaf] > NOTHING);
  }

  /** Whether somebody gets no answer who gets one in {@code other}. */
  boolean leavesOut(NameShares other) {
    return IntStream.range(0, byPlace.length)
        .anyMatch(place -> sum(byPlace[place]) <= NOTHING && sum(other.byPlace[place]) > NOTHING);
  }

  /** Whether a place is answered differently. */
  boolean differsAt(int place, NameShares other) {
    return moved(byPlace[place], other.byPlace[place]) > NOTHING;
  }

  /** Adds for each country the part of its answers that is another than in {@code other}. */
  void addMovedByCountry(NameShares other, ClientSample sample, Map<String, Double> sums) {
    Map<String, Double> moved = new HashMap<>();
    Map<String, Double> weights = new HashMap<>();
    for (int i = 0; i < byPlace.length; i++) {
      ClientSample.Place place = sample.places().get(i);
      double weight = place.weight();
      weights.merge(place.country(), weight, Double::sum);
      moved.merge(place.country(), weight * moved(byPlace[i], other.byPlace[i]), Double::sum);
    }
    moved.forEach(
        (country, part) -> {
          if (part > 0) {
            sums.merge(country, part / weights.getOrDefault(country, 1.0), Double::sum);
          }
        });
  }

  /** The continents in which somebody is answered differently. */
  public SortedSet<String> continentsThatDiffer(NameShares other, ClientSample sample) {
    TreeSet<String> continents = new TreeSet<>();
    for (int i = 0; i < byPlace.length; i++) {
      String continent = sample.places().get(i).continent();
      if (!continent.isEmpty() && !continents.contains(continent) && differsAt(i, other)) {
        continents.add(continent);
      }
    }
    return continents;
  }

  /** What part of all answers is another than in {@code other}: 0 to 1. */
  double moved(NameShares other, ClientSample sample) {
    double moved = 0;
    for (int i = 0; i < byPlace.length; i++) {
      moved += sample.places().get(i).weight() * moved(byPlace[i], other.byPlace[i]);
    }
    return moved;
  }

  private static double moved(double[] these, double[] those) {
    double moved = 0;
    for (int i = 0; i < these.length; i++) {
      moved += Math.max(0, these[i] - those[i]);
    }
    return Math.max(moved, Math.abs(sum(these) - sum(those)));
  }

  private static double sum(double[] shares) {
    return Arrays.stream(shares).sum();
  }
}
