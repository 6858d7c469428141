package dev.meridian.publish;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * The files of a zone folder as they were at one moment, compressed.
 *
 * @param digest of names and contents: two copies with one digest are the same set
 * @param zip a zip archive, in the order of the names
 * @param geo names the geo database beside it; empty: the one that is built in
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SetCopy(String digest, byte[] zip, String geo) {
  /** Zone folders are flat; a few levels leave room for $INCLUDE and tests. */
  private static final int MAX_DEPTH = 4;

  /** Larger folders are not copied: memory is for serving. In octets, before compression. */
  private static final long MAX_OCTETS = 1L << 30;

  private static final int CHUNK = 1 << 16;

  /** The same files give the same archive; the first moment that a zip archive can tell. */
  private static final LocalDateTime ALWAYS = LocalDateTime.of(1980, 1, 1, 0, 0);

  /**
   * Copies a folder; files that begin with a dot are not part of it.
   *
   * @throws IOException if it cannot be read, or is too large, with a sentence for the operator
   */
  static SetCopy of(Path folder, String geo) throws IOException {
    MessageDigest digest = sha256();
    ByteArrayOutputStream octets = new ByteArrayOutputStream(CHUNK);
    // a zip stream writes its headers octet by octet, and a byte array takes a lock for each
    try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(octets, CHUNK))) {
      zip.setLevel(Deflater.BEST_SPEED);
      new Copying(digest, zip).folder(folder, "", MAX_DEPTH);
    }
    return new SetCopy(HexFormat.of().formatHex(digest.digest()), octets.toByteArray(), geo);
  }

  /**
   * Unpacks an archive into a folder.
   *
   * @return the digest of what was unpacked
   */
  static String unpack(byte[] zip, Path folder) throws IOException {
    MessageDigest digest = sha256();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Path file = folder.resolve(entry.getName()).normalize();
        if (!file.startsWith(folder)) {
          throw new IOException("it has a file outside of its folder: " + entry.getName());
        }
        Files.createDirectories(file.getParent());
        begin(digest, entry.getName());
        end(digest, Files.copy(new DigestInputStream(in, digest), file));
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void begin(MessageDigest digest, String name) {
    digest.update((name + "\0").getBytes(StandardCharsets.UTF_8));
  }

  private static void end(MessageDigest digest, long octets) {
    digest.update(("\0" + octets + "\0").getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static final class Copying {
    private final MessageDigest digest;
    private final ZipOutputStream zip;
    private final OutputStream both;
    private final byte[] chunk = new byte[CHUNK];
    private long octets;

    Copying(MessageDigest digest, ZipOutputStream zip) {
      this.digest = digest;
      this.zip = zip;
      this.both = new DigestOutputStream(zip, digest);
    }

    /**
     * @param prefix of the names of its files
     */
    void folder(Path folder, String prefix, int depth) throws IOException {
      for (Path entry : sorted(folder)) {
        String name = prefix + entry.getFileName();
        if (Files.isRegularFile(entry)) {
          file(entry, name);
        } else if (depth > 1 && Files.isDirectory(entry)) {
          folder(entry, name + "/", depth - 1);
        }
      }
    }

    private static List<Path> sorted(Path folder) throws IOException {
      List<Path> entries = new ArrayList<>();
      try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
        for (Path entry : all) {
          if (!String.valueOf(entry.getFileName()).startsWith(".")) {
            entries.add(entry);
          }
        }
      }
      entries.sort(null);
      return entries;
    }

    private void file(Path file, String name) throws IOException {
      ZipEntry entry = new ZipEntry(name);
      entry.setTimeLocal(ALWAYS);
      zip.putNextEntry(entry);
      begin(digest, name);
      long before = octets;
      try (InputStream in = Files.newInputStream(file)) {
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
          octets += n;
          if (octets > MAX_OCTETS) {
            throw new IOException("the zone folder has more than " + MAX_OCTETS + " octets");
          }
          both.write(chunk, 0, n);
        }
      }
      end(digest, octets - before);
      zip.closeEntry();
    }
  }
}
