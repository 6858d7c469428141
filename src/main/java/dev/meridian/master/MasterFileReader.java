package dev.meridian.master;

import dev.meridian.master.GenerateDirective.MalformedDirective;
import dev.meridian.source.InputStamp;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Reporter;
import dev.meridian.source.TrackedFiles;
import dev.meridian.text.Reasons;
import dev.meridian.wire.DomainName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads a master file (RFC 1035 §5) with {@code $ORIGIN}, {@code $INCLUDE}, {@code $TTL} (RFC 2308
 * §4) and {@code $GENERATE} (BIND) into a {@link RecordCollector}. Never throws for any content; a
 * mistake is reported where it is, and reading goes on behind it as long as that makes sense.
 *
 * <p>Where the RFCs are silent it does what BIND does, so that {@code named-checkzone} and this
 * server see the same zone: {@code $INCLUDE} paths are relative to the zone folder; an included
 * file begins with the origin in force and changes neither it nor the current owner for the file
 * that includes it; a {@code $TTL} in it stays.
 *
 * <p>{@code $INCLUDE} opens regular files below the zone folder and nothing else, whatever links
 * there are.
 */
public final class MasterFileReader {
  private static final int MAX_INCLUDE_DEPTH = 8;

  private final Path folder;
  private final TrackedFiles files;
  private final LoadLimits limits;
  private final Reporter reporter;
  private final RecordCollector records;
  private final ReadingTools tools;
  private final RecordReader recordReader;

  /** Where blocks are noted; null: in a file that is not kept. */
  private ZoneText.@Nullable Builder noted;

  private @Nullable ZoneText text;

  /** The files being read, the innermost first. */
  private final Deque<Path> open = new ArrayDeque<>(2);

  public MasterFileReader(
      Path folder,
      TrackedFiles files,
      LoadLimits limits,
      Reporter reporter,
      RecordCollector records,
      ReadingTools tools) {
    this.folder = folder;
    this.files = files;
    this.limits = limits;
    this.reporter = reporter;
    this.records = records;
    this.tools = tools;
    this.recordReader = new RecordReader(records, tools.rdata());
  }

  /**
   * Reads the zone's own file.
   *
   * @param name of a file in the zone folder
   * @param stamp of that file
   */
  public void read(String name, InputStamp stamp, DomainName apex) {
    int file = reporter.files().indexOf(name);
    MasterFrame frame = new MasterFrame(file, apex, reporter, tools.entry());
    open.push(stamp.path());
    try {
      if (ZoneText.isKept(stamp, limits)) {
        readText(files.read(stamp, name, limits.zoneFileOctets()), frame);
      } else {
        try (InputStream in = files.open(stamp, name, limits.zoneFileOctets())) {
          scan(in, tools.buffer(), frame);
        }
      }
    } catch (IOException e) {
      frame.error(1, 1, Reasons.of(e));
    }
    open.pop();
  }

  private void readText(byte[] octets, MasterFrame frame) throws IOException {
    ZoneText.Builder builder = new ZoneText.Builder(octets.length);
    noted = builder;
    try {
      MasterScanner scanner = new MasterScanner(octets, 0, octets.length, 1, frame);
      scan(scanner, frame);
      text = builder.build(octets, scanner.line(), recordReader.context(frame));
    } catch (MasterScanner.MalformedFile e) {
      frame.error(e.line(), e.column(), Reasons.of(e));
    }
  }

  /** The text of the zone's own file, if it is one of those that are kept. */
  public @Nullable ZoneText text() {
    return text;
  }

  /**
   * What a part of a text has left.
   *
   * @param line behind it
   * @param end what the next entry depends on
   */
  record Part(int line, ZoneText.Context end) {}

  /**
   * Reads a part of the text of a zone's own file.
   *
   * @param line of its begin
   * @param context of its begin
   * @param builder notes blocks, and whether there is more to it than the text
   */
  @Nullable Part readPart(
      byte[] octets,
      int from,
      int to,
      int line,
      ZoneText.Context context,
      ZoneText.Builder builder) {
    MasterFrame frame = new MasterFrame(0, context.origin(), reporter, tools.entry());
    recordReader.resume(context, frame);
    noted = builder;
    try {
      MasterScanner scanner = new MasterScanner(octets, from, to, line, frame);
      if (from < to) {
        scan(scanner, frame);
      }
      return new Part(scanner.line(), recordReader.context(frame));
    } catch (IOException e) {
      builder.spoil();
      return null;
    }
  }

  private void scan(MasterScanner scanner, MasterFrame frame) throws IOException {
    ZoneText.Builder builder = noted;
    while (!records.isFull()) {
      ZoneText.Block begun =
          builder != null && builder.wantsBlock(scanner.offset())
              ? new ZoneText.Block(scanner.offset(), scanner.line(), recordReader.context(frame))
              : null;
      if (!scanner.next(frame.entry())) {
        return;
      }
      if (builder != null && begun != null) {
        builder.add(begun);
      }
      entry(frame);
    }
  }

  private void readIncluded(InputStream opened, Path path, MasterFrame frame) throws IOException {
    try (InputStream in = opened) {
      open.push(path);
      scan(in, MasterScanner.bufferFor(in), frame);
      open.pop();
    }
  }

  private void scan(InputStream in, byte[] buffer, MasterFrame frame) throws IOException {
    try {
      scan(new MasterScanner(in, buffer, frame), frame);
    } catch (MasterScanner.MalformedFile e) {
      frame.error(e.line(), e.column(), Reasons.of(e));
    }
  }

  private void entry(MasterFrame frame) {
    MasterEntry entry = frame.entry();
    if (entry.blankOwner() || entry.isQuoted(0) || !entry.startsWith(0, '$')) {
      recordReader.read(frame);
      return;
    }
    switch (entry.string(0).toUpperCase(Locale.ROOT)) {
      case "$ORIGIN" -> origin(frame);
      case "$TTL" -> defaultTtl(frame);
      case "$INCLUDE" -> include(frame);
      case "$GENERATE" -> generate(frame);
      default ->
          frame.error(
              0, entry.quote(0) + " is not known; there are $ORIGIN, $TTL, $INCLUDE and $GENERATE");
    }
  }

  private static boolean hasArguments(MasterFrame frame, int max, String message) {
    int arguments = frame.entry().size() - 1;
    if (arguments < 1 || arguments > max) {
      frame.error(Math.min(arguments, max + 1), message);
      return false;
    }
    return true;
  }

  private static void origin(MasterFrame frame) {
    if (hasArguments(frame, 1, "$ORIGIN takes one name")) {
      DomainName origin = frame.name(1);
      if (origin != null) {
        frame.origin(origin);
      }
    }
  }

  private void defaultTtl(MasterFrame frame) {
    if (hasArguments(frame, 1, "$TTL takes one span of time, such as 3600 or 1h")) {
      long ttl = frame.ttl(1);
      if (ttl != MasterFrame.NO_TTL) {
        recordReader.defaultTtl(ttl);
      }
    }
  }

  private void include(MasterFrame frame) {
    if (!hasArguments(frame, 2, "$INCLUDE takes a file name and, if need be, an origin")) {
      return;
    }
    if (noted != null) {
      noted.spoil();
      noted = null;
    }
    MasterEntry entry = frame.entry();
    DomainName origin = entry.size() == 3 ? frame.name(2) : frame.origin();
    Path real = fenced(frame);
    if (real == null || origin == null) {
      return;
    }
    String label = "$INCLUDE " + entry.quote(1);
    if (isOpen(real)) {
      frame.error(1, label + ": the file would include itself");
    } else if (open.size() > MAX_INCLUDE_DEPTH) {
      frame.error(1, label + ": nested more than " + MAX_INCLUDE_DEPTH + " deep");
    } else {
      String name = entry.string(1);
      int file = reporter.files().indexOf(name);
      try {
        Path written = folder.resolve(name);
        InputStream in = files.open(written, real, name, limits.zoneFileOctets());
        readIncluded(in, real, new MasterFrame(file, origin, reporter, new MasterEntry()));
      } catch (IOException e) {
        frame.error(1, label + ": " + Reasons.of(e));
      }
    }
  }

  private boolean isOpen(Path real) {
    for (Path path : open) {
      try {
        if (path.toRealPath().equals(real)) {
          return true;
        }
      } catch (IOException e) {
        return false; // gone meanwhile: what is read will be thrown away
      }
    }
    return false;
  }

  /** The real path of the file to include, if it is below the zone folder; else an error. */
  private @Nullable Path fenced(MasterFrame frame) {
    String label = "$INCLUDE " + frame.entry().quote(1);
    try {
      Path written = Path.of(frame.entry().string(1));
      boolean climbs = false;
      for (Path part : written) {
        climbs |= part.toString().equals("..");
      }
      if (written.isAbsolute() || climbs) {
        frame.error(1, label + ": write a path below the zone folder, without '..'");
        return null;
      }
      Path real = folder.resolve(written).toRealPath();
      if (real.startsWith(folder.toRealPath())) {
        return real;
      }
      frame.error(1, label + " leads out of the zone folder");
    } catch (IOException | InvalidPathException e) {
      frame.error(1, label + ": there is no such file in the zone folder");
    }
    return null;
  }

  private void generate(MasterFrame frame) {
    try {
      GenerateDirective directive = GenerateDirective.parse(frame.entry());
      MasterFrame generated = frame.copy();
      int errors = reporter.errorCount();
      while (!records.isFull()
          && reporter.errorCount() == errors
          && directive.next(generated.entry())) {
        recordReader.read(generated);
      }
    } catch (MalformedDirective e) {
      frame.error(e.token(), String.valueOf(e.getMessage()));
    }
  }
}
