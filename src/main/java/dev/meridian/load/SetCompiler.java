package dev.meridian.load;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.geo.GeoException;
import dev.meridian.geo.LatencyTable;
import dev.meridian.master.RecordCollector;
import dev.meridian.net.Prefix;
import dev.meridian.policy.AliasResolver;
import dev.meridian.policy.AliasTarget;
import dev.meridian.policy.ClientSpace;
import dev.meridian.policy.Endpoint;
import dev.meridian.policy.PolicyCompiler;
import dev.meridian.policy.PolicyException;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.policy.RoutingPolicy;
import dev.meridian.policy.Target;
import dev.meridian.policyfile.GeolocationReach;
import dev.meridian.policyfile.GeolocationUse;
import dev.meridian.policyfile.PolicyChecks;
import dev.meridian.policyfile.RoutedOwner;
import dev.meridian.policyfile.Targets;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.source.Problem;
import dev.meridian.source.Problems;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.FinishedZone;
import dev.meridian.zone.Zone;
import dev.meridian.zone.ZoneBuilder;
import dev.meridian.zone.ZoneDraft;
import dev.meridian.zone.ZoneFactory;
import dev.meridian.zone.ZonePatch;
import dev.meridian.zone.ZoneRecords;
import dev.meridian.zone.Zones;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a {@link LoadedSet}: the one step in which zones see each other, because an alias may
 * lead from one into another. Uses the zones' builders up.
 */
public final class SetCompiler {
  /** What is asked for of names that are in no zone served here. */
  private static final Set<Integer> RESOLVED = Set.of(RRType.A, RRType.AAAA);

  private final LoadedSet set;
  private final Problems problems;
  private final Map<DomainName, ZoneRecords> zones;
  private final Map<DomainName, List<RoutedOwner>> routed = new HashMap<>();

  private SetCompiler(LoadedSet set) {
    this.set = set;
    this.problems = set.problems();
    this.zones = HashMap.newHashMap(set.zones().size());
    for (LoadedZone zone : set.zones()) {
      zones.put(zone.apex(), zone.records());
      for (RoutedOwner owner : zone.routed()) {
        routed.computeIfAbsent(owner.owner(), _ -> new ArrayList<>()).add(owner);
      }
    }
  }

  /**
   * Compiles a set for a geo database.
   *
   * @return empty if the set has errors, or turns out to have some: they are then added to {@link
   *     LoadedSet#problems}
   */
  public static Optional<CompiledSet> compile(LoadedSet set, GeoDatabase geo) {
    return compile(set, geo, Zones.EMPTY);
  }

  /**
   * Compiles a set that follows another.
   *
   * @param before the zones of the other
   */
  static Optional<CompiledSet> compile(LoadedSet set, GeoDatabase geo, Zones before) {
    return new SetCompiler(set).compile(geo, before);
  }

  private Optional<CompiledSet> compile(GeoDatabase geo, Zones before) {
    ClientSpace space =
        set.known()
            .filter(known -> known.geo() == geo)
            .orElseGet(() -> new ClientSpace(geo, latencyTable()));
    PolicyCompiler compiler = new PolicyCompiler(space, new Aliases());
    for (LoadedZone zone : set.zones()) {
      for (RoutedOwner owner : zone.routed()) {
        compile(zone, owner, compiler);
      }
    }
    if (problems.hasErrors()) {
      return Optional.empty();
    }
    warnOfPlaces(geo);
    return Optional.of(new CompiledSet(build(before), set.checks(), space));
  }

  private Zones build(Zones before) {
    ZoneFactory factory = new ZoneFactory();
    Sources sources = set.carried().sources();
    Map<Integer, Zone> built = HashMap.newHashMap(set.zones().size());
    for (LoadedZone zone : set.zones()) {
      built.put(
          Objects.requireNonNull(sources.at(zone.apex())).number(),
          switch (zone.records()) {
            case ZoneBuilder builder -> factory.build(builder);
            case ZonePatch patch -> patch.build();
            case FinishedZone finished -> finished.zone();
          });
    }
    return set.carried().zones(built, before);
  }

  private void warnOfPlaces(GeoDatabase geo) {
    if (set.zones().stream().allMatch(zone -> zone.places().isEmpty())) {
      return;
    }
    GeolocationReach reach = new GeolocationReach(geo);
    for (LoadedZone zone : set.zones()) {
      for (GeolocationUse use : zone.places()) {
        reach.warning(use.key()).ifPresent(text -> warn(zone, use.position(), text));
      }
    }
  }

  /** What is wrong with a zone until one of its files changes, or another geo database comes. */
  private void warn(LoadedZone zone, long position, String message) {
    Problem warning = zone.files().warning(position, message);
    problems.add(warning);
    zone.origin().warnings().add(warning);
  }

  private LatencyTable latencyTable() {
    if (set.latencyTable().isEmpty()) {
      return LatencyTable.EMPTY;
    }
    try {
      return LatencyTable.load(set.latencyTable().get());
    } catch (GeoException e) {
      String file = String.valueOf(set.latencyTable().get().getFileName());
      e.problems().forEach(each -> problems.add(placed(file, each)));
      return LatencyTable.EMPTY;
    }
  }

  private static Problem placed(String file, GeoException.Problem problem) {
    return new Problem(
        file, problem.line(), problem.column(), Problem.Severity.ERROR, problem.message());
  }

  private void compile(LoadedZone zone, RoutedOwner owner, PolicyCompiler compiler) {
    refuseLeaks(zone, owner);
    Set<Integer> types = new TreeSet<>(owner.types());
    if (owner.aliased()) {
      addAliasTypes(owner.target(), types, new HashSet<>(Set.of(owner.owner())));
    } else if (!leadsSomewhere(zone, owner)) {
      return;
    }
    for (int type : types) {
      try {
        Optional<RoutedRRset> rrset = compiler.compile(name(owner), type);
        rrset.ifPresent(compiled -> add(zone, owner, compiled));
      } catch (PolicyException e) {
        problems.add(zone.files().error(owner.position(), owner.owner() + ": " + e.getMessage()));
        return;
      }
    }
    if (types.isEmpty()) {
      String message = owner.owner() + " answers nothing: its aliases lead to no records";
      problems.add(zone.files().error(owner.position(), message));
    }
  }

  /** Whether aliases of an owner that answers just its own types find records of these. */
  private boolean leadsSomewhere(LoadedZone zone, RoutedOwner owner) {
    Aliases aliases = new Aliases();
    boolean all = true;
    for (DomainName name : Targets.of(owner.target()).aliases()) {
      for (int type : owner.types()) {
        if (aliases.isElsewhere(name) && !RESOLVED.contains(type)) {
          warnOfElsewhere(zone, owner, name, type);
        } else if (!aliases.isElsewhere(name)
            && aliases.routed(name, type) == null
            && aliases.records(name, type) == null) {
          all = false;
          String message =
              RecordCollector.label(owner.owner(), type)
                  + ": alias to "
                  + name
                  + ", which its zone does not have with this type; an alias leads to a record set"
                  + " of its own type";
          problems.add(zone.files().error(owner.position(), message));
        }
      }
    }
    return all;
  }

  /**
   * An alias answers with what another zone has, in the name of its own: whoever may ask for it has
   * to be one who may ask there. Of a CNAME this is decided by query, see {@code ChainFollower}.
   */
  private void refuseLeaks(LoadedZone zone, RoutedOwner owner) {
    for (DomainName name : Targets.of(owner.target()).aliases()) {
      ZoneRecords into = zoneOf(name);
      if (into != null && into != zone.records()) {
        List<Prefix> strangers = zone.records().clients().minus(into.clients());
        if (!strangers.isEmpty()) {
          String message =
              owner.owner()
                  + ": alias to "
                  + name
                  + " would tell "
                  + strangers.getFirst()
                  + " what the zone "
                  + into.apex()
                  + " keeps from it; give this zone an allow-query within that one's, or lead there"
                  + " by a cname";
          problems.add(zone.files().error(owner.position(), message));
        }
      }
    }
  }

  /** Left out of its group, so that others answer; if there is no other, the answer is SERVFAIL. */
  private void warnOfElsewhere(LoadedZone zone, RoutedOwner owner, DomainName name, int type) {
    String message =
        RecordCollector.label(owner.owner(), type)
            + ": alias to "
            + name
            + ", which is in no zone served here; of such names only A and AAAA are resolved. Other"
            + " record sets of the group answer in its place, and if none can: SERVFAIL. Write its"
            + " records instead";
    warn(zone, owner.position(), message);
  }

  /** What only now can be seen: records that an alias brings may stand in the zone file too. */
  private void add(LoadedZone zone, RoutedOwner owner, RoutedRRset compiled) {
    List<Integer> present = zone.records().typesAt(owner.owner());
    boolean cname = compiled.type() == RRType.CNAME && !present.isEmpty();
    if (present.contains(compiled.type()) || present.contains(RRType.CNAME) || cname) {
      String what = RRType.toText(cname ? present.getFirst() : compiled.type());
      problems.add(
          zone.files()
              .error(
                  owner.position(),
                  owner.owner()
                      + " answers "
                      + RRType.toText(compiled.type())
                      + " here and has other data ("
                      + what
                      + ") already; keep one of the two"));
      return;
    }
    if (zone.records() instanceof ZoneDraft draft) { // as every zone with policies is
      draft.addRouted(owner.owner(), compiled);
    }
  }

  private static AliasResolver.RoutedName name(RoutedOwner owner) {
    return new AliasResolver.RoutedName(
        owner.owner(), owner.target(), owner.ttl(), owner.ttlFloor());
  }

  /** Route 53: an alias brings any type but those that belong to a zone or a cut. */
  private void addAliasTypes(Target target, Set<Integer> types, Set<DomainName> seen) {
    switch (target) {
      case Endpoint endpoint ->
          endpoint.members().forEach(member -> types.add(member.records().type()));
      case RoutingPolicy policy ->
          policy.candidates().forEach(c -> addAliasTypes(c.target(), types, seen));
      case AliasTarget alias -> {
        if (zoneOf(alias.name()) == null) {
          types.addAll(RESOLVED);
        } else if (seen.add(alias.name())) {
          for (RoutedOwner next : routed.getOrDefault(alias.name(), List.of())) {
            types.addAll(next.types());
            if (next.aliased()) {
              addAliasTypes(next.target(), types, seen);
            }
          }
          typesAt(alias.name()).stream()
              .filter(type -> !PolicyChecks.NOT_ALIASED.contains(type))
              .forEach(types::add);
        }
      }
    }
  }

  private List<Integer> typesAt(DomainName name) {
    ZoneRecords zone = zoneOf(name);
    return zone == null ? List.of() : zone.typesAt(name);
  }

  private @Nullable ZoneRecords zoneOf(DomainName name) {
    DomainName at = name;
    while (!zones.containsKey(at)) {
      if (at.equals(DomainName.ROOT)) {
        return null;
      }
      if (set.carried().get(at) != null) {
        throw new IllegalStateException(name + " is led to, and " + at + " was not read");
      }
      at = at.parent();
    }
    return zones.get(at);
  }

  private final class Aliases implements AliasResolver {
    @Override
    public boolean isElsewhere(DomainName name) {
      return zoneOf(name) == null;
    }

    @Override
    public @Nullable RoutedName routed(DomainName name, int type) {
      for (RoutedOwner owner : routed.getOrDefault(name, List.of())) {
        if (owner.types().contains(type) || owner.aliased()) {
          return name(owner);
        }
      }
      return null;
    }

    @Override
    public @Nullable RRset records(DomainName name, int type) {
      ZoneRecords zone = zoneOf(name);
      return zone == null ? null : zone.find(name, type);
    }
  }
}
