package dev.meridian.load;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * Opens the files that make up one zone, remembers what they looked like before they were read, and
 * takes a fingerprint of what was read. If a file changed meanwhile, what was read may be half old
 * and half new, and is to be thrown away.
 */
final class TrackedFiles {
  /** What tells one state of a file from the next without reading it. */
  private record Stamp(Path path, boolean regular, long size, long modifiedNanos, Object key) {
    static Stamp of(Path path) throws IOException {
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      long nanos = now.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS);
      Object key = Objects.requireNonNullElse(now.fileKey(), "");
      return new Stamp(path, now.isRegularFile(), now.size(), nanos, key);
    }
  }

  private final List<Stamp> stamps = new ArrayList<>();
  private final MessageDigest digest = sha256();

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Opens a regular file. Pipes and devices, which could block or never end, are refused.
   *
   * @param path may be a symbolic link
   * @param name goes into the fingerprint
   * @throws IOException with a sentence for the operator
   */
  InputStream open(Path path, String name, long maxOctets) throws IOException {
    Path real = realPath(path);
    Stamp stamp = Stamp.of(path);
    if (!stamp.regular()) {
      throw new IOException("not a regular file");
    }
    if (stamp.size() > maxOctets) {
      throw new IOException(tooLarge(maxOctets));
    }
    stamps.add(stamp);
    digest.update((name + "\0").getBytes(StandardCharsets.UTF_8));
    return new Digested(Files.newInputStream(real, LinkOption.NOFOLLOW_LINKS), maxOctets);
  }

  private static Path realPath(Path path) throws IOException {
    try {
      return path.toRealPath();
    } catch (NoSuchFileException e) {
      throw new IOException("there is no such file", e);
    }
  }

  private static String tooLarge(long maxOctets) {
    return "the file is larger than the limit of " + maxOctets + " octets";
  }

  /** Whether a file is no longer the one that was opened; looks at every file again. */
  boolean haveChanged() {
    for (Stamp stamp : stamps) {
      try {
        if (!Stamp.of(stamp.path()).equals(stamp)) {
          return true;
        }
      } catch (IOException e) {
        return true;
      }
    }
    return false;
  }

  /** SHA-256 of the names and contents read, in hexadecimal. Can be taken once. */
  String fingerprint() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Feeds the digest, and stops a file that grows while it is read. */
  private final class Digested extends FilterInputStream {
    private final long maxOctets;
    private long left;

    Digested(InputStream in, long maxOctets) {
      super(in);
      this.maxOctets = maxOctets;
      this.left = maxOctets;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int n = super.read(target, offset, length);
      if (n > 0) {
        digest.update(target, offset, n);
        left -= n;
      }
      if (left < 0) {
        throw new IOException(tooLarge(maxOctets));
      }
      return n;
    }
  }
}
