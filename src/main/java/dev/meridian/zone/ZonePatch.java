package dev.meridian.zone;

import dev.meridian.net.PrefixSet;
import dev.meridian.policy.PlacedEndpoint;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.rr.RRset;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A zone that differs from another one in a few names. What it makes answers as if it had been
 * built from all its records, and shares with the other zone all that is the same.
 *
 * <p>What policies answered in the other zone is not taken over: it is added anew.
 */
public final class ZonePatch implements ZoneDraft {
  /** With more names than this above a zone it is better to build another one. */
  static final int MAX_NAMES = 4096;

  private final Layout lower;

  /** By name, all records that it has now, where they may be others than in the lower layer. */
  private final Map<DomainName, List<RRset>> edits;

  private final Map<DomainName, List<RoutedRRset>> routed = new LinkedHashMap<>();
  private final List<PlacedEndpoint> endpoints = new ArrayList<>();
  private final LookupName scratch = new LookupName();
  private @Nullable PrefixSet access;

  /** Begins with the records of a zone. */
  public ZonePatch(Zone old) {
    lower = old.lower();
    Layout upper = old.upper();
    edits =
        upper == null || upper.amendment == null
            ? new HashMap<>()
            : new HashMap<>(upper.amendment.edits());
  }

  /**
   * Gives a name other records of a type.
   *
   * @param records null: none
   */
  public void set(DomainName owner, int type, @Nullable RRset records) {
    List<RRset> now = new ArrayList<>();
    boolean done = records == null;
    for (RRset rrset : content(owner)) {
      if (rrset.type() != type) {
        now.add(rrset);
      } else if (!done && records != null) {
        now.add(records);
        done = true;
      }
    }
    if (!done && records != null) {
      now.add(records);
    }
    edits.put(owner, List.copyOf(now));
  }

  /** Whether little enough has changed. */
  public boolean isSmall() {
    return edits.size() + lower.routed.length <= MAX_NAMES;
  }

  /** All records of a name in the zone file. */
  private List<RRset> content(DomainName owner) {
    List<RRset> edited = edits.get(owner);
    if (edited != null) {
      return edited;
    }
    scratch.set(owner);
    int node = lower.names.find(scratch, 0);
    return node < 0 ? List.of() : UpperLayer.records(lower, node);
  }

  @Override
  public DomainName apex() {
    return lower.apex;
  }

  @Override
  public boolean contains(DomainName owner) {
    return !content(owner).isEmpty() || routed.containsKey(owner);
  }

  @Override
  public List<Integer> typesAt(DomainName owner) {
    List<Integer> types = new ArrayList<>();
    content(owner).forEach(rrset -> types.add(rrset.type()));
    routed.getOrDefault(owner, List.of()).forEach(rrset -> types.add(rrset.type()));
    return types;
  }

  @Override
  public @Nullable RRset find(DomainName owner, int wanted) {
    for (RRset rrset : content(owner)) {
      if (rrset.type() == wanted) {
        return rrset;
      }
    }
    return null;
  }

  /** Not known any more: 0, or -1 if there is no such record. */
  @Override
  public long positionOf(DomainName owner, int wanted) {
    return typesAt(owner).contains(wanted) ? 0 : -1;
  }

  @Override
  public void forEachOwner(IntPredicate wanted, OwnerVisitor visitor) {
    Set<DomainName> names = new TreeSet<>(edits.keySet());
    names.addAll(routed.keySet());
    for (int node = 0; node < lower.names.size(); node++) {
      names.add(lower.names.name(node));
    }
    for (DomainName name : names) {
      List<Integer> types = typesAt(name);
      if (types.stream().anyMatch(wanted::test)) {
        visitor.visit(name, types);
      }
    }
  }

  /**
   * The names of the zone with records of such types that lead to one of these names.
   *
   * @param types of records with one name in RDATA
   */
  public Set<DomainName> leadingTo(Collection<DomainName> targets, IntPredicate types) {
    Set<DomainName> found = new TreeSet<>();
    new TargetSearch(targets).search(lower, types, node -> found.add(lower.names.name(node)));
    edits.forEach(
        (owner, rrsets) -> {
          found.remove(owner);
          for (RRset rrset : rrsets) {
            if (types.test(rrset.type()) && leadsTo(rrset, targets)) {
              found.add(owner);
            }
          }
        });
    return found;
  }

  private static boolean leadsTo(RRset rrset, Collection<DomainName> targets) {
    for (int i = 0; i < rrset.size(); i++) {
      int at = TargetSearch.octetsBeforeName(rrset.type());
      if (targets.contains(DomainName.ofWire(rrset.rdata(i), at))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void addRouted(DomainName owner, RoutedRRset rrset) {
    routed.computeIfAbsent(owner, _ -> new ArrayList<>()).add(rrset);
  }

  @Override
  public void addEndpoint(PlacedEndpoint endpoint) {
    endpoints.add(endpoint);
  }

  @Override
  public void confineTo(@Nullable PrefixSet clients) {
    access = clients;
  }

  @Override
  public PrefixSet clients() {
    return access == null ? PrefixSet.ALL : access;
  }

  /**
   * Makes the zone.
   *
   * @throws IllegalStateException if there is no SOA at the apex
   */
  public Zone build() {
    Layout upper = new UpperLayer(lower, edits, routed).lay();
    upper.endpoints = List.copyOf(endpoints);
    upper.access = access;
    Zone zone = new Zone(lower, upper);
    new TemplateMaker(zone).make();
    return zone;
  }
}
