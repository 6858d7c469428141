package dev.meridian.source;

import java.util.List;

/**
 * A YAML document as written: scalars are text, whatever they look like, so that {@code NO} stays
 * Norway and {@code 010} stays 010; who reads a node decides what it means.
 */
public sealed interface YamlNode {
  /** Where the node begins, see {@link SourceFiles}. */
  long position();

  /** What the node is, for messages. */
  String kind();

  /**
   * Text; a missing value is an empty plain scalar.
   *
   * @param plain written without quotes
   */
  record Scalar(String text, boolean plain, long position) implements YamlNode {
    /** Whether nothing was written. */
    public boolean isMissing() {
      return plain && (text.isEmpty() || text.equals("~") || text.equals("null"));
    }

    @Override
    public String kind() {
      return isMissing() ? "nothing" : "a single value";
    }
  }

  /** A list. */
  record Sequence(List<YamlNode> items, long position) implements YamlNode {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /** Key and value of a map. */
  record Entry(Scalar key, YamlNode value) {}

  /** A map, in the order written; no key is there twice. */
  record Mapping(List<Entry> entries, long position) implements YamlNode {
    @Override
    public String kind() {
      return "a map";
    }
  }
}
