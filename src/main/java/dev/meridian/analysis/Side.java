package dev.meridian.analysis;

import dev.meridian.answer.Outcome.Range;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.master.RdataText;
import dev.meridian.net.PrefixPartition;
import dev.meridian.policy.Chances;
import dev.meridian.policy.Decisions;
import dev.meridian.policy.Resilience;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.rr.EncodedRRset;
import dev.meridian.rr.RRType;
import dev.meridian.wire.Octets;
import dev.meridian.zone.Zone;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One of two RRsets that are compared: of the zone file, or answered by policy. Contents are
 * compared by their records, whatever operators call them, so that a new name for an endpoint is no
 * change.
 */
final class Side {
  /** Stands for NODATA. */
  static final Content NOTHING = new Content("no answer", Set.of());

  /** Stands for SERVFAIL. */
  static final Content FAILURE = new Content("SERVFAIL", Set.of("SERVFAIL"));

  /** Whether a label stands for nothing to go by. */
  static boolean isNoAnswer(String label) {
    return label.equals(NOTHING.label) || label.equals(FAILURE.label);
  }

  /** For all that is the same for every client: one object, so that walks are shared. */
  private static final PrefixPartition EVERYBODY = PrefixPartition.uniform(0);

  /**
   * Something that can be answered.
   *
   * @param label endpoint id, or the records themselves
   * @param records RDATA in presentation format
   */
  record Content(String label, Set<String> records) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Content that && records.equals(that.records);
    }

    @Override
    public int hashCode() {
      return records.hashCode();
    }
  }

  private final @Nullable RoutedRRset routed;
  private final byte[] records;
  private final int[] recordsAt;
  private @Nullable Resilience resilience;

  private Side(@Nullable RoutedRRset routed, byte[] records, int[] recordsAt) {
    this.routed = routed;
    this.records = records;
    this.recordsAt = recordsAt;
  }

  static Side of(Zone zone, int rrset) {
    if (!zone.isRouted(rrset)) {
      byte[] octets =
          Arrays.copyOfRange(zone.records(rrset), zone.recordsAt(rrset), zone.recordsEnd(rrset));
      return new Side(null, octets, new int[] {0, octets.length});
    }
    RoutedRRset routed = zone.routed(zone.routedIndex(rrset));
    int[] at = new int[routed.leafCount() + 1];
    Arrays.setAll(at, routed::recordsAt);
    return new Side(routed, routed.records(), at);
  }

  @Nullable RoutedRRset routed() {
    return routed;
  }

  PrefixPartition classes() {
    return routed == null ? EVERYBODY : routed.classes();
  }

  BitSet checks() {
    return routed == null ? new BitSet() : routed.checks();
  }

  /** The smallest and the largest TTL. */
  Range ttls() {
    long low = Long.MAX_VALUE;
    long high = 0;
    for (int at = 0; at < records.length; at = EncodedRRset.next(records, at)) {
      long ttl = Octets.getInt(records, at + EncodedRRset.TTL_OFFSET);
      low = Math.min(low, ttl);
      high = Math.max(high, ttl);
    }
    return new Range(low, high);
  }

  /** All RDATA of all contents. */
  Set<String> allRecords() {
    Set<String> all = new HashSet<>();
    for (int leaf = 0; leaf + 1 < recordsAt.length; leaf++) {
      all.addAll(content(leaf).records());
    }
    return all;
  }

  /**
   * Whether it has addresses, and all of them are of those that no packet leaves its host for (RFC
   * 6890 §2.2.2): unspecified, loopback and link-local ones.
   */
  boolean leadsNowhere() {
    Set<String> all = allRecords();
    return !all.isEmpty() && all.stream().allMatch(Side::isNowhere);
  }

  private static boolean isNowhere(String line) {
    boolean ipv4 = line.startsWith("A 0.") || line.startsWith("A 127.");
    return ipv4
        || line.startsWith("A 169.254.")
        || line.equals("AAAA ::")
        || line.equals("AAAA ::1")
        || line.startsWith("AAAA fe80:");
  }

  /** What answers in one state of health. */
  View view(EligibilitySnapshot eligibility) {
    return new View(routed == null ? null : routed.decide(eligibility));
  }

  private Content content(int leaf) {
    Set<String> lines = new TreeSet<>();
    for (int at = recordsAt[leaf]; at < recordsAt[leaf + 1]; ) {
      int next = EncodedRRset.next(records, at);
      int type = Octets.getShort(records, at + EncodedRRset.TYPE_OFFSET);
      byte[] rdata = Arrays.copyOfRange(records, at + EncodedRRset.RDATA_OFFSET, next);
      lines.add(RRType.toText(type) + " " + RdataText.of(type, rdata));
      at = next;
    }
    if (routed != null && lines.isEmpty()) {
      lines.add(
          "alias " + routed.leafId(leaf)); // a name elsewhere: what it resolves to is not ours
    }
    return new Content(routed == null ? label(lines) : routed.leafId(leaf), lines);
  }

  private static String label(Set<String> lines) {
    String text = lines.stream().limit(2).collect(Collectors.joining(", "));
    return lines.size() > 2 ? text + ", … (" + lines.size() + ")" : text;
  }

  /** How many different contents a class can be answered with, whatever is healthy. */
  int reach(int clientClass) {
    if (routed == null) {
      return 1;
    }
    Set<Content> contents = new HashSet<>();
    resilience(routed).reach(clientClass).stream().forEach(leaf -> contents.add(content(leaf)));
    return contents.size();
  }

  /** See {@link Resilience#singlePoints}. */
  Map<Integer, BitSet> singlePoints() {
    return routed == null ? Map.of() : resilience(routed).singlePoints();
  }

  /** The classes with something healthy; a record of the zone file always is. */
  BitSet served(EligibilitySnapshot eligibility) {
    if (routed != null) {
      return resilience(routed).served(eligibility);
    }
    BitSet all = new BitSet();
    all.set(0);
    return all;
  }

  private Resilience resilience(RoutedRRset of) {
    Resilience known = resilience;
    if (known == null) {
      known = new Resilience(of);
      resilience = known;
    }
    return known;
  }

  /** A side in one state of health. */
  final class View {
    private final @Nullable Decisions decisions;

    private View(@Nullable Decisions decisions) {
      this.decisions = decisions;
    }

    /** How likely a class is answered what. */
    Map<Content, Double> answers(int clientClass) {
      RoutedRRset rrset = routed;
      if (rrset == null || decisions == null) {
        return Map.of(content(0), 1.0);
      }
      Chances chances = rrset.chances(decisions, clientClass);
      Map<Content, BitSet> leaves = new LinkedHashMap<>();
      for (int leaf = 0; leaf < rrset.leafCount(); leaf++) {
        if (chances.leaf(leaf) > 0) {
          leaves.computeIfAbsent(content(leaf), _ -> new BitSet()).set(leaf);
        }
      }
      Map<Content, Double> answers = new LinkedHashMap<>();
      leaves.forEach((content, of) -> answers.put(content, chances.any(of::get)));
      put(answers, NOTHING, chances.none());
      put(answers, FAILURE, chances.failure());
      return answers;
    }

    private static void put(Map<Content, Double> answers, Content content, double chance) {
      if (chance > 0) {
        answers.put(content, chance);
      }
    }
  }
}
