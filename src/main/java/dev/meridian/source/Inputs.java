package dev.meridian.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All the files that one zone was read from, and how to see that they say the same still.
 * Immutable.
 */
public final class Inputs {
  /**
   * One file.
   *
   * @param name as the zone has it
   * @param digest SHA-256 of its content; empty if that is kept
   * @param content if it is kept
   */
  public @SuppressWarnings("ArrayRecordComponent") // never compared
  record Input(InputStamp stamp, String name, byte[] digest, byte @Nullable [] content) {
    /** Whether its content is the same, by reading it. */
    boolean readsTheSame() {
      return content == null ? hasTheDigest() : readsAs(content);
    }

    private boolean readsAs(byte[] known) {
      byte[] chunk = new byte[CHUNK];
      try (InputStream in = open()) {
        for (int at = 0; at < known.length; ) {
          int n = in.read(chunk);
          if (n < 0 || !Arrays.equals(chunk, 0, n, known, at, Math.min(at + n, known.length))) {
            return false;
          }
          at += n;
        }
        return in.read() < 0;
      } catch (IOException e) {
        return false;
      }
    }

    private InputStream open() throws IOException {
      return Files.newInputStream(stamp.path().toRealPath(), LinkOption.NOFOLLOW_LINKS);
    }

    private boolean hasTheDigest() {
      MessageDigest again = sha256();
      try (InputStream in = new DigestInputStream(open(), again)) {
        in.transferTo(OutputStream.nullOutputStream());
        return Arrays.equals(again.digest(), digest);
      } catch (IOException e) {
        return false;
      }
    }

    private String fingerprint() {
      if (content == null) {
        return HexFormat.of().formatHex(digest);
      }
      MessageDigest of = sha256();
      of.update(content);
      return hex(of);
    }

    Input restamped() throws IOException {
      return new Input(InputStamp.of(stamp.path()), name, digest, content);
    }
  }

  private static final int CHUNK = 1 << 16;

  private final List<Input> inputs;

  /** Nanoseconds since 1970; nothing was read before. */
  private final long lookedAt;

  Inputs(List<Input> inputs, long lookedAt) {
    this.inputs = List.copyOf(inputs);
    this.lookedAt = lookedAt;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The file of a name, if it needs no reading to see that it says the same still; else null. */
  public @Nullable Input untouched(String name) {
    for (Input input : inputs) {
      if (input.name.equals(name)) {
        return input.stamp.isSettledAt(lookedAt) && input.stamp.isStill() ? input : null;
      }
    }
    return null;
  }

  /** Whether there is no other file than these. */
  public boolean areOnly(String name, @Nullable String other) {
    for (Input input : inputs) {
      if (!input.name.equals(name) && !input.name.equals(other)) {
        return false;
      }
    }
    return true;
  }

  /** SHA-256 of names and contents, in hexadecimal: two that agree in it agree in everything. */
  public String fingerprint() {
    MessageDigest all = sha256();
    for (Input input : inputs) {
      all.update((input.name + "\0" + input.fingerprint() + "\0").getBytes(StandardCharsets.UTF_8));
    }
    return hex(all);
  }

  /**
   * These if all files say the same still, with what they look like now; else null. Files that look
   * the same are read only if they were so new that an edit may have left no trace, and files that
   * look different only if they have the same size.
   *
   * @param now nanoseconds since 1970
   */
  public @Nullable Inputs stillSame(long now) {
    try {
      boolean same = true;
      for (Input input : inputs) {
        if (!input.stamp.isSettledAt(lookedAt) || !input.stamp.isStill()) {
          same = false;
          if (InputStamp.of(input.stamp.path()).size() != input.stamp.size()) {
            return null;
          }
        }
      }
      return same ? this : reread(now);
    } catch (IOException e) {
      return null;
    }
  }

  private @Nullable Inputs reread(long now) throws IOException {
    List<Input> fresh = new ArrayList<>();
    for (Input input : inputs) {
      fresh.add(input.restamped());
    }
    for (Input input : fresh) {
      if (!input.stamp.regular() || !input.readsTheSame() || !input.stamp.isStill()) {
        return null;
      }
    }
    return new Inputs(fresh, now);
  }
}
