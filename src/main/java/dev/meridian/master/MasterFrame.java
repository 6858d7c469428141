package dev.meridian.master;

import dev.meridian.source.Reporter;
import dev.meridian.source.SourceFiles;
import dev.meridian.source.TimeText;
import dev.meridian.wire.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to one master file while it is read, and not to the files that it includes: the
 * entry at hand, the origin, the current owner. Turns tokens into values and reports those that are
 * none.
 */
final class MasterFrame implements MasterScanner.Mistakes {
  /** What {@link #ttl} returns after reporting an error. */
  static final long NO_TTL = -1;

  private final int file;
  private final Reporter reporter;
  private final MasterEntry entry;
  private DomainName origin;
  private @Nullable DomainName owner;

  /**
   * @param file number in {@link SourceFiles}
   * @param entry to be filled with one entry after the other
   */
  MasterFrame(int file, DomainName origin, Reporter reporter, MasterEntry entry) {
    this.entry = entry;
    this.file = file;
    this.origin = origin;
    this.reporter = reporter;
  }

  /** The same place in the same file, with an entry of its own. */
  MasterFrame copy() {
    return new MasterFrame(file, origin, reporter, new MasterEntry());
  }

  MasterEntry entry() {
    return entry;
  }

  DomainName origin() {
    return origin;
  }

  void origin(DomainName newOrigin) {
    origin = newOrigin;
  }

  /** The owner of the record before, which a line that begins with white space takes over. */
  @Nullable DomainName owner() {
    return owner;
  }

  void owner(DomainName newOwner) {
    owner = newOwner;
  }

  long position(int token) {
    return entry.position(file, token);
  }

  /** The name that a token is; null after reporting an error. */
  @Nullable DomainName name(int token) {
    if (entry.isQuoted(token)) {
      error(token, "a name is written without quotes");
      return null;
    }
    try {
      DomainName plain =
          DomainName.parsePlain(entry.octets(), entry.from(token), entry.to(token), origin);
      return plain != null ? plain : DomainName.parse(entry.string(token), origin);
    } catch (IllegalArgumentException e) {
      error(token, String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** The seconds that a token says; {@link #NO_TTL} after reporting an error. */
  long ttl(int token) {
    long ttl = PlainRdata.number(entry, token, TimeText.MAX_TTL);
    if (ttl >= 0) {
      return ttl;
    }
    ttl = TimeText.seconds(entry.string(token));
    if (ttl == TimeText.INVALID) {
      error(token, entry.quote(token) + " is not a TTL; write seconds, or 30s, 5m, 1h, 1d, 1w");
      return NO_TTL;
    }
    if (ttl > TimeText.MAX_TTL) {
      error(
          token,
          "TTL "
              + entry.quote(token)
              + " is above the maximum of "
              + TimeText.MAX_TTL
              + " seconds (RFC 2181 §8)");
      return NO_TTL;
    }
    return ttl;
  }

  void error(int token, String message) {
    reporter.error(position(token), message);
  }

  @Override
  public void error(int line, int column, String message) {
    reporter.error(SourceFiles.position(file, line, column), message);
  }

  @Override
  public void warning(int line, int column, String message) {
    reporter.warning(SourceFiles.position(file, line, column), message);
  }
}
