package dev.meridian.judge;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A domain name.
 *
 * @param labels the leftmost first; one character an octet, in lower case
 */
record JudgedName(List<String> labels) {
  JudgedName {
    labels = List.copyOf(labels);
  }

  /** Reads a name as Route 53 writes it: {@code \ooo} is octal, the last dot may be missing. */
  static JudgedName of(String text) {
    List<String> labels = new ArrayList<>();
    StringBuilder label = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.') {
        labels.add(label.toString());
        label.setLength(0);
      } else if (c == '\\') {
        label.append(lower((char) Integer.parseInt(text.substring(i + 1, i + 4), 8)));
        i += 3;
      } else {
        label.append(lower(c));
      }
    }
    if (!label.isEmpty()) {
      labels.add(label.toString());
    }
    return new JudgedName(labels);
  }

  private static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
  }

  JudgedName parent() {
    return new JudgedName(labels.subList(1, labels.size()));
  }

  /** Whether it is the other, or below it. */
  boolean isIn(JudgedName other) {
    int more = labels.size() - other.labels.size();
    return more >= 0 && labels.subList(more, labels.size()).equals(other.labels);
  }

  JudgedName wildcard() {
    return below("*");
  }

  JudgedName below(String label) {
    List<String> more = new ArrayList<>(labels);
    more.addFirst(label);
    return new JudgedName(more);
  }

  /** As master files write it: {@code \ddd} is decimal. */
  String inMasterFile() {
    return labels.stream().map(JudgedName::escaped).collect(Collectors.joining(".", "", "."));
  }

  private static String escaped(String label) {
    StringBuilder text = new StringBuilder();
    for (byte octet : label.getBytes(StandardCharsets.ISO_8859_1)) {
      char c = (char) (octet & 0xFF);
      boolean plain = c > ' ' && c < 127 && "\\.\"();@$".indexOf(c) < 0;
      text.append(plain ? String.valueOf(c) : "\\%03d".formatted((int) c));
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return inMasterFile();
  }
}
