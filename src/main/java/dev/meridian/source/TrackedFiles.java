package dev.meridian.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Opens the files that make up one zone, remembers what they looked like before they were read, and
 * takes fingerprints of what was read. If a file changed meanwhile, what was read may be half old
 * and half new, and is to be thrown away. Serves one zone after the other; owned by one thread.
 */
public final class TrackedFiles {
  private static final byte[] KEPT = {};

  private record Opened(InputStamp stamp, String name, MessageDigest digest) {}

  private final List<Opened> files = new ArrayList<>();
  private final List<Inputs.Input> known = new ArrayList<>();

  /** Of files that are done with. */
  private final Deque<MessageDigest> spare = new ArrayDeque<>();

  private long begun = now();

  /** Forgets the files so far: others follow, or the same once more. */
  public void restart() {
    for (Opened file : files) {
      file.digest.reset();
      spare.push(file.digest);
    }
    files.clear();
    known.clear();
    begun = now();
  }

  /** Nanoseconds since 1970. */
  public static long now() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  /**
   * Opens a regular file. Pipes and devices, which could block or never end, are refused.
   *
   * @param path may be a symbolic link
   * @param name goes into the fingerprint
   * @throws IOException with a sentence for the operator
   */
  public InputStream open(Path path, String name, long maxOctets) throws IOException {
    return open(stamp(path), name, maxOctets);
  }

  /**
   * The same for a file that {@link #stamp} has looked at just now.
   *
   * @param stamp of what is to be read
   */
  public InputStream open(InputStamp stamp, String name, long maxOctets) throws IOException {
    return track(stamp, name, maxOctets, Files.newInputStream(regular(stamp, maxOctets).path()));
  }

  /**
   * The same for a path that has been followed already.
   *
   * @param path as it was written: where links on it lead is part of what the file looks like
   * @param real where they lead now
   */
  public InputStream open(Path path, Path real, String name, long maxOctets) throws IOException {
    InputStamp stamp = regular(stamp(path), maxOctets);
    return track(stamp, name, maxOctets, Files.newInputStream(real, LinkOption.NOFOLLOW_LINKS));
  }

  private InputStream track(InputStamp stamp, String name, long maxOctets, InputStream in) {
    MessageDigest digest = spare.isEmpty() ? Inputs.sha256() : spare.pop();
    files.add(new Opened(stamp, name, digest));
    return new Digested(in, digest, maxOctets);
  }

  /**
   * Reads a regular file that will be kept in memory: what was read stands for its fingerprint.
   *
   * @throws IOException with a sentence for the operator
   */
  public byte[] read(InputStamp stamp, String name, long maxOctets) throws IOException {
    try (InputStream in = Files.newInputStream(regular(stamp, maxOctets).path())) {
      byte[] octets = new byte[(int) stamp.size()];
      int read = in.readNBytes(octets, 0, octets.length);
      known.add(new Inputs.Input(stamp, name, KEPT, octets));
      return read == octets.length ? octets : Arrays.copyOf(octets, read);
    }
  }

  /** Counts a file in that says what it said when it was read. */
  public void takeOver(Inputs.Input input) {
    known.add(input);
  }

  /**
   * What a file looks like now.
   *
   * @throws IOException with a sentence for the operator
   */
  public static InputStamp stamp(Path path) throws IOException {
    try {
      return InputStamp.of(path);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no such file", e);
    }
  }

  private static InputStamp regular(InputStamp stamp, long maxOctets) throws IOException {
    if (!stamp.regular()) {
      throw new IOException("not a regular file");
    }
    if (stamp.size() > maxOctets) {
      throw new IOException(tooLarge(maxOctets));
    }
    return stamp;
  }

  private static String tooLarge(long maxOctets) {
    return "the file is larger than the limit of " + maxOctets + " octets";
  }

  /** Whether a file is no longer the one that was opened; looks at every file again. */
  public boolean haveChanged() {
    boolean same = true;
    for (int i = 0; same && i < files.size(); i++) {
      same = files.get(i).stamp.isStillForNow();
    }
    for (int i = 0; same && i < known.size(); i++) {
      same = known.get(i).stamp().isStillForNow();
    }
    return !same;
  }

  /** All that was read. Can be taken once. */
  public Inputs inputs() {
    List<Inputs.Input> inputs = new ArrayList<>(known);
    for (Opened file : files) {
      inputs.add(new Inputs.Input(file.stamp, file.name, file.digest.digest(), null));
    }
    return new Inputs(inputs, begun);
  }

  /** Feeds the digest, and stops a file that grows while it is read. */
  private static final class Digested extends FilterInputStream {
    private final MessageDigest digest;
    private final long maxOctets;
    private long left;

    Digested(InputStream in, MessageDigest digest, long maxOctets) {
      super(in);
      this.digest = digest;
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
