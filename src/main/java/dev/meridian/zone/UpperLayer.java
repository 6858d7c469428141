package dev.meridian.zone;

import dev.meridian.policy.RoutedRRset;
import dev.meridian.rr.EncodedRRset;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.rr.RdataLayout;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import dev.meridian.wire.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Works out which names the upper layer of a zone must have, so that what it and the lower layer
 * say together is what a zone built from all records would say, and lays it out:
 *
 * <pre>
 * the apex, for all that is said of the zone as a whole
 * names whose records are others, and those that policies answered or answer for
 * empty non-terminals that come or go with them
 * what is above an asterisk that is in the layer: it knows its wildcard
 * what is below a cut or a DNAME that is in the layer, or was one: it knows what governs it
 * what has addresses in its template of a name whose records or governor are others
 * </pre>
 *
 * <p>The lower layer is run over once or twice, which takes a millisecond or two for a million
 * records, and is never copied.
 */
final class UpperLayer {
  /** A name that the layer has, or an ancestor in the lower layer that may have to go. */
  private static final class Member {
    final DomainName name;
    final int lowerNode;

    /** Names right below it that exist; complete only while existence is worked out. */
    int children;

    boolean exists;

    Member(DomainName name, int lowerNode) {
      this.name = name;
      this.lowerNode = lowerNode;
    }
  }

  private static final Comparator<Member> UPWARDS =
      Comparator.comparingInt((Member member) -> member.name.labelCount()).reversed();

  private final Layout lower;
  private final Map<DomainName, List<RRset>> edits;
  private final Map<DomainName, List<RoutedRRset>> routed;
  private final Map<DomainName, Member> members = new HashMap<>();
  private final BitSet hidden = new BitSet();
  private final BitSet governors = new BitSet();
  private final LookupName scratch = new LookupName();

  UpperLayer(
      Layout lower, Map<DomainName, List<RRset>> edits, Map<DomainName, List<RoutedRRset>> routed) {
    this.lower = lower;
    this.edits = edits;
    this.routed = routed;
  }

  /** The records of the zone file that a node of a layer has. */
  static List<RRset> records(Layout layer, int node) {
    List<RRset> all = new ArrayList<>();
    for (int rrset = layer.firstRRset[node]; rrset < layer.firstRRset[node + 1]; rrset++) {
      if (layer.form[rrset] >= Lookup.NONE) {
        all.add(records(layer.records, layer.recordsAt[rrset], layer.recordsAt[rrset + 1]));
      }
    }
    return all;
  }

  private static RRset records(byte[] records, int from, int to) {
    List<byte[]> rdata = new ArrayList<>();
    for (int at = from; at < to; at = EncodedRRset.next(records, at)) {
      int next = EncodedRRset.next(records, at);
      rdata.add(Arrays.copyOfRange(records, at + EncodedRRset.RDATA_OFFSET, next));
    }
    return new RRset(
        Octets.getShort(records, from + EncodedRRset.TYPE_OFFSET),
        Octets.getInt(records, from + EncodedRRset.TTL_OFFSET),
        rdata);
  }

  Layout lay() {
    include(lower.apex);
    edits.keySet().forEach(this::include);
    routed.keySet().forEach(this::include);
    includeRouted();
    includeBelowGovernors();
    includeLeadingTo(List.copyOf(members.keySet()));
    int before;
    do {
      before = members.size();
      includeBelowGovernors();
      workOutExistence();
    } while (members.size() > before);
    return laid();
  }

  private int lowerNode(DomainName name) {
    scratch.set(name);
    return lower.names.find(scratch, 0);
  }

  private void include(DomainName name) {
    if (members.containsKey(name)) {
      return;
    }
    int node = lowerNode(name);
    members.put(name, new Member(name, node));
    if (node >= 0) {
      hidden.set(node);
      if (isGovernor(name, node)) {
        governors.set(node);
      }
    }
    if (!name.equals(lower.apex) && (name.isWildcard() || lowerNode(name.parent()) < 0)) {
      include(name.parent());
    }
  }

  /** Whether names below it are governed by it, or were. */
  private boolean isGovernor(DomainName name, int node) {
    boolean was = lower.boundary[node] == node || (lower.flags[node] & Zone.HAS_DNAME) != 0;
    List<RRset> records = content(name);
    return was || has(records, RRType.DNAME) || (has(records, RRType.NS) && node > 0);
  }

  private static boolean has(List<RRset> records, int type) {
    return records.stream().anyMatch(rrset -> rrset.type() == type);
  }

  private List<RRset> content(DomainName name) {
    List<RRset> edited = edits.get(name);
    if (edited != null) {
      return edited;
    }
    int node = lowerNode(name);
    return node < 0 ? List.of() : records(lower, node);
  }

  private void includeRouted() {
    int node = 0;
    for (int rrset = 0; lower.routed.length > 0 && rrset < lower.form.length; rrset++) {
      if (lower.form[rrset] < Lookup.NONE) {
        while (lower.firstRRset[node + 1] <= rrset) {
          node++;
        }
        include(lower.names.name(node));
      }
    }
  }

  private void includeBelowGovernors() {
    if (governors.isEmpty()) {
      return;
    }
    BitSet below = (BitSet) governors.clone();
    int[] parent = lower.parents();
    for (int node = governors.nextSetBit(0) + 1; node < parent.length; node++) {
      if (below.get(parent[node])) {
        below.set(node);
      }
    }
    governors.clear();
    below.stream().forEach(node -> include(lower.names.name(node)));
    governors.clear(); // those below are governed by one that is done
  }

  private void includeLeadingTo(Collection<DomainName> names) {
    Set<DomainName> leading = new HashSet<>();
    new TargetSearch(names)
        .search(
            lower,
            type -> type == RRType.NS || RdataLayout.isServiceBinding(type),
            node -> leading.add(lower.names.name(node)));
    leading.forEach(this::include);
  }

  /**
   * A name exists if it owns something or one below it exists (RFC 4592 §2.2.2): from the deepest
   * up, each that comes or goes changes the count of the one above it.
   */
  private void workOutExistence() {
    Map<DomainName, Member> all = new HashMap<>();
    for (Member member : List.copyOf(members.values())) {
      for (DomainName name = member.name; all.putIfAbsent(name, at(name)) == null; ) {
        if (name.equals(lower.apex)) {
          break;
        }
        name = name.parent();
      }
    }
    int[] children = lower.childCounts();
    all.values().forEach(m -> m.children = m.lowerNode < 0 ? 0 : children[m.lowerNode]);
    List<Member> upwards = new ArrayList<>(all.values());
    upwards.sort(UPWARDS);
    for (Member member : upwards) {
      member.exists = member.children > 0 || owns(member.name) || member.name.equals(lower.apex);
      if (member.exists != member.lowerNode >= 0) {
        include(member.name);
        Member above = all.get(member.name.parent());
        if (above != null) {
          above.children += member.exists ? 1 : -1;
        }
      }
      Member included = members.get(member.name);
      if (included != null) {
        included.exists = member.exists;
      }
    }
  }

  private Member at(DomainName name) {
    Member known = members.get(name);
    return known == null ? new Member(name, lowerNode(name)) : known;
  }

  private boolean owns(DomainName name) {
    return routed.containsKey(name) || !content(name).isEmpty();
  }

  private Layout laid() {
    List<Member> order = new ArrayList<>();
    for (Member member : members.values()) {
      if (member.exists || member.lowerNode >= 0) {
        order.add(member);
      }
    }
    order.sort(UPWARDS.reversed());
    NameTable names = new NameTable(order.size());
    for (Member member : order) {
      scratch.set(member.name);
      names.add(scratch, 0);
    }
    names = names.trimmed();
    Layout upper = new Layout(lower.apex, names);
    List<RoutedRRset> allRouted = new ArrayList<>();
    layRRsets(upper, order, allRouted);
    upper.routed = allRouted.toArray(new RoutedRRset[0]);
    layBoundaries(upper, order);
    int present = (int) order.stream().filter(member -> member.exists).count();
    upper.amendment = new Amendment(Map.copyOf(edits), hidden, rrsetsOf(hidden), present);
    upper.recordCount = lower.recordCount - recordsBefore() + recordsNow();
    return upper;
  }

  private void layRRsets(Layout upper, List<Member> order, List<RoutedRRset> allRouted) {
    upper.firstRRset = new int[order.size() + 1];
    upper.flags = new byte[order.size()];
    List<@Nullable RRset> rows = new ArrayList<>();
    List<Integer> types = new ArrayList<>();
    List<Integer> forms = new ArrayList<>();
    for (int node = 0; node < order.size(); node++) {
      Member member = order.get(node);
      upper.firstRRset[node] = rows.size();
      List<RRset> records = member.exists ? content(member.name) : List.of();
      for (RRset rrset : records) {
        rows.add(rrset);
        types.add(rrset.type());
        forms.add(Lookup.NONE);
      }
      for (RoutedRRset rrset : routed.getOrDefault(member.name, List.of())) {
        rows.add(null);
        types.add(rrset.type());
        allRouted.add(rrset);
        forms.add(-1 - allRouted.size());
      }
      upper.flags[node] = flags(member, types.subList(upper.firstRRset[node], types.size()));
    }
    upper.firstRRset[order.size()] = rows.size();
    encode(upper, rows, types, forms);
  }

  private static byte flags(Member member, List<Integer> types) {
    if (!member.exists) {
      return Zone.IS_GONE;
    }
    int flags = types.contains(RRType.CNAME) ? Zone.HAS_CNAME : 0;
    return (byte) (types.contains(RRType.DNAME) ? flags | Zone.HAS_DNAME : flags);
  }

  private static void encode(
      Layout upper, List<@Nullable RRset> rows, List<Integer> types, List<Integer> forms) {
    int count = rows.size();
    upper.type = new char[count];
    upper.count = new char[count];
    upper.form = new int[count];
    upper.recordsAt = new int[count + 1];
    byte[][] octets = new byte[count][];
    for (int i = 0; i < count; i++) {
      RRset rrset = rows.get(i);
      octets[i] = rrset == null ? new byte[0] : EncodedRRset.encode(rrset);
      upper.type[i] = (char) (int) types.get(i);
      upper.count[i] = (char) (rrset == null ? 0 : rrset.size());
      upper.form[i] = forms.get(i);
      upper.recordsAt[i + 1] = upper.recordsAt[i] + octets[i].length;
    }
    upper.records = new byte[upper.recordsAt[count]];
    for (int i = 0; i < count; i++) {
      System.arraycopy(octets[i], 0, upper.records, upper.recordsAt[i], octets[i].length);
    }
  }

  /** As {@link ZoneBuilder} does it; a parent is in the lower layer or stands before its child. */
  private void layBoundaries(Layout upper, List<Member> order) {
    int first = lower.names.size();
    Zone both = new Zone(lower, withoutBoundaries(upper, order.size()));
    for (int node = 0; node < order.size(); node++) {
      Member member = order.get(node);
      if (member.exists) {
        upper.boundary[node] = boundary(both, member, first + node);
        upper.wildcard[node] = asterisk(both, member);
      }
    }
  }

  private int asterisk(Zone both, Member member) {
    boolean room = member.name.length() + 2 <= LookupName.MAX_LENGTH;
    if (!room) {
      return Lookup.NONE;
    }
    scratch.set(member.name.child("*"));
    return both.node(scratch);
  }

  private static Layout withoutBoundaries(Layout upper, int nodes) {
    upper.boundary = new int[nodes];
    upper.wildcard = new int[nodes];
    Arrays.fill(upper.boundary, Lookup.NONE);
    Arrays.fill(upper.wildcard, Lookup.NONE);
    return upper;
  }

  private int boundary(Zone both, Member member, int node) {
    if (member.name.equals(lower.apex)) {
      return Lookup.NONE;
    }
    scratch.set(member.name.parent());
    int above = both.node(scratch);
    if (both.boundary(above) >= 0) {
      return both.boundary(above);
    }
    if (both.hasDname(above)) {
      return above;
    }
    boolean cut = !member.name.isWildcard() && both.rrset(node, RRType.NS) >= 0;
    return cut ? node : Lookup.NONE;
  }

  private int rrsetsOf(BitSet nodes) {
    return nodes.stream().map(node -> lower.firstRRset[node + 1] - lower.firstRRset[node]).sum();
  }

  private int recordsBefore() {
    int records = 0;
    for (DomainName name : edits.keySet()) {
      int node = lowerNode(name);
      records += node < 0 ? 0 : size(records(lower, node));
    }
    return records;
  }

  private int recordsNow() {
    return edits.values().stream().mapToInt(UpperLayer::size).sum();
  }

  private static int size(List<RRset> rrsets) {
    return rrsets.stream().mapToInt(RRset::size).sum();
  }
}
