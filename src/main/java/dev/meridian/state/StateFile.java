package dev.meridian.state;

import dev.meridian.text.Reasons;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Keeps octets over the end of the process, however sudden. Two generations take turns, each
 * written beside, synced, then renamed, so at every moment one of them is whole. Not safe for
 * several threads, nor for two processes in one folder. Only the owner of the process may read it.
 *
 * <pre>
 * "MERIDIAN" | version, 4 octets | generation, 8 | length, 4 | octets | CRC-32C of all before, 4
 * </pre>
 */
public final class StateFile {
  private static final long MAGIC = 0x4D4552494449414EL; // MERIDIAN
  private static final int VERSION = 1;
  private static final int HEADER = 24;
  private static final int TRAILER = 4;

  /** Nothing that is kept here comes near it. */
  private static final long MAX_OCTETS = 256L << 20;

  private final Path folder;
  private final String name;
  private long generation;

  /** A file that nothing has been read from yet; the folder need not exist. */
  public StateFile(Path folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  /**
   * What was kept last.
   *
   * @param octets null: nothing, or nothing that can be used
   * @param complaints what was wrong with files that were there, with their names
   */
  public @SuppressWarnings("ArrayRecordComponent") // never compared
  record Kept(byte @Nullable [] octets, List<String> complaints) {}

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Content(long generation, byte[] octets) {}

  /** Reads the newest whole generation. Never fails: what cannot be used is complained of. */
  public Kept read() {
    List<String> complaints = new ArrayList<>();
    Content newest = null;
    for (long turn = 0; turn < 2; turn++) {
      Content content = read(file(turn), complaints);
      if (content != null && (newest == null || content.generation > newest.generation)) {
        newest = content;
      }
    }
    generation = newest == null ? 0 : newest.generation;
    return new Kept(newest == null ? null : newest.octets, List.copyOf(complaints));
  }

  /** Whether another process has kept something since this one has last read or written. */
  public boolean isBehind() {
    long before = generation;
    read();
    long newest = generation;
    generation = before;
    return newest > before;
  }

  private static @Nullable Content read(Path file, List<String> complaints) {
    try {
      if (Files.size(file) > MAX_OCTETS) {
        throw new IOException("it is larger than anything kept here");
      }
      return parse(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      complaints.add(file + " cannot be used: " + Reasons.of(e));
      return null;
    }
  }

  private static Content parse(byte[] whole) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(whole);
    if (file.limit() < HEADER + TRAILER || file.getLong() != MAGIC) {
      throw new IOException("it is not a whole state file");
    }
    int version = file.getInt();
    if (version != VERSION) {
      throw new IOException(
          "it has format " + version + ", and this build reads format " + VERSION + " only");
    }
    long generation = file.getLong();
    int length = file.getInt();
    if (length != file.remaining() - TRAILER) {
      throw new IOException("it is cut off, or something follows its end");
    }
    byte[] octets = new byte[length];
    file.get(octets);
    int sum = file.getInt();
    if (sum != sum(whole, HEADER + length)) {
      throw new IOException("its checksum is wrong");
    }
    return new Content(generation, octets);
  }

  private static int sum(byte[] octets, int length) {
    CRC32C crc = new CRC32C();
    crc.update(octets, 0, length);
    return (int) crc.getValue();
  }

  /**
   * Keeps octets in place of those of the generation before the last. When it returns, they are on
   * the disk.
   *
   * @throws IOException if they cannot be kept; what was kept before stays
   */
  public void write(byte[] octets) throws IOException {
    long next = generation + 1;
    ByteBuffer file = ByteBuffer.allocate(HEADER + octets.length + TRAILER);
    file.putLong(MAGIC).putInt(VERSION).putLong(next).putInt(octets.length).put(octets);
    file.putInt(sum(file.array(), file.position())).flip();
    DurableFile.write(file(next), folder.resolve(name + ".draft"), file);
    generation = next;
  }

  private Path file(long generation) {
    return folder.resolve(name + (generation % 2 == 0 ? ".0" : ".1"));
  }
}
