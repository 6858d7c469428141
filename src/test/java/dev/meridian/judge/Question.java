package dev.meridian.judge;

import dev.meridian.net.Prefix;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A question as it goes over the wire.
 *
 * @param capitals how it is spelled there
 * @param subnet in EDNS client subnet; null: none
 * @param source the address that it comes from
 */
record Question(
    JudgedName name, boolean capitals, String type, @Nullable Prefix subnet, String source) {
  /** A subnet of no bits says nothing: the source counts, as without any. */
  Prefix client() {
    return subnet == null || subnet.length() == 0 ? Prefix.parse(source + "/32") : subnet;
  }

  Question from(Prefix other) {
    return new Question(name, capitals, type, other, source);
  }

  String spelled() {
    return capitals ? name.inMasterFile().toUpperCase(Locale.ROOT) : name.inMasterFile();
  }
}
