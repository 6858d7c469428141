package dev.meridian.querylog;

import dev.meridian.wire.DomainName;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How an entry becomes a line. Used by one thread. */
interface LineFormat {
  /**
   * Appends the line without its end.
   *
   * @return false if the format has no line for such an entry, and then nothing is appended
   */
  boolean append(StringBuilder out, Entry entry);

  /** A name as people write it, lower-cased, without the final dot; the root is a dot. */
  static String text(@Nullable DomainName name, String absent) {
    if (name == null) {
      return absent;
    }
    String text = name.toString().toLowerCase(Locale.ROOT);
    return text.length() > 1 ? text.substring(0, text.length() - 1) : text;
  }
}
