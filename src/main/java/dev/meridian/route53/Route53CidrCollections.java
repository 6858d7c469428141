package dev.meridian.route53;

import dev.meridian.net.Prefix;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * CIDR collections by id: {@code {"CidrCollections": [{"Id", "Name", "Locations": [{"LocationName",
 * "CidrBlocks": […]}]}]}}. The aws command line prints the parts one by one ({@code
 * list-cidr-collections}, {@code list-cidr-blocks}); this is them put together.
 */
public final class Route53CidrCollections {
  public static final String FILE = "cidr-collections.route53.json";

  private static final List<String> COLLECTION =
      List.of("Id", "Name", "Arn", "Version", "Locations");

  private final Route53Nodes nodes;
  private final Map<String, Map<String, List<Prefix>>> collections = new HashMap<>();

  Route53CidrCollections(Route53Nodes nodes) {
    this.nodes = nodes;
  }

  /** Reads the file. */
  void read(@Nullable YamlNode root) {
    for (YamlNode node : nodes.listing(root, "CidrCollections", "aws route53 list-cidr-blocks")) {
      Mapping mapping = nodes.object(node, "a CIDR collection", COLLECTION);
      YamlNode idNode = mapping == null ? null : nodes.need(mapping, "Id");
      String id = idNode == null ? null : nodes.text(idNode, "Id");
      if (mapping != null && id != null && idNode != null) {
        if (collections.put(id, locations(mapping)) != null) {
          nodes.error(idNode, "the CIDR collection " + id + " is here twice");
        }
      }
    }
  }

  private Map<String, List<Prefix>> locations(Mapping collection) {
    Map<String, List<Prefix>> locations = new LinkedHashMap<>();
    Map<Prefix, String> seen = new HashMap<>();
    YamlNode list = Route53Nodes.get(collection, "Locations");
    for (YamlNode node : list == null ? List.<YamlNode>of() : nodes.items(list, "Locations")) {
      Mapping mapping = nodes.object(node, "a location", List.of("LocationName", "CidrBlocks"));
      YamlNode nameNode = mapping == null ? null : nodes.need(mapping, "LocationName");
      String name = nameNode == null ? null : nodes.text(nameNode, "LocationName");
      YamlNode blocks = mapping == null ? null : nodes.need(mapping, "CidrBlocks");
      if (name != null && nameNode != null && blocks != null) {
        if (locations.put(name, blocks(blocks, name, seen)) != null) {
          nodes.error(nameNode, "the location '" + name + "' is in this collection twice");
        }
      }
    }
    return locations;
  }

  private List<Prefix> blocks(YamlNode list, String location, Map<Prefix, String> seen) {
    List<Prefix> blocks = new ArrayList<>();
    for (YamlNode node : nodes.items(list, "CidrBlocks")) {
      String text = nodes.text(node, "a CIDR block");
      try {
        Prefix block = text == null ? null : Prefix.parse(text);
        if (block != null && isSound(node, block, location, seen)) {
          blocks.add(block);
        }
      } catch (IllegalArgumentException e) {
        nodes.error(node, String.valueOf(e.getMessage()));
      }
    }
    return blocks;
  }

  private boolean isSound(YamlNode node, Prefix block, String location, Map<Prefix, String> seen) {
    if (block.length() == 0) {
      nodes.error(node, block + " is everything; Route 53 writes that as the location '*'");
      return false;
    }
    if (block.length() > (block.ipv4() ? 24 : 48)) {
      nodes.warning(node, block + " is served; Route 53 has blocks up to /24 and /48");
    }
    String other = seen.putIfAbsent(block, location);
    if (other != null) {
      nodes.error(node, block + " is in location '" + other + "' too; keep it in one of them");
    }
    return other == null;
  }

  /** Whether there is such a collection. */
  boolean contains(String collection) {
    return collections.containsKey(collection);
  }

  /** The blocks of a location; empty if there is no such location with blocks. */
  Optional<List<Prefix>> blocks(String collection, String location) {
    return Optional.ofNullable(collections.getOrDefault(collection, Map.of()).get(location))
        .filter(blocks -> !blocks.isEmpty());
  }
}
