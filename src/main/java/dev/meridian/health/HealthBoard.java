package dev.meridian.health;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every check's status at one moment, and the eligibility that follows from them. Immutable; for
 * people, metrics and the API. Answers read only {@link #eligibility()}.
 *
 * @param statuses in the order of their index
 * @param eligibility the bits that answers go by
 * @param overrides in force; of several that match a check, the last decides
 * @param abstaining whether this vantage point gives no votes, because most of what it sees fail is
 *     seen to work by others
 */
public record HealthBoard(
    List<HealthStatus> statuses,
    EligibilitySnapshot eligibility,
    List<HealthOverride> overrides,
    boolean abstaining) {
  /** No checks. */
  public static final HealthBoard EMPTY = new HealthBoard(List.of(), EligibilitySnapshot.ALL);

  /** Copies the lists. */
  public HealthBoard {
    statuses = List.copyOf(statuses);
    overrides = List.copyOf(overrides);
  }

  /** A board without overrides. */
  public HealthBoard(List<HealthStatus> statuses, EligibilitySnapshot eligibility) {
    this(statuses, eligibility, List.of());
  }

  /** A board of a vantage point that votes. */
  public HealthBoard(
      List<HealthStatus> statuses,
      EligibilitySnapshot eligibility,
      List<HealthOverride> overrides) {
    this(statuses, eligibility, overrides, false);
  }

  /** The overrides that were decided in one way, in their order. */
  public List<HealthOverride> overrides(HealthOverride.Origin origin) {
    return overrides.stream().filter(each -> each.origin() == origin).toList();
  }

  /** The status of the check with this number, or null if nothing watches it. */
  public @Nullable HealthStatus status(int index) {
    int low = 0;
    int high = statuses.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      HealthStatus status = statuses.get(middle);
      if (status.index() == index) {
        return status;
      }
      if (status.index() < index) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return null;
  }

  /** The status of the check with this id, or null if nothing watches it. Looks at every one. */
  public @Nullable HealthStatus status(String id) {
    for (HealthStatus status : statuses) {
      if (status.id().equals(id)) {
        return status;
      }
    }
    return null;
  }
}
