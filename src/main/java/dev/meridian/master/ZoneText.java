package dev.meridian.master;

import dev.meridian.source.InputStamp;
import dev.meridian.source.LoadLimits;
import dev.meridian.wire.DomainName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The master file of a large zone as it was read, in blocks that each begin with an entry, with all
 * that reading needs to begin there. It is kept so that the next version of the file is read only
 * where it is another. Immutable.
 */
public final class ZoneText {
  /** Larger ones are not kept: they would take more memory than they save time. In octets. */
  static final int MAX_OCTETS = 1 << 29;

  /** What a block has at least, in octets: between these, a thousandth of the text. */
  private static final int MIN_BLOCK = 1 << 9;

  private static final int MAX_BLOCK = 1 << 15;

  /**
   * What an entry may depend on that stands before it.
   *
   * @param origin that relative names are below
   * @param owner of the record before; null: there was none
   * @param defaultTtl of {@code $TTL}; {@link MasterFrame#NO_TTL}: there was none
   * @param lastTtl the last one written at a record, likewise
   */
  record Context(DomainName origin, @Nullable DomainName owner, long defaultTtl, long lastTtl) {
    /** At the begin of a zone's file. */
    static Context of(DomainName apex) {
      return new Context(apex, null, MasterFrame.NO_TTL, MasterFrame.NO_TTL);
    }
  }

  /**
   * The begin of a block.
   *
   * @param at offset in the text
   * @param line 1 is the first
   */
  record Block(int at, int line, Context context) {}

  private final byte[] octets;

  /** The last one stands for the end of the text. */
  private final List<Block> blocks;

  private ZoneText(byte[] octets, List<Block> blocks) {
    this.octets = octets;
    this.blocks = List.copyOf(blocks);
  }

  /** Whether the text of a file is one to keep. */
  public static boolean isKept(InputStamp file, LoadLimits limits) {
    return file.size() >= limits.keptTextOctets() && file.size() <= MAX_OCTETS;
  }

  /** All of it, for reading only. */
  public byte[] octets() {
    return octets;
  }

  /** How many blocks there are, that for the end not counted. */
  int size() {
    return blocks.size() - 1;
  }

  /** A block, or at {@link #size} the end. */
  Block block(int number) {
    return blocks.get(number);
  }

  /** Octets of a block. */
  int length(int number) {
    return blocks.get(number + 1).at - blocks.get(number).at;
  }

  /** Whether another text has a block at a place. */
  boolean isAt(int number, byte[] other, int at) {
    int from = blocks.get(number).at;
    int length = length(number);
    return length <= other.length - at
        && other[at] == octets[from]
        && (at == 0 || other[at - 1] == '\n')
        && Arrays.equals(octets, from, from + length, other, at, at + length);
  }

  /** Where another text first has a block in a range of places; -1: nowhere. */
  int find(int number, byte[] other, int from, int to) {
    int last = Math.min(to, other.length - length(number));
    for (int at = from; at <= last; at++) {
      if (isAt(number, other, at)) {
        return at;
      }
    }
    return -1;
  }

  /** Notes blocks while a text is read. */
  static final class Builder {
    private final List<Block> blocks = new ArrayList<>();
    private final int length;
    private boolean whole = true;

    /**
     * @param octets of the text
     */
    Builder(int octets) {
      length = Math.clamp(octets / 1000, MIN_BLOCK, MAX_BLOCK);
    }

    /** Whether a block may begin with the entry at a place. */
    boolean wantsBlock(int at) {
      return blocks.isEmpty() || at - blocks.getLast().at >= length;
    }

    void add(Block block) {
      blocks.add(block);
    }

    /** Notes what another has noted of the text that follows. */
    void addAll(Builder others) {
      blocks.addAll(others.blocks);
    }

    /** Notes that the text alone does not say what the zone has. */
    void spoil() {
      whole = false;
    }

    boolean isWhole() {
      return whole;
    }

    /** Ends it; null if the text cannot be read in parts. */
    @Nullable ZoneText build(byte[] octets, int lines, Context end) {
      if (!whole || blocks.isEmpty() || blocks.getFirst().at > 0) {
        return null;
      }
      blocks.add(new Block(octets.length, lines, end));
      return new ZoneText(octets, blocks);
    }
  }
}
