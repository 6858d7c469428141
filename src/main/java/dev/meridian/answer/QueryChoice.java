package dev.meridian.answer;

import dev.meridian.policy.RoutedRRset;
import java.util.List;

/**
 * What a policy chose for one query.
 *
 * @param zone of the RRset, and its number there: by these the state knows its decisions
 * @param clientClass the class of clients that the client fell into
 * @param leaves those of the RRset that were chosen, at most eight; none: there is no answer
 */
public record QueryChoice(
    RoutedRRset rrset, int zone, int number, int clientClass, List<Integer> leaves) {
  /** Copies the list. */
  public QueryChoice {
    leaves = List.copyOf(leaves);
  }
}
