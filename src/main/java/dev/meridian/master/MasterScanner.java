package dev.meridian.master;

import java.io.IOException;
import java.io.InputStream;

/**
 * Splits a master file into entries, one after the other, and never holds more than one (RFC 1035
 * §5.1: comments, quotes, parentheses, {@code \X} and {@code \DDD} escapes, white space for the
 * owner). A small mistake costs its line; what shows that the file is not a master file at all, or
 * would need unbounded memory, ends it with {@link MalformedFile}.
 */
public final class MasterScanner {
  /** A physical line; enough for the longest RDATA in hexadecimal if it is broken up once. */
  public static final int MAX_LINE = 1 << 16;

  /**
   * One entry over all its lines: 65535 octets of RDATA, each written {@code \DDD}, and then some.
   */
  static final int MAX_ENTRY = 1 << 19;

  private static final int MIN_BUFFER = 1 << 9;
  static final int MAX_BUFFER = 1 << 16;
  private static final int END = -1;
  private static final boolean[] SPECIAL = special();
  private static final int[] UTF8_MARK = {0xEF, 0xBB, 0xBF};

  /** Says that the rest of a file cannot be read as master file text. */
  public static final class MalformedFile extends IOException {
    private static final long serialVersionUID = 1;
    private final int line;
    private final int column;

    MalformedFile(int line, int column, String message) {
      super(message);
      this.line = line;
      this.column = column;
    }

    int line() {
      return line;
    }

    int column() {
      return column;
    }
  }

  /** Is told of mistakes that cost one line. */
  public interface Mistakes {
    void error(int line, int column, String message);

    void warning(int line, int column, String message);
  }

  private final InputStream in;
  private final Mistakes mistakes;
  private final byte[] buffer;
  private int at;
  private int limit;
  private int line = 1;
  private int column;
  private int lineOctets;
  private boolean lineIsBlankSoFar = true;

  private int depth;
  private int parenLine;
  private int parenColumn;
  private boolean glued;

  public MasterScanner(InputStream in, Mistakes mistakes) throws IOException {
    this(in, bufferFor(in), mistakes);
  }

  /**
   * Scans what a stream has.
   *
   * @param buffer for a part of it, not too small for the begin of a line
   */
  MasterScanner(InputStream in, byte[] buffer, Mistakes mistakes) throws IOException {
    this.in = in;
    this.buffer = buffer;
    this.mistakes = mistakes;
    fill();
    skipByteOrderMark();
  }

  /** A buffer of the right size; with an octet to spare the end of a small file is seen at once. */
  static byte[] bufferFor(InputStream in) throws IOException {
    return new byte[Math.clamp(in.available() + 1L, MIN_BUFFER, MAX_BUFFER)];
  }

  /** Scans a part of a text that begins with an entry. */
  MasterScanner(byte[] text, int from, int to, int line, Mistakes mistakes) throws IOException {
    this.in = InputStream.nullInputStream();
    this.mistakes = mistakes;
    this.line = line;
    buffer = text;
    at = from;
    limit = to;
    if (from == 0) {
      skipByteOrderMark();
    }
  }

  /** Where the next entry begins, in a text; after the last one this means nothing. */
  int offset() {
    return at;
  }

  /** The line that is being read, 1 being the first. */
  int line() {
    return line;
  }

  private void skipByteOrderMark() throws IOException {
    if (limit >= 2 && (buffer[0] & 0xFE) == 0xFE && (buffer[1] & 0xFE) == 0xFE) {
      throw new MalformedFile(1, 1, "the file is UTF-16 text; save it as UTF-8 or ASCII");
    }
    boolean mark = limit >= UTF8_MARK.length;
    for (int i = 0; mark && i < UTF8_MARK.length; i++) {
      mark = (buffer[i] & 0xFF) == UTF8_MARK[i];
    }
    at = mark ? UTF8_MARK.length : 0;
  }

  private boolean fill() throws IOException {
    limit = Math.max(0, in.readNBytes(buffer, 0, buffer.length));
    at = 0;
    return limit > 0;
  }

  /** The next octet without taking it, or {@link #END}. */
  private int peek() throws IOException {
    return at < limit || fill() ? buffer[at] & 0xFF : END;
  }

  /** Takes the octet that {@link #peek} showed. */
  private void take(int octet) throws MalformedFile {
    at++;
    if (octet == '\n') {
      line++;
      column = 0;
      lineOctets = 0;
      return;
    }
    if ((octet & 0xC0) != 0x80) { // not inside of a UTF-8 sequence: columns count characters
      column++;
    }
    if (++lineOctets > MAX_LINE) {
      throw new MalformedFile(line, 1, "the line is longer than " + MAX_LINE + " octets");
    }
    if (octet == 0) {
      throw new MalformedFile(
          line, column, "NUL octet: the file is binary, or was cut off while it was written");
    }
  }

  /**
   * Reads the next entry that has a token.
   *
   * @return false at the end of the file
   */
  public boolean next(MasterEntry entry) throws IOException {
    entry.clear();
    depth = 0;
    glued = false;
    for (int octet = peek(); octet != END; octet = peek()) {
      if (octet == '\n') {
        if (endLine(entry, octet)) {
          return true;
        }
      } else if (octet == ' ' || octet == '\t' || octet == '\r') {
        blank(entry, octet);
      } else if (!token(entry, octet)) {
        skipLine();
        entry.clear();
        depth = 0;
      }
      if (entry.length() > MAX_ENTRY) {
        throw new MalformedFile(entry.line(0), entry.column(0), tooLong());
      }
    }
    return endFile(entry);
  }

  private String tooLong() {
    return depth > 0
        ? "the '(' of line " + parenLine + " is not closed within " + MAX_ENTRY + " octets"
        : "the entry is longer than " + MAX_ENTRY + " octets";
  }

  /** Whether the line end is the entry's end too. */
  private boolean endLine(MasterEntry entry, int octet) throws MalformedFile {
    take(octet);
    glued = false;
    lineIsBlankSoFar = true;
    if (depth > 0) {
      return false;
    }
    if (entry.size() > 0) {
      return true;
    }
    entry.clear();
    return false;
  }

  private void blank(MasterEntry entry, int octet) throws IOException {
    if (entry.size() == 0 && lineIsBlankSoFar && depth == 0 && octet != '\r') {
      entry.blankOwner(true);
    }
    take(octet);
    glued = false;
    if (octet == '\r' && peek() != '\n' && peek() != END) {
      throw new MalformedFile(
          line, column, "carriage return without line feed; end lines with LF or CR LF");
    }
  }

  /** Reads what begins with this octet; false if the line is to be given up. */
  private boolean token(MasterEntry entry, int octet) throws IOException {
    lineIsBlankSoFar = false;
    switch (octet) {
      case ';' -> skipComment();
      case '(' -> openParenthesis();
      case ')' -> {
        return closeParenthesis();
      }
      case '"' -> {
        return quoted(entry);
      }
      default -> {
        return unquoted(entry, octet);
      }
    }
    return true;
  }

  private void openParenthesis() throws IOException {
    take('(');
    glued = false;
    if (depth++ == 0) {
      parenLine = line;
      parenColumn = column;
    }
  }

  private boolean closeParenthesis() throws IOException {
    take(')');
    glued = false;
    if (depth == 0) {
      mistakes.error(line, column, "')' without '('");
      return false;
    }
    depth--;
    return true;
  }

  private boolean quoted(MasterEntry entry) throws IOException {
    take('"');
    int openLine = line;
    int openColumn = column;
    entry.open(line, column, true, glued);
    for (int octet = peek(); octet != '"'; octet = peek()) {
      if (octet == END || octet == '\n') {
        mistakes.error(openLine, openColumn, "the quote is not closed on its line");
        return false;
      }
      if (!octet(entry, octet)) {
        return false;
      }
    }
    take('"');
    entry.close();
    glued = true;
    return true;
  }

  private boolean unquoted(MasterEntry entry, int first) throws IOException {
    int start = at;
    entry.open(line, column + 1, false, glued);
    plain(entry);
    for (int octet = at == start ? first : peek(); !isDelimiter(octet); octet = peek()) {
      if (octet > '~') {
        mistakes.error(
            line,
            column + 1,
            "outside of quotes only ASCII may stand; write an internationalised name in its xn--"
                + " form, another octet as \\DDD");
        return false;
      }
      if (!octet(entry, octet)) {
        return false;
      }
    }
    entry.close();
    glued = true;
    return true;
  }

  /**
   * Takes all at once what begins a token and means nothing but itself: nearly always the whole.
   */
  private void plain(MasterEntry entry) {
    int end = at;
    int stop = Math.min(limit, at + MAX_LINE - lineOctets);
    while (end < stop && buffer[end] > ' ' && !SPECIAL[buffer[end]]) {
      end++;
    }
    entry.append(buffer, at, end - at);
    column += end - at;
    lineOctets += end - at;
    at = end;
  }

  private static boolean[] special() {
    boolean[] special = new boolean[Byte.MAX_VALUE + 1];
    for (char c : new char[] {';', '(', ')', '"', '\\', 0x7F}) {
      special[c] = true;
    }
    return special;
  }

  private static boolean isDelimiter(int octet) {
    return switch (octet) {
      case END, ' ', '\t', '\r', '\n', ';', '(', ')', '"' -> true;
      default -> false;
    };
  }

  /**
   * Takes one octet, or a backslash and the octet behind it, so that no delimiter is seen there.
   */
  private boolean octet(MasterEntry entry, int octet) throws IOException {
    take(octet);
    if (octet < ' ' && octet != '\t' && octet != '\r') {
      mistakes.error(line, column, "control character; write it as \\DDD");
      return false;
    }
    entry.append(octet);
    if (octet == '\\') {
      int escaped = peek();
      if (escaped < ' ' || escaped > '~') {
        mistakes.error(line, column, "only a printable ASCII character can follow a backslash");
        return false;
      }
      take(escaped);
      entry.append(escaped);
    }
    return true;
  }

  private void skipComment() throws IOException {
    for (int octet = peek(); octet != '\n' && octet != END; octet = peek()) {
      take(octet);
    }
  }

  private void skipLine() throws IOException {
    skipComment();
    if (peek() == '\n') {
      take('\n');
    }
    lineIsBlankSoFar = true;
    glued = false;
  }

  private boolean endFile(MasterEntry entry) {
    if (depth > 0) {
      mistakes.error(parenLine, parenColumn, "'(' is never closed");
      entry.clear();
      depth = 0;
      return false;
    }
    if (lineOctets > 0) {
      mistakes.warning(
          line,
          column,
          "the last line has no line end; was the file cut off while it was written?");
      lineOctets = 0;
    }
    return entry.size() > 0;
  }
}
