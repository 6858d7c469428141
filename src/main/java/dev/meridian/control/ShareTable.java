package dev.meridian.control;

import dev.meridian.wire.DomainName;
import java.time.Duration;
import java.util.List;

/**
 * What each endpoint of the routed names that are counted should have of the answers, and what it
 * has had. Immutable.
 *
 * @param rows by name, type and endpoint, as the zones have them
 * @param window how far back {@link Row#recent} goes
 * @param omitted how many endpoints of names are not counted for want of room
 */
public record ShareTable(List<Row> rows, Duration window, int omitted) {
  /** Before anything was counted. */
  static final ShareTable EMPTY = new ShareTable(List.of(), Duration.ZERO, 0);

  /**
   * An endpoint of a name.
   *
   * @param zone the zone's apex
   * @param cell by which the loops count it
   * @param expected its part of all answers by the decisions in force: 0 to 1
   * @param total how often it has been chosen since the start
   * @param recent how often within the window
   */
  public record Row(
      DomainName zone,
      DomainName name,
      int type,
      String endpoint,
      int cell,
      double expected,
      long total,
      long recent) {}

  /** Copies the list. */
  public ShareTable {
    rows = List.copyOf(rows);
  }

  /** The rows of a name and type. */
  public List<Row> of(DomainName name, int type) {
    return rows.stream().filter(row -> row.type() == type && row.name().equals(name)).toList();
  }
}
