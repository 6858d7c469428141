package dev.meridian.geo;

import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixPartition;
import dev.meridian.text.Reasons;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Round-trip times from client networks to regions, measured by the operator: the stand-in for the
 * measurements that Route 53's latency routing keeps to itself.
 *
 * <p>The file is CSV. The first line is {@code network,region,ms}; every other one names
 *
 * <ul>
 *   <li>a network: a prefix, {@code AS64500}, or an ISO 3166-1 country, {@code CN};
 *   <li>a region, by any name: an AWS region or a site of one's own;
 *   <li>the time in milliseconds, 0 or more, with decimals if wanted.
 * </ul>
 *
 * <p>Empty lines and lines that start with {@code #} do not count. All lines of one network make up
 * a row. A client belongs to one row: that of the longest prefix around it, else of its autonomous
 * system, else of its country. A region that this row does not name has no time there, even if a
 * wider network's row has one, so that times from different campaigns are never compared.
 *
 * <p>Rows are numbered from 1; 0 stands for no row. Immutable; shared by all threads.
 */
public final class LatencyTable {
  /** The table without rows. */
  public static final LatencyTable EMPTY =
      new LatencyTable(PrefixPartition.uniform(0), Map.of(), Map.of(), List.of(Map.of()));

  private final PrefixPartition rowsByPrefix;
  private final Map<Integer, Integer> rowsByAsn;
  private final Map<String, Integer> rowsByCountry;
  private final List<Map<String, Double>> rows;

  private LatencyTable(
      PrefixPartition rowsByPrefix,
      Map<Integer, Integer> rowsByAsn,
      Map<String, Integer> rowsByCountry,
      List<Map<String, Double>> rows) {
    this.rowsByPrefix = rowsByPrefix;
    this.rowsByAsn = rowsByAsn;
    this.rowsByCountry = rowsByCountry;
    this.rows = rows;
  }

  /**
   * Reads a file in UTF-8.
   *
   * @throws GeoException with every problem, or if the file cannot be read
   */
  public static LatencyTable load(Path file) {
    try {
      return parse(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new GeoException(
          file.toString(),
          "the file cannot be read as " + StandardCharsets.UTF_8 + " text: " + Reasons.of(e),
          e);
    }
  }

  /**
   * Reads the text of a file.
   *
   * @param name of the file, for the exception's message
   * @throws GeoException with every problem
   */
  public static LatencyTable parse(String text, String name) {
    Parser parser = new Parser(name);
    parser.read(text);
    if (!parser.problems.isEmpty()) {
      throw new GeoException(parser.problems);
    }
    return parser.table();
  }

  /**
   * Every address with the number of the row of the longest prefix around it; 0 if there is none.
   */
  public PrefixPartition rowsByPrefix() {
    return rowsByPrefix;
  }

  /** The row of an autonomous system, 0 if there is none. */
  public int rowByAsn(int asNumber) {
    return rowsByAsn.getOrDefault(asNumber, 0);
  }

  /** The row of a country by its ISO 3166-1 code in upper case, 0 if there is none. */
  public int rowByCountry(String country) {
    return rowsByCountry.getOrDefault(country, 0);
  }

  /** Milliseconds from a row's network to a region; NaN if not measured, or for row 0. */
  public double ms(int row, String region) {
    return rows.get(row).getOrDefault(region, Double.NaN);
  }

  /** Whether there is no row at all. */
  public boolean isEmpty() {
    return rows.size() == 1;
  }

  /** One more than the highest row number. */
  public int rowCount() {
    return rows.size();
  }

  /** Every region that some row names, in alphabetical order. */
  public Set<String> regions() {
    Set<String> regions = new TreeSet<>();
    rows.forEach(row -> regions.addAll(row.keySet()));
    return regions;
  }

  /** Collects rows and problems from the lines of a file. */
  private static final class Parser {
    private static final String HEADER = "network,region,ms";

    private final String file;
    private final List<GeoException.Problem> problems = new ArrayList<>();
    private final List<Map<String, Double>> rows = new ArrayList<>(List.of(Map.of()));
    private final Map<Prefix, Integer> byPrefix = new HashMap<>();
    private final Map<Integer, Integer> byAsn = new HashMap<>();
    private final Map<String, Integer> byCountry = new HashMap<>();
    private int lineNumber;

    Parser(String file) {
      this.file = file;
    }

    void read(String text) {
      boolean headerSeen = false;
      for (String line : text.lines().toList()) {
        lineNumber++;
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        if (headerSeen) {
          readLine(line);
        } else {
          headerSeen = true;
          checkHeader(line);
        }
      }
      if (!headerSeen) {
        lineNumber = Math.max(1, lineNumber);
        problem(1, "the file has no lines; the first one must be '" + HEADER + "'");
      }
    }

    private void checkHeader(String line) {
      if (!line.replace(" ", "").equals(HEADER)) {
        problem(1, "the first line must be '" + HEADER + "', it is '" + line + "'");
      }
    }

    private void readLine(String line) {
      String[] cells = line.split(",", -1);
      if (cells.length != 3) {
        problem(1, "a line has 3 cells, network,region,ms; this one has " + cells.length);
        return;
      }
      int regionColumn = cells[0].length() + 2;
      int msColumn = regionColumn + cells[1].length() + 1;
      int row = rowOf(cells[0].strip());
      String region = cells[1].strip();
      double ms = milliseconds(cells[2].strip(), msColumn);
      if (region.isEmpty()) {
        problem(regionColumn, "the region is missing");
      } else if (row > 0 && ms >= 0 && rows.get(row).putIfAbsent(region, ms) != null) {
        problem(
            regionColumn,
            "'" + cells[0].strip() + "' has a time for '" + region + "' already; keep one of them");
      }
    }

    /** The row of a network, new or known; 0 after a problem. */
    private int rowOf(String network) {
      if (network.matches("AS\\d{1,10}")) {
        long number = Long.parseLong(network.substring(2));
        if (number == 0 || number > Integer.MAX_VALUE) {
          return problem(1, "AS numbers go from 1 to " + Integer.MAX_VALUE + ", not " + number);
        }
        return byAsn.computeIfAbsent((int) number, key -> newRow());
      }
      if (network.matches("[A-Z]{2}")) {
        return Countries.isKnown(network)
            ? byCountry.computeIfAbsent(network, key -> newRow())
            : problem(1, "'" + network + "' is not an ISO 3166-1 country");
      }
      if (!network.contains(".") && !network.contains(":")) {
        return problem(
            1, "'" + network + "' is not a network; write a prefix, AS64500, or a country as CN");
      }
      try {
        return byPrefix.computeIfAbsent(Prefix.parse(network), key -> newRow());
      } catch (IllegalArgumentException e) {
        return problem(1, String.valueOf(e.getMessage()));
      }
    }

    private int newRow() {
      rows.add(new HashMap<>());
      return rows.size() - 1;
    }

    private double milliseconds(String text, int column) {
      if (text.matches("\\d{1,9}(\\.\\d{1,9})?")) {
        return Double.parseDouble(text);
      }
      problem(column, "'" + text + "' is not a time in milliseconds, such as 80 or 12.5");
      return -1;
    }

    private int problem(int column, String message) {
      problems.add(new GeoException.Problem(file, lineNumber, column, message));
      return 0;
    }

    LatencyTable table() {
      PrefixPartition.Builder prefixes = PrefixPartition.builder(0);
      byPrefix.forEach(prefixes::put);
      return new LatencyTable(
          prefixes.build(),
          Map.copyOf(byAsn),
          Map.copyOf(byCountry),
          rows.stream().map(Map::copyOf).toList());
    }
  }
}
