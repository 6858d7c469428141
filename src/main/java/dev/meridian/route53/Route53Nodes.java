package dev.meridian.route53;

import dev.meridian.source.Reporter;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Entry;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlNode.Scalar;
import dev.meridian.source.YamlNode.Sequence;
import dev.meridian.source.YamlValues;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes what the aws command line prints apart. JSON is YAML 1.2, so one reader serves both, and
 * every value has its place.
 */
public final class Route53Nodes {
  /** Keys that show that a listing was cut off: the paging of the API and of the command line. */
  private static final Set<String> MORE_FOLLOWS =
      Set.of("NextToken", "NextMarker", "NextRecordName", "NextRecordType", "NextRecordIdentifier");

  private final YamlValues nodes;

  public Route53Nodes(Reporter reporter) {
    this.nodes = new YamlValues(reporter);
  }

  public void error(YamlNode node, String message) {
    nodes.reporter().error(node.position(), message);
  }

  public void warning(YamlNode node, String message) {
    nodes.reporter().warning(node.position(), message);
  }

  /**
   * The items of a listing: of the list under {@code key}, or of the root if that is a list.
   *
   * @param command what prints the whole listing
   */
  public List<YamlNode> listing(@Nullable YamlNode root, String key, String command) {
    if (root instanceof Sequence bare) {
      return bare.items();
    }
    if (!(root instanceof Mapping mapping)) {
      if (root != null) {
        error(root, "not what '" + command + "' prints: no " + key);
      }
      return List.of();
    }
    refuseCutOff(mapping, command);
    YamlNode list = get(mapping, key);
    if (list instanceof Sequence sequence) {
      return sequence.items();
    }
    error(list == null ? mapping : list, "not what '" + command + "' prints: no list " + key);
    return List.of();
  }

  private void refuseCutOff(Mapping mapping, String command) {
    for (Entry entry : mapping.entries()) {
      boolean truncated =
          entry.key().text().equals("IsTruncated")
              && entry.value() instanceof Scalar value
              && value.text().equals("true");
      boolean more = MORE_FOLLOWS.contains(entry.key().text()) && !isNull(entry.value());
      if (truncated || more) {
        error(
            entry.key(),
            "the listing is cut off, the rest is missing; print all of it with '"
                + command
                + "', without --max-items and --no-paginate");
        return;
      }
    }
  }

  static boolean isNull(YamlNode node) {
    return node instanceof Scalar scalar && scalar.isMissing();
  }

  /** The value of a key; null if it is not there, or JSON's null. */
  public static @Nullable YamlNode get(Mapping mapping, String key) {
    YamlNode node = YamlValues.get(mapping, key);
    return node == null || isNull(node) ? null : node;
  }

  /** The value of a key that must be there; null after an error. */
  public @Nullable YamlNode need(Mapping mapping, String key) {
    YamlNode node = get(mapping, key);
    if (node == null) {
      nodes.reporter().error(mapping.position(), "'" + key + "' is missing");
    }
    return node;
  }

  /** An object; null after an error. */
  public @Nullable Mapping object(YamlNode node, String what) {
    return nodes.mapping(node, what);
  }

  /**
   * The same, of Route 53's own fields. Others may be of a later Route 53, and are left out with a
   * warning; but what is nearly one of these is a slip of the hand.
   */
  public @Nullable Mapping object(YamlNode node, String what, List<String> fields) {
    Mapping mapping = nodes.mapping(node, what);
    if (mapping != null) {
      mapping.entries().forEach(entry -> known(entry.key(), what, fields));
    }
    return mapping;
  }

  private void known(Scalar key, String what, List<String> fields) {
    if (!fields.contains(key.text())) {
      String unknown = what + " has no field '" + key.text() + "'";
      String hint = nodes.hint(key.text(), fields, List.of());
      if (hint.isEmpty()) {
        warning(key, unknown + " that is known here; it is left out");
      } else {
        error(key, unknown + hint);
      }
    }
  }

  /** The items of a list that may be empty. */
  public List<YamlNode> items(YamlNode node, String what) {
    if (node instanceof Sequence sequence) {
      return sequence.items();
    }
    error(node, what + " is a list, not " + node.kind());
    return List.of();
  }

  public @Nullable String text(YamlNode node, String what) {
    return nodes.text(node, what);
  }

  /** The text of a key; null if it is not there or in error. */
  public @Nullable String text(Mapping mapping, String key) {
    YamlNode node = get(mapping, key);
    return node == null ? null : nodes.text(node, key);
  }

  @Nullable Long integer(YamlNode node, String what, long min, long max) {
    return nodes.integer(node, what, min, max);
  }

  /** The number of a key, or what stands for it if it is not there or in error. */
  long integer(Mapping mapping, String key, long min, long max, long otherwise) {
    YamlNode node = get(mapping, key);
    Long value = node == null ? null : nodes.integer(node, key, min, max);
    return value == null ? otherwise : value;
  }

  @Nullable Double decimal(YamlNode node, String what, double min, double max) {
    return nodes.decimal(node, what, min, max);
  }

  @Nullable Boolean bool(YamlNode node, String what) {
    return nodes.bool(node, what);
  }

  /** The truth of a key; false if it is not there or in error. */
  public boolean isTrue(Mapping mapping, String key) {
    YamlNode node = get(mapping, key);
    return node != null && Boolean.TRUE.equals(nodes.bool(node, key));
  }
}
