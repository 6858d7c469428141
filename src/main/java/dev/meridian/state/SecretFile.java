package dev.meridian.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.meridian.config.ConfigException;
import dev.meridian.config.ConfigProblem;
import dev.meridian.text.Reasons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a key that several machines share. No message repeats what stands in the file. */
public final class SecretFile {
  private static final Logger LOG = LoggerFactory.getLogger(SecretFile.class);
  private static final int MIN_OCTETS = 32;
  private static final int MAX_OCTETS = 4096;

  private SecretFile() {}

  /**
   * The file's octets without the white space around them; at least 32.
   *
   * @throws ConfigException if there are none such
   */
  public static byte[] read(Path file) {
    try {
      if (Files.size(file) > MAX_OCTETS) {
        throw problem(file, "is too large to be a key");
      }
      warnOfReaders(file);
      byte[] key = Files.readString(file, ISO_8859_1).strip().getBytes(ISO_8859_1);
      if (key.length < MIN_OCTETS) {
        throw problem(
            file, "a key has at least 32 characters; make one with: openssl rand -hex 32");
      }
      return key;
    } catch (NoSuchFileException e) {
      throw problem(file, "there is no such file; make it with: openssl rand -hex 32");
    } catch (IOException e) {
      throw problem(file, "cannot be read: " + Reasons.of(e));
    }
  }

  /** Tells who runs the server if others on the machine can read a key. */
  public static void warnOfReaders(Path key) throws IOException {
    if (Files.getPosixFilePermissions(key).contains(PosixFilePermission.OTHERS_READ)) {
      LOG.warn("{}: anybody on this machine can read this key; chmod o-r the file", key);
    }
  }

  private static ConfigException problem(Path file, String message) {
    return new ConfigException(List.of(new ConfigProblem(file + ":1:1", message)));
  }
}
