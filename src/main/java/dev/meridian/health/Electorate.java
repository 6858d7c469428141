package dev.meridian.health;

/**
 * Who votes.
 *
 * @param vantage this vantage point: {@code REGION/NAME} or {@code NAME}; empty: it is alone
 * @param size how many vantage points there are, this one among them; at least 1
 * @param quorum how their votes are counted
 */
public record Electorate(String vantage, int size, Quorum quorum) {
  /** Nobody else: the verdict is one's own. */
  public static final Electorate ALONE = new Electorate("", 1, Quorum.DEFAULT);

  boolean isAlone() {
    return size == 1;
  }
}
