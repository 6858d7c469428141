package dev.meridian.source;

import dev.meridian.source.YamlNode.Entry;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlNode.Scalar;
import dev.meridian.source.YamlNode.Sequence;
import dev.meridian.text.NearMiss;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes YAML nodes for what the policy grammar says they are. Each method reports what does not fit
 * at the place of the node, and then returns null or nothing.
 */
public final class YamlValues {
  /** The capacity of what has none written. */
  public static final double ANY_CAPACITY = Double.POSITIVE_INFINITY;

  private static final int MAX_HINTS = 100;
  private static final Pattern SHARE = Pattern.compile("(\\d{1,3}(?:\\.\\d)?)\\s?%");

  private final Reporter reporter;

  public YamlValues(Reporter reporter) {
    this.reporter = reporter;
  }

  public Reporter reporter() {
    return reporter;
  }

  /**
   * The node as a map.
   *
   * @param what the thing, for messages: {@code an endpoint}
   */
  public @Nullable Mapping mapping(YamlNode node, String what) {
    if (node instanceof Mapping mapping) {
      return mapping;
    }
    reporter.error(node.position(), what + " is a map of keys and values, not " + node.kind());
    return null;
  }

  /** The node as a map with no keys but these. */
  public @Nullable Mapping mapping(YamlNode node, String what, Collection<String> keys) {
    Mapping mapping = mapping(node, what);
    if (mapping != null) {
      for (Entry entry : mapping.entries()) {
        if (!keys.contains(entry.key().text())) {
          unknownKey(entry.key(), what, keys);
        }
      }
    }
    return mapping;
  }

  /** A guess at what was meant; none once there are more errors than anybody will read. */
  public String hint(String written, Collection<String> known, Collection<String> alsoKnown) {
    if (reporter.errorCount() > MAX_HINTS) {
      return "";
    }
    List<String> all = new ArrayList<>(known);
    all.addAll(alsoKnown);
    return NearMiss.hint(written, all);
  }

  private void unknownKey(Scalar key, String what, Collection<String> keys) {
    String hint = hint(key.text(), keys, List.of());
    reporter.error(
        key.position(),
        what
            + " has no key '"
            + key.text()
            + "'"
            + (hint.isEmpty() ? "; there are " + String.join(", ", keys) : hint));
  }

  /** The value of a key, or null if the key is not there. */
  public static @Nullable YamlNode get(Mapping mapping, String key) {
    for (Entry entry : mapping.entries()) {
      if (entry.key().text().equals(key)) {
        return entry.value();
      }
    }
    return null;
  }

  /** The node as a list with something in it; empty after an error. */
  public List<YamlNode> items(YamlNode node, String what) {
    if (!(node instanceof Sequence sequence)) {
      reporter.error(node.position(), what + " takes a list, not " + node.kind());
      return List.of();
    }
    if (sequence.items().isEmpty()) {
      reporter.error(node.position(), what + " takes a list, and this one is empty");
    }
    return sequence.items();
  }

  /** The node as a map with something in it, keys free; empty after an error. */
  public List<Entry> entries(YamlNode node, String what) {
    Mapping mapping = mapping(node, what);
    if (mapping != null && mapping.entries().isEmpty()) {
      reporter.error(node.position(), what + " is empty");
    }
    return mapping == null ? List.of() : mapping.entries();
  }

  /** A list, or a single value that stands for a list of one. */
  public List<YamlNode> oneOrMore(YamlNode node, String what) {
    return node instanceof Sequence ? items(node, what) : List.of(node);
  }

  /** The text of a single value that is there. */
  public @Nullable String text(YamlNode node, String what) {
    if (node instanceof Scalar scalar && !scalar.isMissing()) {
      return scalar.text();
    }
    reporter.error(node.position(), what + " takes a single value, not " + node.kind());
    return null;
  }

  /** A whole number; null after an error. */
  public @Nullable Long integer(YamlNode node, String what, long min, long max) {
    String text = text(node, what);
    if (text == null) {
      return null;
    }
    if (text.matches("[+-]?\\d{1,12}")) {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    }
    reporter.error(
        node.position(),
        what + " is a whole number from " + min + " to " + max + ", not '" + text + "'");
    return null;
  }

  /** {@code true} or {@code false}; null after an error. */
  public @Nullable Boolean bool(YamlNode node, String what) {
    String text = text(node, what);
    if (text == null) {
      return null;
    }
    if (!text.equals("true") && !text.equals("false")) {
      reporter.error(node.position(), what + " is true or false, not '" + text + "'");
      return null;
    }
    return text.equals("true");
  }

  /** A decimal number in a range; null after an error. */
  public @Nullable Double decimal(YamlNode node, String what, double min, double max) {
    String text = text(node, what);
    if (text == null) {
      return null;
    }
    if (text.matches("[+-]?\\d{1,4}(\\.\\d{0,15})?")) {
      double value = Double.parseDouble(text);
      if (value >= min && value <= max) {
        return value;
      }
    }
    reporter.error(
        node.position(),
        what + " is a number from " + (int) min + " to " + (int) max + ", not '" + text + "'");
    return null;
  }

  /**
   * A share of all clients, {@code 40%} as 0.4; {@link #ANY_CAPACITY} if none is written, or after
   * an error.
   */
  public double capacity(@Nullable YamlNode node) {
    String text = node == null ? null : text(node, "capacity");
    if (node == null || text == null) {
      return ANY_CAPACITY;
    }
    Matcher share = SHARE.matcher(text);
    double percent = share.matches() ? Double.parseDouble(share.group(1)) : 0;
    if (percent > 0 && percent <= 100) {
      return percent / 100;
    }
    reporter.error(
        node.position(), "capacity is a share of all clients, 0.1% to 100%, not '" + text + "'");
    return ANY_CAPACITY;
  }

  /** The value, or null after reporting the sentence that refuses it. */
  public <T> @Nullable T tried(long position, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      reporter.error(position, String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** Milliseconds; null after an error. */
  public @Nullable Long milliseconds(YamlNode node, String what) {
    String text = text(node, what);
    if (text == null) {
      return null;
    }
    long value = TimeText.milliseconds(text);
    if (value == TimeText.INVALID) {
      reporter.error(
          node.position(),
          what + " is a span of time such as 10s, 500ms or 1m, not '" + text + "'");
      return null;
    }
    return value;
  }

  /** Seconds of a TTL; null after an error. */
  public @Nullable Long ttl(YamlNode node) {
    String text = text(node, "ttl");
    if (text == null) {
      return null;
    }
    long value = TimeText.seconds(text);
    if (value == TimeText.INVALID || value > TimeText.MAX_TTL) {
      reporter.error(
          node.position(),
          "ttl is a span of time such as 30, 30s, 5m or 1h, at most "
              + TimeText.MAX_TTL
              + " seconds, not '"
              + text
              + "'");
      return null;
    }
    return value;
  }
}
