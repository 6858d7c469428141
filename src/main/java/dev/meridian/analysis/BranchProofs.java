package dev.meridian.analysis;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.geo.Location;
import dev.meridian.load.LoadedZone;
import dev.meridian.net.Prefix;
import dev.meridian.policy.Candidate;
import dev.meridian.policy.Failover;
import dev.meridian.policy.Geolocation;
import dev.meridian.policy.IpBased;
import dev.meridian.policy.MultivalueAnswer;
import dev.meridian.policy.NearestFirst;
import dev.meridian.policy.OnAllUnhealthy;
import dev.meridian.policy.Reachability;
import dev.meridian.policy.Reachability.Finding;
import dev.meridian.policy.Reachability.Reach;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.policy.RoutingPolicy;
import dev.meridian.policy.Simple;
import dev.meridian.policy.Target;
import dev.meridian.policy.Weighted;
import dev.meridian.policyfile.RoutedOwner;
import dev.meridian.rr.RRType;
import dev.meridian.source.Problem;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What can be said against single branches of one zone's policies, at the place of the branch: they
 * are never answered, or do what the branch around them does already.
 */
final class BranchProofs {
  private final LoadedZone zone;
  private final GeoDatabase geo;
  private final List<Problem> problems;
  private final boolean hasCoordinates;

  /** Pools are shared: what is wrong with one is said once. */
  private final Set<Object> said = Collections.newSetFromMap(new IdentityHashMap<>());

  BranchProofs(LoadedZone zone, GeoDatabase geo, List<Problem> problems) {
    this.zone = zone;
    this.geo = geo;
    this.problems = problems;
    this.hasCoordinates =
        IntStream.range(0, geo.locationCount())
            .anyMatch(i -> geo.location(i).coordinates() != null);
  }

  /** All that can be said of an owner, as compiled for each of its types. */
  void look(RoutedOwner owner, Iterable<RoutedRRset> compiled) {
    for (RoutedRRset rrset : compiled) {
      for (Finding finding : Reachability.of(rrset)) {
        if (isOfUse(finding) && said.add(finding.branch())) {
          String label = owner.owner() + " " + RRType.toText(rrset.type()) + ": ";
          warn(owner, finding.branch(), label + sentence(finding));
        }
      }
    }
    targets(owner, owner.target());
  }

  private void warn(RoutedOwner owner, Candidate branch, String message) {
    problems.add(zone.files().warning(zone.branches().of(branch, owner.position()), message));
  }

  /** A default has to be there, and a place that the database lacks has been warned of. */
  private boolean isOfUse(Finding finding) {
    return switch (finding.policy()) {
      case IpBased p -> !p.networks().get(finding.position()).isDefault();
      case Geolocation p -> isInUse(p.regions().get(finding.position()).key());
      case NearestFirst _ ->
          finding.reach() == Reach.NEVER || (hasCoordinates && !finding.nested());
      default -> true;
    };
  }

  private boolean isInUse(Geolocation.Key key) {
    return !key.isDefault()
        && (key.asNumber() > 0
            || IntStream.range(0, geo.locationCount()).anyMatch(i -> key.matches(geo.location(i))));
  }

  private static String sentence(Finding finding) {
    String id = "'" + finding.branch().id() + "' ";
    if (finding.reach() == Reach.RESERVE) {
      return id
          + "is the nearest to nobody in the geo database, and answers only while others are down;"
          + " 'within' beside the policy lets those share that are about as near";
    }
    return id
        + "is never answered, because "
        + switch (finding.policy()) {
          case Failover _ ->
              "what stands before it in failover cannot fail; give that a health check, or put it"
                  + " last";
          case Weighted _ -> "it has weight 0, and another one has weight and cannot fail";
          case OnAllUnhealthy _ -> "what it stands in for cannot fail; remove it";
          case NearestFirst _ ->
              "for every client one that cannot fail is nearer; give that a health check, or remove"
                  + " it";
          case Geolocation p -> whyNobody(finding, "in " + key(p, finding), "region");
          case IpBased p -> whyNobody(finding, "in " + blocks(p, finding), "block");
          case Simple _, MultivalueAnswer _ -> "nothing leads to it";
        };
  }

  private static String whyNobody(Finding finding, String where, String what) {
    String smaller = "a smaller " + what + " that cannot fail has all clients " + where;
    return finding.nested()
        ? "the policies around it send nobody here who is " + where + ", or " + smaller
        : smaller;
  }

  private static String key(Geolocation policy, Finding finding) {
    return policy.regions().get(finding.position()).key().toString();
  }

  private static String blocks(IpBased policy, Finding finding) {
    List<Prefix> blocks = policy.networks().get(finding.position()).blocks();
    return String.join(" ", blocks.stream().map(Prefix::toString).toList());
  }

  private void targets(RoutedOwner owner, Target target) {
    if (!(target instanceof RoutingPolicy policy) || !said.add(target)) {
      return;
    }
    switch (policy) {
      case IpBased cidr -> blocks(owner, cidr);
      case Geolocation geolocation -> regions(owner, geolocation);
      default -> {}
    }
    hints(owner, policy);
    policy.candidates().forEach(candidate -> targets(owner, candidate.target()));
  }

  private void hints(RoutedOwner owner, RoutingPolicy policy) {
    List<Candidate> two = HintDice.atOdds(policy);
    List<String> bindings = textsOf(owner, RRType.HTTPS, RRType.SVCB);
    List<String> addresses = textsOf(owner, RRType.A, RRType.AAAA);
    if (!two.isEmpty() && !bindings.isEmpty() && !addresses.isEmpty()) {
      problems.add(
          zone.files()
              .warning(
                  owner.position(),
                  owner.owner()
                      + ": "
                      + policy.keyword()
                      + " throws dice anew for "
                      + String.join(", ", addresses)
                      + " and "
                      + String.join(", ", bindings)
                      + ", so that a client may get the hints of '"
                      + two.get(0).id()
                      + "' and the address of '"
                      + two.get(1).id()
                      + "'; write sticky: true beside it"));
    }
  }

  private static List<String> textsOf(RoutedOwner owner, int... types) {
    return IntStream.of(types).filter(owner.types()::contains).mapToObj(RRType::toText).toList();
  }

  private void blocks(RoutedOwner owner, IpBased cidr) {
    Map<Prefix, Candidate> byBlock = new LinkedHashMap<>();
    cidr.networks().forEach(each -> each.blocks().forEach(b -> byBlock.put(b, each.candidate())));
    byBlock.forEach(
        (block, candidate) -> {
          for (int length = block.length() - 1; length > 0; length--) {
            Prefix around = new Prefix(block.ipv4(), block.high(), block.low(), length);
            Candidate outer = byBlock.get(around);
            if (outer != null) {
              same(owner, "block", block, candidate, around, outer);
              return;
            }
          }
        });
  }

  private void regions(RoutedOwner owner, Geolocation policy) {
    Map<Geolocation.Key, Candidate> byKey = new LinkedHashMap<>();
    policy.regions().forEach(region -> byKey.put(region.key(), region.candidate()));
    byKey.forEach(
        (key, candidate) -> {
          for (Geolocation.Key around : around(key)) {
            Candidate outer = byKey.get(around);
            if (outer != null) {
              same(owner, "region", key, candidate, around, outer);
              return;
            }
          }
        });
  }

  /** The regions around a country or a subdivision, the smallest first; of others none. */
  private List<Geolocation.Key> around(Geolocation.Key key) {
    boolean plain = key.city().isEmpty() && !key.country().isEmpty();
    for (int i = 0; plain && i < geo.locationCount(); i++) {
      Location place = geo.location(i);
      if (place.country().equals(key.country())) {
        Geolocation.Key continent = Geolocation.Key.continent(place.continent());
        return key.subdivision().isEmpty()
            ? List.of(continent)
            : List.of(Geolocation.Key.country(key.country()), continent);
      }
    }
    return List.of();
  }

  @SuppressWarnings("ReferenceEquality") // equal branches at two places are what is looked for
  private void same(
      RoutedOwner owner,
      String what,
      Object inner,
      Candidate candidate,
      Object around,
      Candidate outer) {
    boolean alike =
        outer.target().equals(candidate.target())
            && outer.healthCheck() == candidate.healthCheck()
            && outer.evaluateTargetHealth() == candidate.evaluateTargetHealth();
    if (alike && outer != candidate) {
      warn(
          owner,
          candidate,
          owner.owner()
              + ": the "
              + what
              + " "
              + inner
              + " changes nothing: "
              + around
              + " around it has the same answer; remove it");
    }
  }
}
