package dev.meridian.master;

import dev.meridian.source.SourceFiles;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One entry of a master file, split into tokens (RFC 1035 §5.1): comments, parentheses and line
 * ends are gone, escapes and the octets of names and strings are as written. Reused from entry to
 * entry.
 */
public final class MasterEntry {
  private static final int QUOTED = 1;
  private static final int GLUED = 2;
  private static final int MAX_QUOTE = 40;

  private byte[] text = new byte[256];
  private int length;
  private int[] from = new int[16];
  private int[] to = new int[16];
  private int[] line = new int[16];
  private int[] column = new int[16];
  private byte[] flags = new byte[16];
  private int size;
  private boolean blankOwner;

  void clear() {
    length = 0;
    size = 0;
    blankOwner = false;
  }

  /** Begins a token at a place of the file. */
  public void open(int atLine, int atColumn, boolean quoted, boolean glued) {
    if (size == from.length) {
      grow();
    }
    from[size] = length;
    line[size] = atLine;
    column[size] = atColumn;
    flags[size] = (byte) ((quoted ? QUOTED : 0) | (glued ? GLUED : 0));
  }

  /** Begins a token at the place, and with the quotes, of another entry's token. */
  void openLike(MasterEntry other, int token) {
    boolean glued = (other.flags[token] & GLUED) != 0;
    open(other.line[token], other.column[token], other.isQuoted(token), glued);
  }

  private void grow() {
    int capacity = size * 2;
    from = Arrays.copyOf(from, capacity);
    to = Arrays.copyOf(to, capacity);
    line = Arrays.copyOf(line, capacity);
    column = Arrays.copyOf(column, capacity);
    flags = Arrays.copyOf(flags, capacity);
  }

  /** Adds an octet to the token that is open. */
  void append(int octet) {
    if (length == text.length) {
      text = Arrays.copyOf(text, length * 2);
    }
    text[length++] = (byte) octet;
  }

  /** Adds octets to the token that is open. */
  public void append(byte[] octets, int offset, int count) {
    if (length + count > text.length) {
      text = Arrays.copyOf(text, Math.max(length + count, length * 2));
    }
    System.arraycopy(octets, offset, text, length, count);
    length += count;
  }

  /** Ends the token that is open. */
  public void close() {
    to[size++] = length;
  }

  /** Octets of all tokens together. */
  int length() {
    return length;
  }

  /** How many tokens there are. */
  int size() {
    return size;
  }

  /** Whether the line begins with white space: the owner is the one of the entry before. */
  boolean blankOwner() {
    return blankOwner;
  }

  void blankOwner(boolean blank) {
    blankOwner = blank;
  }

  boolean isQuoted(int token) {
    return (flags[token] & QUOTED) != 0;
  }

  /** Line and column of a token, packed for {@link SourceFiles}. */
  long position(int file, int token) {
    return SourceFiles.position(file, line[token], column[token]);
  }

  int line(int token) {
    return line[token];
  }

  int column(int token) {
    return column[token];
  }

  /** The octets that tokens point into. For reading only; valid until the next entry. */
  byte[] octets() {
    return text;
  }

  int from(int token) {
    return from[token];
  }

  int to(int token) {
    return to[token];
  }

  /** A token as written, one character for each octet; quotes around it are gone. */
  String string(int token) {
    return new String(text, from[token], to[token] - from[token], StandardCharsets.ISO_8859_1);
  }

  /** Whether a token is a word in ASCII capitals, in either case. */
  boolean is(int token, String capitals) {
    int at = from[token];
    if (to[token] - at != capitals.length()) {
      return false;
    }
    for (int i = 0; i < capitals.length(); i++) {
      int octet = text[at + i];
      if ((octet >= 'a' && octet <= 'z' ? octet - ('a' - 'A') : octet) != capitals.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a token begins with an ASCII character. */
  boolean startsWith(int token, char first) {
    return to[token] > from[token] && text[from[token]] == first;
  }

  /** Octets of a token. */
  int length(int token) {
    return to[token] - from[token];
  }

  /** Whether a token was written without white space behind the one before. */
  boolean isGlued(int token) {
    return (flags[token] & GLUED) != 0;
  }

  /** A token for a message: never much of it, since it may be long and may be anything. */
  String quote(int token) {
    String all = new String(text, from[token], to[token] - from[token], StandardCharsets.UTF_8);
    return "'" + (all.length() <= MAX_QUOTE ? all : all.substring(0, MAX_QUOTE) + "…") + "'";
  }

  /**
   * The tokens from {@code first} on as one line of ASCII text that reads as they were written:
   * quotes are put back, octets above 126 become {@code \DDD}.
   */
  String join(int first) {
    StringBuilder out = new StringBuilder(length - (first < size ? from[first] : length) + 16);
    for (int token = first; token < size; token++) {
      if (token > first && (flags[token] & GLUED) == 0) {
        out.append(' ');
      }
      String quote = isQuoted(token) ? "\"" : "";
      out.append(quote);
      for (int i = from[token]; i < to[token]; i++) {
        appendPrintable(out, text[i] & 0xFF);
      }
      out.append(quote);
    }
    return out.toString();
  }

  private static void appendPrintable(StringBuilder out, int octet) {
    if (octet < ' ' || octet > '~') {
      out.append('\\').append((char) ('0' + octet / 100));
      out.append((char) ('0' + octet / 10 % 10)).append((char) ('0' + octet % 10));
    } else {
      out.append((char) octet);
    }
  }
}
