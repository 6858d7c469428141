package dev.meridian.exchange;

import dev.meridian.net.Prefix;
import dev.meridian.policy.IpBased;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** CIDR collections to be written: one for each different division of the address space. */
final class Route53OutCidrs {
  private static final int NAME = 16;

  /** A collection, and what its locations are called by the position of the network. */
  record Collection(String id, List<String> locations) {}

  private final Map<List<List<Prefix>>, Collection> known = new LinkedHashMap<>();
  private final List<Object> json = new ArrayList<>();

  /** The collection of a policy. */
  Collection of(String zone, IpBased policy) {
    List<List<Prefix>> division = policy.networks().stream().map(IpBased.Network::blocks).toList();
    return known.computeIfAbsent(division, _ -> write(zone, policy));
  }

  private Collection write(String zone, IpBased policy) {
    String name = zone.replaceAll("[^0-9A-Za-z_-]+", "-").replaceFirst("-$", "");
    name = name.substring(0, Math.min(name.length(), 58)) + "-" + (known.size() + 1);
    String id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    List<String> names = new ArrayList<>();
    List<Object> locations = new ArrayList<>();
    Set<String> used = new HashSet<>();
    for (IpBased.Network network : policy.networks()) {
      String location = network.isDefault() ? "*" : unused(network.candidate().id(), used);
      names.add(location);
      if (!network.isDefault()) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("LocationName", location);
        one.put("CidrBlocks", network.blocks().stream().map(Prefix::toString).sorted().toList());
        locations.add(one);
      }
    }
    Map<String, Object> collection = new LinkedHashMap<>();
    collection.put("Id", id);
    collection.put("Name", name);
    collection.put("Locations", locations);
    json.add(collection);
    return new Collection(id, List.copyOf(names));
  }

  private static String unused(String wanted, Set<String> used) {
    String plain = wanted.replaceAll("[^0-9A-Za-z_-]+", "-");
    String name = plain.substring(0, Math.min(plain.length(), NAME));
    for (int i = 2; !used.add(name); i++) {
      String suffix = "-" + i;
      name = plain.substring(0, Math.min(plain.length(), NAME - suffix.length())) + suffix;
    }
    return name;
  }

  /** All of them, ready to be written. */
  List<Object> json() {
    return json;
  }
}
