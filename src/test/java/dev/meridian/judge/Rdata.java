package dev.meridian.judge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Records as texts that are equal when the records are. */
final class Rdata {
  private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

  private Rdata() {}

  /** A record of a value as Route 53 writes it: names are absolute, {@code \ooo} is octal. */
  static String of(JudgedName owner, String type, long ttl, String value) {
    String decimal =
        OCTAL
            .matcher(value)
            .replaceAll(found -> "\\\\%03d".formatted(Integer.parseInt(found.group(1), 8)));
    try {
      Name name = Name.fromString(owner.inMasterFile());
      return of(Record.fromString(name, Type.value(type), DClass.IN, ttl, decimal, Name.root));
    } catch (IOException e) {
      throw new UncheckedIOException(type + " " + value, e);
    }
  }

  static String of(Record record) {
    Record canonical =
        Record.newRecord(
            record.getName().canonicalize(),
            record.getType(),
            record.getDClass(),
            record.getTTL(),
            record.rdataToWireCanonical());
    return "%s %d %s %s"
        .formatted(
            canonical.getName(),
            canonical.getTTL(),
            Type.string(canonical.getType()),
            canonical.rdataToString());
  }
}
