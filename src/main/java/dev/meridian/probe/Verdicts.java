package dev.meridian.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.meridian.health.FileCheck;
import dev.meridian.health.Observation.Reason;
import dev.meridian.text.Reasons;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Files of verdicts, each read again when it has changed. Whoever writes one puts it in place by
 * renaming, or its readers may see half of it. For a thread that may wait.
 */
final class Verdicts {
  private static final int MAX_OCTETS = 1 << 20;
  private static final int MAX_FILES = 256;

  /** A new file under the old name has another key, even within one tick of the clock. */
  private record Identity(FileTime modified, long size, @Nullable Object key) {}

  private record Read(Identity identity, Map<String, String> lines) {}

  private final Map<Path, Read> files = new HashMap<>();

  /** What the file says of a check, now. */
  Finding judge(FileCheck check, String id, Instant now) {
    return Insufficiency.judged(check.insufficient(), said(check, id, now));
  }

  private Finding said(FileCheck check, String id, Instant now) {
    Path path = Path.of(check.path());
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      Duration age = Duration.between(attributes.lastModifiedTime().toInstant(), now);
      if (age.compareTo(check.maxAge()) > 0) {
        return noData(path + " was last written " + age.toSeconds() + " s ago");
      }
      String key = check.keyOf(id);
      String verdict = lines(path, attributes).get(key);
      return verdict == null ? noData(path + " says nothing of " + key) : verdict(path, verdict);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String where = at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr();
      return noData(path + where + ": no JSON");
    } catch (IOException e) {
      return noData(path + " cannot be read: " + Reasons.of(e));
    }
  }

  private static Finding verdict(Path path, String verdict) {
    String word = verdict.split("\\s", 2)[0];
    return switch (word) {
      case "up" -> new Finding(Reason.OK, path + " says " + verdict);
      case "down" -> new Finding(Reason.REPORTED_DOWN, path + " says " + verdict);
      default -> noData(path + " has '" + word + "', which is neither up nor down");
    };
  }

  private static Finding noData(String why) {
    return new Finding(Reason.INSUFFICIENT_DATA, why);
  }

  private Map<String, String> lines(Path path, BasicFileAttributes attributes) throws IOException {
    Identity identity =
        new Identity(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    Read before = files.get(path);
    if (before != null && before.identity.equals(identity)) {
      return before.lines;
    }
    Map<String, String> lines = parse(path);
    if (files.size() == MAX_FILES) {
      files.clear();
    }
    files.put(path, new Read(identity, lines));
    return lines;
  }

  private static Map<String, String> parse(Path path) throws IOException {
    if (!Files.isRegularFile(path, new LinkOption[0])) {
      throw new IOException("no regular file");
    }
    byte[] octets;
    try (InputStream in = Files.newInputStream(path)) {
      octets = in.readNBytes(MAX_OCTETS + 1);
    }
    if (octets.length > MAX_OCTETS) {
      throw new IOException("more than " + MAX_OCTETS + " octets");
    }
    String text = new String(octets, UTF_8);
    if (VerdictsJson.isIn(text)) {
      return VerdictsJson.read(text);
    }
    Map<String, String> lines = new HashMap<>();
    for (String line : text.split("\n", -1)) {
      String[] words = line.strip().split("\\s+", 2);
      if (words.length == 2 && !words[0].startsWith("#")) {
        lines.put(words[0], words[1]);
      }
    }
    return lines;
  }
}
