package dev.meridian.reach;

import dev.meridian.geo.Coordinates;
import dev.meridian.master.RdataText;
import dev.meridian.policy.Endpoint;
import dev.meridian.policy.PlacedEndpoint;
import dev.meridian.policy.PolicyTree;
import dev.meridian.rr.RRset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An endpoint, where it is, what watches it, and which names may answer with it. */
public final class EndpointSite {
  /** A name that may answer with the endpoint, and the leaf that stands for it there. */
  public record Use(RoutedName name, int leaf) {}

  private final EndpointKey key;
  private final @Nullable String region;
  private final @Nullable Coordinates coordinates;
  private final double capacity;
  private final List<String> records;
  private final BitSet checks = new BitSet();
  private final List<Use> uses = new ArrayList<>();

  private EndpointSite(
      EndpointKey key,
      @Nullable String region,
      @Nullable Coordinates coordinates,
      double capacity,
      List<String> records) {
    this.capacity = capacity;
    this.key = key;
    this.region = region;
    this.coordinates = coordinates;
    this.records = records;
  }

  static EndpointSite of(EndpointKey key, PlacedEndpoint placed) {
    List<String> records = new ArrayList<>();
    for (Endpoint.Member member : placed.endpoint().members()) {
      RRset rrset = member.records();
      for (int i = 0; i < rrset.size(); i++) {
        records.add(RdataText.of(rrset.type(), rrset.rdata(i)));
      }
    }
    EndpointSite site =
        new EndpointSite(key, placed.region(), placed.coordinates(), placed.capacity(), records);
    for (Endpoint.Member member : placed.endpoint().members()) {
      if (member.healthCheck() >= 0) {
        site.checks.set(member.healthCheck());
      }
    }
    return site;
  }

  /** One of which only the id is known. */
  static EndpointSite unplaced(EndpointKey key) {
    return new EndpointSite(key, null, null, Double.POSITIVE_INFINITY, List.of());
  }

  /** One that no file defines, where a policy has it stand. */
  static EndpointSite at(EndpointKey key, PolicyTree.Place place) {
    return new EndpointSite(
        key, place.region(), place.coordinates(), Double.POSITIVE_INFINITY, List.of());
  }

  /** Called while {@link Reach} is made, never later. */
  void use(RoutedName name, int leaf) {
    uses.add(new Use(name, leaf));
    if (records.isEmpty()) {
      checks.or(name.checks(leaf));
    }
  }

  public EndpointKey key() {
    return key;
  }

  /** The name of its location, if it was written as one. */
  public @Nullable String region() {
    return region;
  }

  public @Nullable Coordinates coordinates() {
    return coordinates;
  }

  /** The share of all clients of a name that it takes; infinite if none was written. */
  public double capacity() {
    return capacity;
  }

  /** The largest share that it has of any name's answers. */
  public double heaviest(Function<RoutedName, NameShares> shares) {
    return uses.stream()
        .mapToDouble(use -> shares.apply(use.name()).overall(use.leaf()))
        .max()
        .orElse(0);
  }

  /** RDATA in presentation format: addresses mostly. */
  public List<String> records() {
    return List.copyOf(records);
  }

  /** Numbers of the health checks that watch it. */
  public BitSet checks() {
    return (BitSet) checks.clone();
  }

  /** Every name and type that may answer with it. */
  public List<Use> uses() {
    return List.copyOf(uses);
  }
}
