package dev.meridian.health;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The rule by which the votes of several vantage points become one verdict. A pure function.
 *
 * <table>
 * <caption>u of n vantage points with a voice vote up</caption>
 * <tr><th>rule</th><th>verdict up</th></tr>
 * <tr><td>{@code 18%}</td><td>u / n &gt; 18 % (Route 53's own: 3 of 16, but not 2)</td></tr>
 * <tr><td>{@code any}</td><td>u &ge; 1</td></tr>
 * <tr><td>{@code majority}</td><td>u &gt; n / 2; u = n / 2: as before</td></tr>
 * <tr><td>{@code all}</td><td>u = n</td></tr>
 * <tr><td>{@code regions}</td><td>a majority of the regions that have one within them</td></tr>
 * <tr><td>n = 0</td><td>as before</td></tr>
 * <tr><td>n less than half of all vantage points</td><td>as before, or up by the rule: who hears
 * so few is more likely cut off than alone in seeing the truth</td></tr>
 * </table>
 *
 * @param rule how votes are counted
 * @param percent that have to be exceeded; for {@link Rule#SHARE} only; 0-99
 */
public record Quorum(Rule rule, int percent) {
  /** Route 53's: a target is up if more than 18 % of the checkers say so. */
  public static final Quorum DEFAULT = new Quorum(Rule.SHARE, 18);

  /** How votes are counted. */
  public enum Rule {
    /** More than a share. */
    SHARE,
    /** One is enough. */
    ANY,
    /** More than half; half and half change nothing. */
    MAJORITY,
    /** Every one. */
    ALL,
    /** A majority of the majorities within regions; a region of two halves has no say. */
    REGIONS
  }

  /**
   * One vantage point's say.
   *
   * @param region the vantage point's
   * @param up what it says
   */
  public record Ballot(String region, boolean up) {}

  /**
   * What came of a vote.
   *
   * @param up the verdict
   * @param healthy votes
   * @param voices vantage points that had a say
   * @param of all vantage points, this one among them
   * @param frozen whether there were too few voices to take it down, or none at all
   */
  public record Verdict(boolean up, int healthy, int voices, int of, boolean frozen) {
    /** What a server by itself begins with. */
    static Verdict alone(boolean up) {
      return new Verdict(up, up ? 1 : 0, 1, 1, false);
    }

    /** {@code 3 of 16 vantage points say healthy}. */
    String text() {
      String votes = healthy + " of " + voices + " vantage points say healthy";
      return frozen
          ? "kept, only " + voices + " of " + of + " vantage points heard; " + votes
          : votes;
    }
  }

  /** Reads {@code 18%}, {@code any}, {@code majority}, {@code all} or {@code regions}. */
  public static Quorum parse(String text) {
    if (text.matches("[0-9]{1,2}%")) {
      return new Quorum(Rule.SHARE, Integer.parseInt(text.substring(0, text.length() - 1)));
    }
    return switch (text) {
      case "any" -> new Quorum(Rule.ANY, 0);
      case "majority" -> new Quorum(Rule.MAJORITY, 0);
      case "all" -> new Quorum(Rule.ALL, 0);
      case "regions" -> new Quorum(Rule.REGIONS, 0);
      default ->
          throw new IllegalArgumentException(
              "'" + text + "' is none of any, majority, all, regions and a share such as 18%");
    };
  }

  /** The inverse of {@link #parse}. */
  @Override
  public String toString() {
    return rule == Rule.SHARE ? percent + "%" : rule.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Counts.
   *
   * @param ballots of the vantage points that have a voice
   * @param of how many vantage points there are
   * @param before the verdict until now
   */
  public Verdict decide(List<Ballot> ballots, int of, boolean before) {
    int voices = ballots.size();
    int healthy = (int) ballots.stream().filter(Ballot::up).count();
    boolean up = voices == 0 ? before : isUp(ballots, healthy, before);
    boolean frozen = voices == 0 || (before && !up && 2 * voices < of);
    return new Verdict(frozen ? before : up, healthy, voices, of, frozen);
  }

  private boolean isUp(List<Ballot> ballots, int healthy, boolean before) {
    int voices = ballots.size();
    return switch (rule) {
      case SHARE -> 100L * healthy > (long) percent * voices;
      case ANY -> healthy > 0;
      case MAJORITY -> majority(healthy, voices, before);
      case ALL -> healthy == voices;
      case REGIONS -> regionsAreUp(ballots, before);
    };
  }

  private static boolean majority(int healthy, int voices, boolean before) {
    return 2 * healthy == voices ? before : 2 * healthy > voices;
  }

  private static boolean regionsAreUp(List<Ballot> ballots, boolean before) {
    Map<String, Integer> surplus = new HashMap<>();
    ballots.forEach(ballot -> surplus.merge(ballot.region(), ballot.up() ? 1 : -1, Integer::sum));
    int up = (int) surplus.values().stream().filter(votes -> votes > 0).count();
    int down = (int) surplus.values().stream().filter(votes -> votes < 0).count();
    return majority(up, up + down, before);
  }
}
