package dev.meridian.geo;

import dev.meridian.net.PrefixPartition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes databases as {@link GeoFileFormat}. */
final class GeoFileWriter {
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  private GeoFileWriter() {}

  /**
   * Writes beside the target, and puts the file in its place only when it is complete on disk.
   *
   * @throws IOException if the folder cannot be written to
   */
  static void write(GeoDatabase database, Path target) throws IOException {
    Path draft = target.resolveSibling(target.getFileName() + ".part");
    try (FileChannel out =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer octets = ByteBuffer.wrap(octets(database));
      while (octets.hasRemaining()) {
        out.write(octets);
      }
      out.force(true);
    }
    Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The whole file in memory. */
  static byte[] octets(GeoDatabase database) {
    GeoFileWriter writer = new GeoFileWriter();
    writer.putDatabase(database);
    return seal(writer.body.toByteArray());
  }

  /** Compresses a body and puts the header before it. */
  static byte[] seal(byte[] body) {
    byte[] compressed = compress(body);
    ByteBuffer file = ByteBuffer.allocate(GeoFileFormat.HEADER_SIZE + compressed.length);
    GeoFileFormat.putMagic(file);
    file.putInt(0).putInt(body.length).put(compressed);
    CRC32 crc = new CRC32();
    crc.update(
        file.array(), GeoFileFormat.CHECKED_FROM, file.capacity() - GeoFileFormat.CHECKED_FROM);
    file.putInt(GeoFileFormat.CHECKED_FROM - 4, (int) crc.getValue());
    return file.array();
  }

  private static byte[] compress(byte[] body) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION)) {
      deflater.setInput(body);
      deflater.finish();
      byte[] chunk = new byte[8192];
      while (!deflater.finished()) {
        compressed.write(chunk, 0, deflater.deflate(chunk));
      }
    }
    return compressed.toByteArray();
  }

  private void putDatabase(GeoDatabase database) {
    putText(database.description());
    putVarint(Math.max(0, database.builtAt().getEpochSecond()));
    putVarint(database.locationCount() - 1);
    for (int number = 1; number < database.locationCount(); number++) {
      putLocation(database.location(number));
    }
    putPartition(database.places());
    putPartition(database.networks());
  }

  private void putLocation(Location location) {
    putText(location.continent());
    putText(location.country());
    putText(location.subdivision());
    putText(location.district());
    putText(location.city());
    putVarint(location.geonameId());
    Coordinates coordinates = location.coordinates();
    if (coordinates == null) {
      putVarint(0);
    } else {
      putVarint(Math.round(coordinates.latitude() * 10) + GeoFileFormat.LATITUDE_OFFSET);
      putVarint(Math.round(coordinates.longitude() * 10) + GeoFileFormat.LONGITUDE_OFFSET);
    }
  }

  private void putPartition(PrefixPartition partition) {
    putRuns(partition, true);
    putRuns(partition, false);
  }

  private void putRuns(PrefixPartition partition, boolean family) {
    GeoFileWriter values = new GeoFileWriter();
    GeoFileWriter shifts = new GeoFileWriter();
    GeoFileWriter distances = new GeoFileWriter();
    long[] last = new long[1];
    int[] count = new int[1];
    partition.forEachRun(
        (ipv4, high, low, length, value) -> {
          if (ipv4 != family) {
            return;
          }
          values.putVarint(value);
          long start = ipv4 ? low : high;
          if (count[0]++ > 0) {
            long distance = start - last[0];
            int shift = Long.numberOfTrailingZeros(distance);
            shifts.body.write(shift);
            distances.putVarint(distance >>> shift >>> 1);
          }
          last[0] = start;
        });
    putVarint(count[0]);
    body.writeBytes(values.body.toByteArray());
    body.writeBytes(shifts.body.toByteArray());
    body.writeBytes(distances.body.toByteArray());
  }

  private void putText(String text) {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    putVarint(octets.length);
    body.writeBytes(octets);
  }

  private void putVarint(long value) {
    long rest = value;
    while (rest >>> 7 != 0) {
      body.write(((int) rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    body.write((int) rest);
  }
}
