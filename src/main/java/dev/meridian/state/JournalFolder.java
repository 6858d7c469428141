package dev.meridian.state;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.meridian.text.Reasons;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The journal on disk: files that are only ever appended to and begin anew when they are full, of
 * which the oldest goes when all together are too large. Reading one ends where it is torn or
 * damaged; nothing is ever appended behind such a place, but in a new file.
 *
 * <pre>
 * file:  "MERIJRNL" | format, 4 octets | entries
 * entry: length, 4 | CRC-32C of what follows, 4 | sequence, 8 | seconds, 8 | nanos, 4 |
 *        kind, subject, from, to, cause, reason: each its length, 2, and UTF-8
 * </pre>
 *
 * <p>One thread appends; any may read meanwhile.
 */
final class JournalFolder {
  private static final long MAGIC = 0x4D4552494A524E4CL; // MERIJRNL
  private static final int FORMAT = 1;
  private static final int HEADER = 12;
  private static final int FRAME = 8;

  /** Every text is cut to a thousand characters before. */
  private static final int MAX_ENTRY = 32 << 10;

  /** In so many files the largest journal is. */
  private static final int SEGMENTS = 16;

  private static final Pattern NAME = Pattern.compile("journal-[0-9a-f]{16}");

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path folder;
  private final long maxOctets;

  /** Where the next entry goes; null: to a new file. */
  private @Nullable Path current;

  /**
   * A folder that need not exist.
   *
   * @param maxOctets of all files together, about
   */
  JournalFolder(Path folder, long maxOctets) {
    this.folder = folder;
    this.maxOctets = maxOctets;
  }

  /** The newest entries, the oldest of them first; and appending goes on behind them. */
  List<JournalEntry> open(int count, Consumer<String> complaints) throws IOException {
    Deque<JournalEntry> newest = new ArrayDeque<>();
    List<Path> files = files();
    for (int i = files.size() - 1; i >= 0 && newest.size() < count; i--) {
      List<JournalEntry> entries = new ArrayList<>();
      boolean whole = read(files.get(i), entries, complaints);
      if (i == files.size() - 1) {
        current = whole ? files.get(i) : null;
      }
      for (int e = entries.size() - 1; e >= 0 && newest.size() < count; e--) {
        addFirst(newest, entries.get(e));
      }
    }
    return List.copyOf(newest);
  }

  /** An entry may stand in two files, when writing it to the first was reported to have failed. */
  private static void addFirst(Deque<JournalEntry> newest, JournalEntry entry) {
    if (newest.isEmpty() || entry.sequence() < newest.getFirst().sequence()) {
      newest.addFirst(entry);
    }
  }

  /** What follows a sequence number, the oldest first; no more than {@code limit}. */
  List<JournalEntry> after(long sequence, int limit) throws IOException {
    List<JournalEntry> found = new ArrayList<>();
    List<Path> files = files();
    for (int i = 0; i < files.size() && found.size() < limit; i++) {
      boolean over = i + 1 < files.size() && first(files.get(i + 1)) <= sequence + 1;
      if (!over) {
        List<JournalEntry> entries = new ArrayList<>();
        read(files.get(i), entries, _ -> {});
        long reached = found.isEmpty() ? sequence : found.getLast().sequence();
        entries.stream()
            .filter(entry -> entry.sequence() > reached)
            .limit(limit - found.size())
            .forEach(found::add);
      }
    }
    return found;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> NAME.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static long first(Path file) {
    return Long.parseUnsignedLong(file.getFileName().toString().substring("journal-".length()), 16);
  }

  /** Whether the file is whole to its end. */
  private static boolean read(Path path, List<JournalEntry> entries, Consumer<String> complaints) {
    try {
      ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path));
      if (file.remaining() < HEADER || file.getLong() != MAGIC) {
        throw new IOException("it is not a journal");
      }
      int format = file.getInt();
      if (format != FORMAT) {
        throw new IOException(
            "it has format " + format + ", and this build reads format " + FORMAT + " only");
      }
      while (file.hasRemaining()) {
        entries.add(entry(file));
      }
      return true;
    } catch (NoSuchFileException e) {
      return false; // the oldest has just gone
    } catch (IOException e) {
      complaints.accept(
          path + ": after " + entries.size() + " entries: " + Reasons.of(e) + "; the rest is lost");
      return false;
    }
  }

  private static JournalEntry entry(ByteBuffer file) throws IOException {
    if (file.remaining() < FRAME) {
      throw new IOException("it is cut off");
    }
    int length = file.getInt();
    int sum = file.getInt();
    if (length < 0 || length > MAX_ENTRY || length > file.remaining()) {
      throw new IOException("it is cut off");
    }
    byte[] octets = new byte[length];
    file.get(octets);
    if (sum != sum(octets)) {
      throw new IOException("a checksum is wrong");
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(octets))) {
      long sequence = in.readLong();
      Instant at = Instant.ofEpochSecond(in.readLong(), in.readInt());
      JournalEntry.Kind kind = JournalEntry.Kind.valueOf(in.readUTF());
      return new JournalEntry(
          sequence, at, kind, in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF());
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException("it holds values that are not possible: " + e.getMessage(), e);
    }
  }

  private static int sum(byte[] octets) {
    CRC32C crc = new CRC32C();
    crc.update(octets, 0, octets.length);
    return (int) crc.getValue();
  }

  /**
   * Appends, in order. When it returns, the entries are on the disk.
   *
   * @param entries at least one
   * @throws IOException if some are not; they may be given again, and are then in another file
   */
  void append(Collection<JournalEntry> entries) throws IOException {
    Path file = current;
    if (file == null || size(file) >= maxOctets / SEGMENTS) {
      file = begin(entries.iterator().next().sequence());
    }
    current = null; // whatever goes wrong now, nothing is written behind it
    try (FileChannel channel = FileChannel.open(file, WRITE)) {
      channel.position(channel.size());
      write(channel, octets(entries));
      channel.force(false);
    }
    current = file;
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return Long.MAX_VALUE; // somebody took it away
    }
  }

  private Path begin(long sequence) throws IOException {
    Files.createDirectories(folder);
    makeRoom();
    Path file = folder.resolve(String.format("journal-%016x", sequence));
    try (FileChannel channel = FileChannel.open(file, Set.of(CREATE, WRITE), OWNER_ONLY)) {
      channel.truncate(0); // what an attempt that failed has left
      write(channel, ByteBuffer.allocate(HEADER).putLong(MAGIC).putInt(FORMAT).flip());
    }
    try (FileChannel directory = FileChannel.open(folder)) {
      directory.force(true); // or the file itself may be lost
    }
    return file;
  }

  /** Of all files together; 0 if they cannot be looked at. */
  long octets() {
    try {
      long octets = 0;
      for (Path file : files()) {
        octets += size(file);
      }
      return octets;
    } catch (IOException e) {
      return 0;
    }
  }

  private void makeRoom() throws IOException {
    List<Path> files = files();
    long octets = 0;
    for (int i = files.size() - 1; i >= 0; i--) {
      octets += size(files.get(i));
      boolean tooMany = files.size() - i >= 2 * SEGMENTS;
      if (tooMany || octets > maxOctets - maxOctets / SEGMENTS) {
        Files.deleteIfExists(files.get(i));
      }
    }
  }

  private static void write(FileChannel channel, ByteBuffer octets) throws IOException {
    while (octets.hasRemaining()) {
      channel.write(octets);
    }
  }

  private static ByteBuffer octets(Collection<JournalEntry> entries) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(all);
    for (JournalEntry entry : entries) {
      byte[] octets = octets(entry);
      out.writeInt(octets.length);
      out.writeInt(sum(octets));
      out.write(octets);
    }
    return ByteBuffer.wrap(all.toByteArray());
  }

  private static byte[] octets(JournalEntry entry) throws IOException {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(octets);
    out.writeLong(entry.sequence());
    Instant at = entry.at();
    out.writeLong(at.getEpochSecond());
    out.writeInt(at.getNano());
    out.writeUTF(entry.kind().name());
    out.writeUTF(entry.subject());
    out.writeUTF(entry.from());
    out.writeUTF(entry.to());
    out.writeUTF(entry.cause());
    out.writeUTF(entry.reason());
    return octets.toByteArray();
  }
}
