package dev.meridian.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An absolute domain name as a value, for everything off the answer path. Keeps the case it was
 * given; equality, hash and order ignore case (RFC 4343). Order is the canonical one of RFC 4034
 * §6.1.
 */
public final class DomainName implements Comparable<DomainName> {
  /** The root. */
  public static final DomainName ROOT = new DomainName(new byte[] {0});

  private final byte[] wire;

  private DomainName(byte[] wire) {
    this.wire = wire;
  }

  /**
   * The uncompressed name that begins at {@code offset}.
   *
   * @throws IllegalArgumentException if it is not a well-formed name
   */
  public static DomainName ofWire(byte[] source, int offset) {
    int at = offset;
    while (true) {
      if (at >= source.length || at - offset >= LookupName.MAX_LENGTH) {
        throw new IllegalArgumentException("name runs past its end or is longer than 255 octets");
      }
      int size = source[at];
      if (size == 0) {
        return new DomainName(Arrays.copyOfRange(source, offset, at + 1));
      }
      if (size < 0 || size > 63) {
        throw new IllegalArgumentException("bad label length " + (size & 0xFF));
      }
      at += size + 1;
    }
  }

  /**
   * Reads presentation format (RFC 1035 §5.1: {@code \.} and {@code \DDD} escapes). A name without
   * a final dot is taken as absolute too.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong
   */
  public static DomainName parse(String text) {
    return parse(text, ROOT);
  }

  /** As {@link #parse(String)}, but a name without a final dot, and {@code @}, belong to origin. */
  public static DomainName parse(String text, DomainName origin) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("a name is missing");
    }
    if (text.equals("@")) {
      return origin;
    }
    if (text.equals(".")) {
      return ROOT;
    }
    byte[] out = new byte[LookupName.MAX_LENGTH + 64];
    int labelAt = 0;
    int at = 1;
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    boolean absolute = false;
    for (int i = 0; i < in.length; i++) {
      int octet = in[i] & 0xFF;
      if (octet == '.') {
        closeLabel(text, out, labelAt, at);
        labelAt = at++;
        absolute = i == in.length - 1;
        continue;
      }
      if (octet == '\\') {
        if (i + 3 < in.length && isDigit(in[i + 1]) && isDigit(in[i + 2]) && isDigit(in[i + 3])) {
          octet = (in[i + 1] - '0') * 100 + (in[i + 2] - '0') * 10 + (in[i + 3] - '0');
          i += 3;
        } else if (i + 1 < in.length && !isDigit(in[i + 1])) {
          octet = in[++i] & 0xFF;
        } else {
          octet = 256;
        }
        if (octet > 255) {
          throw new IllegalArgumentException("bad escape in name '" + text + "'");
        }
      }
      if (at > LookupName.MAX_LENGTH) {
        throw new IllegalArgumentException("name '" + text + "' is longer than 255 octets");
      }
      out[at++] = (byte) octet;
    }
    byte[] tail = ROOT.wire;
    if (!absolute) {
      closeLabel(text, out, labelAt, at);
      tail = origin.wire;
    } else {
      at--;
    }
    if (at + tail.length > LookupName.MAX_LENGTH) {
      throw new IllegalArgumentException("name '" + text + "' is longer than 255 octets");
    }
    byte[] wire = Arrays.copyOf(out, at + tail.length);
    System.arraycopy(tail, 0, wire, at, tail.length);
    return new DomainName(wire);
  }

  /**
   * As {@link #parse(String, DomainName)} for a name of letters, digits, hyphens, underscores,
   * asterisks and dots.
   *
   * @return null for any other text; it may be a name, too
   */
  public static @Nullable DomainName parsePlain(byte[] text, int from, int to, DomainName origin) {
    int length = to - from;
    boolean absolute = length > 1 && text[to - 1] == '.';
    int total = absolute ? length + 1 : length + 1 + origin.wire.length;
    if (length == 0 || total > LookupName.MAX_LENGTH) {
      return null;
    }
    byte[] wire = new byte[total];
    int labelAt = 0;
    int end = absolute ? length : length + 1;
    for (int i = 1; i <= end; i++) {
      int octet = i == end && !absolute ? '.' : text[from + i - 1];
      if (octet == '.') {
        int size = i - labelAt - 1;
        if (size == 0 || size > 63) {
          return null;
        }
        wire[labelAt] = (byte) size;
        labelAt = i;
      } else if (!isPlain(octet)) {
        return null;
      } else {
        wire[i] = (byte) octet;
      }
    }
    if (!absolute) {
      System.arraycopy(origin.wire, 0, wire, end, origin.wire.length);
    }
    return new DomainName(wire);
  }

  private static boolean isPlain(int octet) {
    return (octet >= 'a' && octet <= 'z')
        || (octet >= 'A' && octet <= 'Z')
        || (octet >= '0' && octet <= '9')
        || octet == '-'
        || octet == '_'
        || octet == '*';
  }

  private static void closeLabel(String text, byte[] out, int labelAt, int at) {
    int size = at - labelAt - 1;
    if (size == 0) {
      throw new IllegalArgumentException("name '" + text + "' has an empty label");
    }
    if (size > 63) {
      throw new IllegalArgumentException("a label of '" + text + "' is longer than 63 octets");
    }
    out[labelAt] = (byte) size;
  }

  private static boolean isDigit(byte octet) {
    return octet >= '0' && octet <= '9';
  }

  /** Octets in wire form, root included. */
  public int length() {
    return wire.length;
  }

  /** A copy of the wire form in the case that was given. */
  public byte[] toWire() {
    return wire.clone();
  }

  /** The wire form itself, for reading only. */
  byte[] wire() {
    return wire;
  }

  /** Copies the wire form to {@code target} and returns the offset behind it. */
  public int copyTo(byte[] target, int offset) {
    System.arraycopy(wire, 0, target, offset, wire.length);
    return offset + wire.length;
  }

  /** Labels without the root. */
  public int labelCount() {
    int labels = 0;
    for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
      labels++;
    }
    return labels;
  }

  /** The name without its first label; the root is its own parent. */
  public DomainName parent() {
    return wire.length == 1
        ? this
        : new DomainName(Arrays.copyOfRange(wire, wire[0] + 1, wire.length));
  }

  /** {@code label} above this name. */
  public DomainName child(String label) {
    return parse(label, this);
  }

  /** Whether the first label is a single asterisk (RFC 4592 §2.1.1). */
  public boolean isWildcard() {
    return wire[0] == 1 && wire[1] == '*';
  }

  /** Whether this name is {@code ancestor} or below it. */
  public boolean isAtOrBelow(DomainName ancestor) {
    int skip = wire.length - ancestor.wire.length;
    if (skip < 0) {
      return false;
    }
    int at = 0;
    while (at < skip) {
      at += wire[at] + 1;
    }
    return at == skip && equalsIgnoreCase(wire, skip, ancestor.wire);
  }

  private static boolean equalsIgnoreCase(byte[] left, int from, byte[] right) {
    if (left.length - from != right.length) {
      return false;
    }
    for (int i = 0; i < right.length; i++) {
      if (LookupName.lowerCase(left[from + i]) != LookupName.lowerCase(right[i])) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof DomainName name && equalsIgnoreCase(wire, 0, name.wire));
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (byte octet : wire) {
      hash = 31 * hash + LookupName.lowerCase(octet);
    }
    return hash;
  }

  @Override
  public int compareTo(DomainName other) {
    int[] mine = labelOffsets();
    int[] theirs = other.labelOffsets();
    for (int i = 1; i <= Math.min(mine.length, theirs.length); i++) {
      int order = compareLabels(wire, mine[mine.length - i], other.wire, theirs[theirs.length - i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(mine.length, theirs.length);
  }

  private int[] labelOffsets() {
    int[] offsets = new int[labelCount()];
    int at = 0;
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = at;
      at += wire[at] + 1;
    }
    return offsets;
  }

  private static int compareLabels(byte[] left, int leftAt, byte[] right, int rightAt) {
    int shared = Math.min(left[leftAt], right[rightAt]);
    for (int i = 1; i <= shared; i++) {
      int order =
          Integer.compare(
              LookupName.lowerCase(left[leftAt + i]) & 0xFF,
              LookupName.lowerCase(right[rightAt + i]) & 0xFF);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left[leftAt], right[rightAt]);
  }

  /** Presentation format with the final dot; octets that are not plain text as {@code \DDD}. */
  @Override
  public String toString() {
    if (wire.length == 1) {
      return ".";
    }
    StringBuilder text = new StringBuilder(wire.length + 8);
    for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
      for (int i = 1; i <= wire[at]; i++) {
        append(text, wire[at + i] & 0xFF);
      }
      text.append('.');
    }
    return text.toString();
  }

  private static void append(StringBuilder text, int octet) {
    if (octet <= ' ' || octet > '~') {
      text.append('\\').append((char) ('0' + octet / 100));
      text.append((char) ('0' + octet / 10 % 10)).append((char) ('0' + octet % 10));
    } else {
      if (octet == '.'
          || octet == '\\'
          || octet == '"'
          || octet == ';'
          || octet == '('
          || octet == ')'
          || octet == '@'
          || octet == '$') {
        text.append('\\');
      }
      text.append((char) octet);
    }
  }
}
