package dev.meridian.source;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** YAML as a person would write it: on one line while that is short, else spread out. */
public sealed interface YamlText {
  /** Widest line before a value is spread over several. */
  int WIDTH = 100;

  /** What needs no quotes anywhere in flow style. Files are read as text: true is no trap. */
  Pattern PLAIN =
      Pattern.compile("(?!(?i:null)$)[A-Za-z0-9_/]([A-Za-z0-9_./:+ -]*[A-Za-z0-9_./+-])?");

  /** A scalar. */
  record Text(String text) implements YamlText {}

  /** A list. */
  record Items(List<YamlText> items) implements YamlText {}

  /** A map, in the order written. */
  record Keys(Map<String, YamlText> entries) implements YamlText {}

  /** The value on one line. */
  default String flow() {
    return switch (this) {
      case Text text -> quoted(text.text());
      case Items items ->
          items.items().stream().map(YamlText::flow).collect(Collectors.joining(", ", "[", "]"));
      case Keys keys ->
          keys.entries().entrySet().stream()
              .map(entry -> quoted(entry.getKey()) + ": " + entry.getValue().flow())
              .collect(Collectors.joining(", ", "{ ", " }"));
    };
  }

  /** Appends {@code key: value} in as many lines as it takes. */
  static void entry(StringBuilder out, int indent, String key, YamlText value) {
    String line = " ".repeat(indent) + quoted(key) + ": " + value.flow();
    if (value instanceof Text || line.length() <= WIDTH) {
      out.append(line).append('\n');
      return;
    }
    out.append(" ".repeat(indent)).append(quoted(key)).append(":\n");
    value.block(out, indent + 2);
  }

  private void block(StringBuilder out, int indent) {
    switch (this) {
      case Text text -> out.append(" ".repeat(indent)).append(quoted(text.text())).append('\n');
      case Keys keys -> keys.entries().forEach((key, value) -> entry(out, indent, key, value));
      case Items items -> items.items().forEach(item -> item.item(out, indent));
    }
  }

  private void item(StringBuilder out, int indent) {
    String line = " ".repeat(indent) + "- " + flow();
    if (line.length() <= WIDTH || this instanceof Text) {
      out.append(line).append('\n');
      return;
    }
    StringBuilder inner = new StringBuilder();
    block(inner, indent + 2);
    out.append(" ".repeat(indent)).append("- ").append(inner, indent + 2, inner.length());
  }

  private static String quoted(String text) {
    if (PLAIN.matcher(text).matches() && !text.contains(": ")) {
      return text;
    }
    boolean simple = text.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '"' && c != '\\');
    return simple ? '"' + text + '"' : "'" + text.replace("'", "''") + "'";
  }
}
