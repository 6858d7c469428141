package dev.meridian.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code docs/PEERS.md}: its tables are the list of differences, the text around them the reasons.
 */
final class DifferenceList {
  static final Path FILE = Path.of("docs/PEERS.md");

  /** Where an update puts what nobody has given a reason for; not empty: the test fails. */
  static final String UNEXPLAINED = "## Not explained yet";

  private static final String HEADING =
      "| case | query | server | they | we |\n|---|---|---|---|---|";
  private static final int CELLS = 5;

  private DifferenceList() {}

  /** One server's other opinion. */
  record Difference(String file, String query, Peer peer, String they, String we) {
    private String key() {
      return String.join(" | ", file, query, "", they, we);
    }
  }

  /** All that is listed. */
  static Set<Difference> read() throws IOException {
    Set<Difference> all = new LinkedHashSet<>();
    for (String line : Files.readAllLines(FILE)) {
      all.addAll(row(line));
    }
    return all;
  }

  private static List<Difference> row(String line) {
    String[] cells = line.split(" \\| ", -1);
    if (cells.length != CELLS || !line.startsWith("| ") || line.startsWith("| case ")) {
      return List.of();
    }
    List<Difference> row = new ArrayList<>();
    for (String server : cells[2].split(", ", -1)) {
      for (Peer peer : Peer.values()) {
        if (peer.title().equals(server)) {
          String we = cells[4].substring(0, cells[4].lastIndexOf(" |"));
          row.add(new Difference(cells[0].substring(2), cells[1], peer, cells[3], we));
        }
      }
    }
    return row;
  }

  /** Rows in the form of the file; servers of one opinion share a row. */
  static List<String> rows(Collection<Difference> differences) {
    Map<String, List<Difference>> shared = new LinkedHashMap<>();
    for (Difference difference : differences) {
      shared.computeIfAbsent(difference.key(), _ -> new ArrayList<>()).add(difference);
    }
    return shared.values().stream().map(DifferenceList::row).toList();
  }

  private static String row(List<Difference> shared) {
    Difference one = shared.getFirst();
    String servers =
        shared.stream()
            .map(Difference::peer)
            .sorted()
            .map(Peer::title)
            .collect(Collectors.joining(", "));
    return "| %s | %s | %s | %s | %s |"
        .formatted(one.file(), one.query(), servers, one.they(), one.we());
  }

  /** Takes out the rows that no longer occur, and puts new ones at the end, without a reason. */
  static void update(Set<Difference> found) throws IOException {
    Set<Difference> listed = read();
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(FILE)) {
      List<Difference> row = row(line);
      List<Difference> still = row.stream().filter(found::contains).toList();
      if (row.isEmpty()) {
        lines.add(line);
      } else if (!still.isEmpty()) {
        lines.addAll(rows(still));
      }
    }
    List<Difference> unlisted = found.stream().filter(one -> !listed.contains(one)).toList();
    if (!unlisted.isEmpty()) {
      if (!lines.contains(UNEXPLAINED)) {
        lines.add("");
        lines.add(UNEXPLAINED);
        lines.add("");
        lines.addAll(List.of(HEADING.split("\n", -1)));
      }
      lines.addAll(rows(unlisted));
    }
    Files.write(FILE, lines);
  }
}
