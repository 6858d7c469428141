package dev.meridian.policyfile;

import dev.meridian.master.RecordCollector;
import dev.meridian.policyfile.AnswerReader.Alias;
import dev.meridian.policyfile.PolicyFileReader.PolicyFile;
import dev.meridian.rr.RRType;
import dev.meridian.source.Reporter;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.ZoneRecords;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What policy file and master file can only tell together: that no name and type is in both, that
 * CNAMEs stand alone, that aliases lead somewhere and not round in a circle, and that nothing is
 * hidden below a delegation. Aliases into other zones are the compiler's to check.
 */
public final class PolicyChecks {
  /** Never answered through an alias: Route 53 (SOA, NS), and what belongs to one name only. */
  public static final Set<Integer> NOT_ALIASED =
      Set.of(
          RRType.SOA,
          RRType.NS,
          RRType.DNAME,
          RRType.DS,
          RRType.RRSIG,
          RRType.NSEC,
          RRType.NSEC3,
          RRType.DNSKEY);

  /** Aliases of aliases; the compiler's limit too. */
  private static final int MAX_ALIASES = 16;

  private static final Set<Integer> ADDRESSES = Set.of(RRType.A, RRType.AAAA);

  private final ZoneRecords zone;
  private final Reporter reporter;
  private final PolicyFile policy;
  private final Map<DomainName, RoutedOwner> routed = new HashMap<>();
  private final Map<DomainName, Targets> targets = new HashMap<>();
  private final Map<DomainName, Set<Integer>> aliasTypes = new HashMap<>();
  private final Set<DomainName> free = new HashSet<>();

  public PolicyChecks(ZoneRecords zone, Reporter reporter, PolicyFile policy) {
    this.zone = zone;
    this.reporter = reporter;
    this.policy = policy;
    for (RoutedOwner owner : policy.routed()) {
      routed.put(owner.owner(), owner);
      targets.put(owner.owner(), Targets.of(owner.target()));
    }
  }

  /** Runs all of them. */
  public void run() {
    int errors = reporter.errorCount();
    policy.routed().forEach(owner -> circle(owner, new ArrayList<>()));
    if (reporter.errorCount() == errors) {
      for (RoutedOwner owner : policy.routed()) {
        staticData(owner);
        cname(owner);
        hidden(owner);
      }
    }
    for (Alias alias : policy.aliases()) {
      boolean here = alias.name().isAtOrBelow(zone.apex());
      if (here && !routed.containsKey(alias.name()) && !zone.contains(alias.name())) {
        reporter.error(
            alias.position(),
            "alias to " + alias.name() + ", which neither the zone file nor this file has");
      }
    }
  }

  private void staticData(RoutedOwner owner) {
    Set<Integer> present = new TreeSet<>(zone.typesAt(owner.owner()));
    Set<Integer> clash = new TreeSet<>(typesThroughAliases(owner.owner()));
    clash.retainAll(ADDRESSES);
    clash.addAll(owner.types());
    for (int type : present) {
      if (clash.contains(type) || type == RRType.CNAME) {
        reporter.error(
            owner.position(),
            RecordCollector.label(owner.owner(), type)
                + " is in the zone file too ("
                + reporter.describe(zone.positionOf(owner.owner(), type))
                + "); keep one of the two");
      }
    }
  }

  /** What a name answers because of aliases; there are no circles any more, and no long chains. */
  private Set<Integer> typesThroughAliases(DomainName owner) {
    Set<Integer> known = aliasTypes.get(owner);
    if (known != null) {
      return known;
    }
    Set<Integer> types = new TreeSet<>();
    RoutedOwner self = routed.get(owner);
    for (DomainName alias :
        self != null && self.aliased() ? aliasesOf(owner) : Set.<DomainName>of()) {
      types.addAll(zone.typesAt(alias));
      RoutedOwner next = routed.get(alias);
      if (next != null) {
        types.addAll(next.types());
        types.addAll(typesThroughAliases(alias));
      }
    }
    types.removeAll(NOT_ALIASED);
    aliasTypes.put(owner, types);
    return types;
  }

  private Set<DomainName> aliasesOf(DomainName owner) {
    Targets own = targets.get(owner);
    return own == null ? Set.of() : own.aliases();
  }

  private void cname(RoutedOwner owner) {
    Set<Integer> types = new TreeSet<>(typesThroughAliases(owner.owner()));
    types.addAll(owner.types());
    if (!types.contains(RRType.CNAME)) {
      return;
    }
    if (owner.owner().equals(zone.apex())) {
      reporter.error(
          owner.position(), "the apex of a zone cannot answer with a CNAME (RFC 1034 §3.6.2)");
    } else if (zone.contains(owner.owner())
        && !zone.typesAt(owner.owner()).contains(RRType.CNAME)) {
      int other = zone.typesAt(owner.owner()).getFirst();
      reporter.error(
          owner.position(),
          owner.owner()
              + " answers with a CNAME here and has "
              + RRType.toText(other)
              + " in the zone file ("
              + reporter.describe(zone.positionOf(owner.owner(), other))
              + "); a CNAME stands alone");
    }
    if (types.size() > 1) {
      reporter.error(
          owner.position(),
          owner.owner()
              + " answers with a CNAME in one branch and with other records in another;"
              + " it must be CNAMEs in all or in none");
    }
    Targets own = targets.get(owner.owner());
    if (own != null && own.hasMultivalueCname()) {
      reporter.error(
          owner.position(), "multivalue would answer with several CNAMEs; one is allowed");
    }
  }

  private void hidden(RoutedOwner owner) {
    for (DomainName name = owner.owner(); !name.equals(zone.apex()); name = name.parent()) {
      boolean cut = zone.typesAt(name).contains(RRType.NS) && !name.isWildcard();
      boolean redirected = zone.typesAt(name.parent()).contains(RRType.DNAME);
      if (cut || redirected) {
        reporter.warning(
            owner.position(),
            owner.owner()
                + " is never answered: "
                + (cut ? name + " is delegated" : name.parent() + " has a DNAME"));
        return;
      }
    }
  }

  /** Follows aliases depth first; a name in {@link #free} leads into no circle. */
  private void circle(RoutedOwner owner, List<DomainName> path) {
    int at = path.indexOf(owner.owner());
    path.add(owner.owner());
    if (at >= 0) {
      List<String> names = path.subList(at, path.size()).stream().map(Object::toString).toList();
      reporter.error(
          owner.position(), "aliases lead round in a circle: " + String.join(" -> ", names));
    } else if (path.size() > MAX_ALIASES && !aliasesOf(owner.owner()).isEmpty()) {
      reporter.error(
          owner.position(), "aliases lead to aliases more than " + MAX_ALIASES + " times");
    } else if (!free.contains(owner.owner())) {
      for (DomainName alias : aliasesOf(owner.owner())) {
        RoutedOwner next = routed.get(alias);
        if (next != null) {
          circle(next, path);
        }
      }
      free.add(owner.owner());
    }
    path.removeLast();
  }
}
