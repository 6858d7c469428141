package dev.meridian.reach;

import dev.meridian.answer.ServerState;
import dev.meridian.health.EligibilitySnapshot;
import dev.meridian.policy.Decisions;
import dev.meridian.policy.PlacedEndpoint;
import dev.meridian.policy.PolicyTree;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.Zone;
import dev.meridian.zone.Zones;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Every routed name of one generation of zones, prepared for the question who is answered what.
 * Immutable; made once for a generation, which takes a look-up per name and place.
 */
public final class Reach {
  private final Zones zones;
  private final ClientSample sample;
  private final List<RoutedName> names = new ArrayList<>();
  private final Map<EndpointKey, EndpointSite> endpoints = new TreeMap<>();
  private final Map<RoutedName, NameShares> best = new HashMap<>();

  /** Prepares all names of some zones. */
  public Reach(Zones zones, ClientSample sample) {
    this.zones = zones;
    this.sample = sample;
    for (int i = 0; i < zones.size(); i++) {
      Zone zone = zones.get(i);
      String apex = text(zone.apex());
      for (PlacedEndpoint placed : zone.endpoints()) {
        EndpointKey key = new EndpointKey(apex, placed.endpoint().id());
        endpoints.put(key, EndpointSite.of(key, placed));
      }
      addNames(i, zone, apex);
    }
    names.sort(
        Comparator.comparing((RoutedName name) -> text(name.owner()))
            .thenComparingInt(name -> name.rrset().type()));
    names.forEach(name -> best.put(name, name.shares(EligibilitySnapshot.ALL)));
  }

  private void addNames(int number, Zone zone, String apex) {
    for (int node = zone.firstNode(); node >= 0; node = zone.nextNode(node)) {
      for (int rrset = zone.firstRRset(node); rrset < zone.endRRset(node); rrset++) {
        if (zone.isRouted(rrset)) {
          int index = zone.routedIndex(rrset);
          RoutedRRset routed = zone.routed(index);
          List<EndpointKey> leaves = leaves(routed, apex);
          RoutedName name = new RoutedName(number, index, zone.name(node), routed, leaves, sample);
          names.add(name);
          for (int leaf = 0; leaf < leaves.size(); leaf++) {
            EndpointKey key = leaves.get(leaf);
            endpoints.computeIfAbsent(key, EndpointSite::unplaced).use(name, leaf);
          }
        }
      }
    }
  }

  /** A leaf that no policy file defines, such as Route 53's record sets, becomes known here. */
  private List<EndpointKey> leaves(RoutedRRset rrset, String apex) {
    List<EndpointKey> keys = new ArrayList<>();
    Map<Integer, PolicyTree.Place> places = PolicyTree.of(rrset).places();
    for (int leaf = 0; leaf < rrset.leafCount(); leaf++) {
      EndpointKey key = new EndpointKey(apex, rrset.leafId(leaf));
      PolicyTree.Place place = places.get(leaf);
      endpoints.computeIfAbsent(
          key, each -> place == null ? EndpointSite.unplaced(each) : EndpointSite.at(each, place));
      keys.add(key);
    }
    return keys;
  }

  /** A name as people write it: without the dot at its end. */
  public static String text(DomainName name) {
    String text = name.toString();
    return text.length() > 1 && text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }

  /** Whether this was made of these very zones and this sample. */
  public boolean isOf(Zones others, ClientSample clients) {
    return zones == others && sample.equals(clients);
  }

  public ClientSample sample() {
    return sample;
  }

  /** By name, then type. */
  public List<RoutedName> names() {
    return names;
  }

  /** By zone and id. */
  public Map<EndpointKey, EndpointSite> endpoints() {
    return endpoints;
  }

  /** A routed name by owner and type; null if there is none. */
  public @Nullable RoutedName find(String owner, String type) {
    for (RoutedName name : names) {
      if (text(name.owner()).equals(owner) && (type.isEmpty() || name.type().equals(type))) {
        return name;
      }
    }
    return null;
  }

  /** What a name answers when all is well. */
  public NameShares best(RoutedName name) {
    return best.getOrDefault(name, new NameShares(new double[0][], 0, sample));
  }

  /**
   * What every name answers in a state.
   *
   * @param before what was found for an earlier state of the same zones, most of which still holds;
   *     null: nothing
   */
  Map<RoutedName, NameShares> shares(ServerState state, @Nullable Situation before) {
    Map<RoutedName, NameShares> shares = new HashMap<>();
    for (RoutedName name : names) {
      Decisions now = state.decisions(name.zone(), name.index());
      NameShares known =
          before != null && before.state().decisions(name.zone(), name.index()) == now
              ? before.now(name)
              : null;
      shares.put(name, known == null ? name.shares(now) : known);
    }
    return shares;
  }
}
