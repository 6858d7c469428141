package dev.meridian.master;

import dev.meridian.rr.RRset;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Problems;
import dev.meridian.source.Reporter;
import dev.meridian.source.SourceFiles;
import dev.meridian.source.TrackedFiles;
import dev.meridian.wire.DomainName;
import dev.meridian.zone.ZoneBuilder;
import dev.meridian.zone.ZonePatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Brings a zone from one version of its master file to the next by reading only the parts where the
 * two differ: both versions of a part are read, and the RRsets that come out otherwise are patched.
 *
 * <p>Whatever is not plain, a problem in one of these parts among it, is not attempted: then the
 * whole file is to be read, which knows what to say. Used once.
 */
public final class TextUpdate {
  /** Blocks of one part; what takes more has little in common with the text of before. */
  private static final int MAX_BLOCKS = 64;

  /** How much may have been put in at one place. In octets. */
  private static final int MAX_MORE = 1 << 20;

  private final ZoneText old;
  private final byte[] now;
  private final ZonePatch patch;
  private final LoadLimits limits;
  private final ZoneText.Builder fresh;
  private final Set<DomainName> touched = new TreeSet<>();
  private final List<Shift> shifts = new ArrayList<>();
  private final ReadingTools tools = new ReadingTools();
  private int records;

  /** Lines of the old text from {@code from} on have moved, and those before are no more. */
  private record Shift(int gone, int from, int by) {}

  /**
   * @param records how many the zone had
   */
  public TextUpdate(ZoneText old, byte[] now, ZonePatch patch, int records, LoadLimits limits) {
    this.records = records;
    this.old = old;
    this.now = now;
    this.fresh = new ZoneText.Builder(now.length);
    this.patch = patch;
    this.limits = limits;
  }

  /** Names whose records are others now. */
  public Set<DomainName> touched() {
    return touched;
  }

  /** The line that a line of the old text has become; -1: it is in a part that was read anew. */
  public int moved(int line) {
    int by = 0;
    for (Shift shift : shifts) {
      if (line >= shift.from) {
        by = shift.by;
      } else if (line >= shift.gone) {
        return -1;
      }
    }
    return line + by;
  }

  /**
   * Patches the zone.
   *
   * @return the new text; null: it cannot be done this way
   */
  public @Nullable ZoneText apply() {
    int block = 0;
    int at = 0;
    int line = 1;
    while (block < old.size() || at < now.length) {
      if (block < old.size() && old.isAt(block, now, at)) {
        fresh.add(new ZoneText.Block(at, line, old.block(block).context()));
        at += old.length(block);
        line += old.block(block + 1).line() - old.block(block).line();
        block++;
      } else {
        Part part = part(block, at, line);
        if (part == null || !merge(block, part)) {
          return null;
        }
        fresh.addAll(part.noted);
        shifts.add(
            new Shift(
                old.block(block).line(),
                old.block(part.nextBlock).line(),
                part.line - old.block(part.nextBlock).line()));
        block = part.nextBlock;
        at = part.to;
        line = part.line;
        if (block == old.size()) {
          return finish(line, part.end);
        }
      }
    }
    return finish(line, old.block(old.size()).context());
  }

  private @Nullable ZoneText finish(int line, ZoneText.Context end) {
    return records <= limits.recordsPerZone() ? fresh.build(now, line, end) : null;
  }

  /**
   * A part of the new text, up to where it is the old one again.
   *
   * @param line of its end
   * @param end what holds there
   */
  private record Part(
      ZoneBuilder records,
      ZoneText.Builder noted,
      int to,
      int line,
      ZoneText.Context end,
      int nextBlock) {}

  /** The smallest part that begins here, ends where an old block does, and leaves all as it was. */
  private @Nullable Part part(int block, int at, int line) {
    int span = 0;
    int last = Math.min(old.size(), block + MAX_BLOCKS);
    for (int next = Math.min(block + 1, old.size()); next <= last; next++) {
      span += next > block ? old.length(next - 1) : 0;
      int to = next == old.size() ? now.length : find(next, at, span);
      if (to < 0 || to - at > span + MAX_MORE) {
        continue;
      }
      Part part = read(block, at, to, line, next);
      if (part == null) {
        return null;
      }
      if (next == old.size() || part.end.equals(old.block(next).context())) {
        return part;
      }
    }
    return null;
  }

  /** First where it is if this part is all that differs, or if it keeps its length. */
  private int find(int block, int at, int span) {
    int all = old.block(block).at() + now.length - old.octets().length;
    if (all >= at && old.isAt(block, now, all)) {
      return all;
    }
    return old.isAt(block, now, at + span)
        ? at + span
        : old.find(block, now, at, at + span + MAX_MORE);
  }

  private @Nullable Part read(int block, int from, int to, int line, int next) {
    ZoneText.Builder noted = new ZoneText.Builder(now.length);
    ZoneBuilder records = new ZoneBuilder(patch.apex());
    MasterFileReader.Part read =
        part(now, from, to, line, old.block(block).context(), records, noted);
    return read == null ? null : new Part(records, noted, to, read.line(), read.end(), next);
  }

  /** Reads a part of one of the texts; null if there is anything to say about it. */
  private MasterFileReader.@Nullable Part part(
      byte[] text,
      int from,
      int to,
      int line,
      ZoneText.Context context,
      ZoneBuilder records,
      ZoneText.Builder noted) {
    Problems problems = new Problems(1);
    Reporter reporter = new Reporter(new SourceFiles(), problems);
    reporter.files().indexOf("");
    MasterFileReader.Part read =
        new MasterFileReader(
                Path.of(""),
                new TrackedFiles(),
                limits,
                reporter,
                new RecordCollector(records, reporter, limits),
                tools)
            .readPart(text, from, to, line, context, noted);
    return noted.isWhole() && problems.list().isEmpty() ? read : null;
  }

  private boolean merge(int block, Part part) {
    int from = old.block(block).at();
    int to = old.block(part.nextBlock).at();
    ZoneBuilder before = new ZoneBuilder(patch.apex());
    ZoneText.Context context = old.block(block).context();
    if (part(old.octets(), from, to, 1, context, before, new ZoneText.Builder(now.length))
        == null) {
      return false;
    }
    Set<DomainName> owners = new LinkedHashSet<>();
    before.forEachOwner((owner, _) -> owners.add(owner));
    part.records.forEachOwner((owner, _) -> owners.add(owner));
    records += part.records.recordCount() - before.recordCount();
    boolean last = part.nextBlock == old.size();
    for (DomainName owner : owners) {
      if (!merge(owner, before, part.records, last)) {
        return false;
      }
    }
    return true;
  }

  private boolean merge(DomainName owner, ZoneBuilder before, ZoneBuilder after, boolean last) {
    Set<Integer> types = new LinkedHashSet<>(before.typesAt(owner));
    types.addAll(after.typesAt(owner));
    for (int type : types) {
      RRset was = before.find(owner, type);
      RRset is = after.find(owner, type);
      if (!isSame(was, is)) {
        Splice splice = Splice.of(patch.find(owner, type), was, is, last);
        if (!splice.isPlain()) {
          return false;
        }
        patch.set(owner, type, splice.result());
        touched.add(owner);
      }
    }
    return true;
  }

  private static boolean isSame(@Nullable RRset one, @Nullable RRset other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    return one.saysTheSameAs(other);
  }
}
