package dev.meridian.api;

import dev.meridian.config.ConfigException;
import dev.meridian.config.ConfigProblem;
import dev.meridian.text.Reasons;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens of a file, which has only their SHA-256 so that whoever reads it has none of them:
 *
 * <pre>
 * # role   name    SHA-256 of the token
 * operator ann     9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
 * viewer   grafana 60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
 * </pre>
 *
 * A plain hash is enough for a token of 256 random bits, which nobody guesses. The file is read
 * again when it has changed; one with a mistake is told in the log, and the last good one counts.
 */
public final class Tokens {
  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
  private static final int MAX_OCTETS = 1 << 20;
  private static final int TOKEN_OCTETS = 32;

  private final FileStamp stamp;
  private final Path file;
  private volatile List<Entry> entries;

  @SuppressWarnings("ArrayRecordComponent") // compared by MessageDigest.isEqual, never as a record
  private record Entry(Role role, String name, byte[] hash) {}

  private Tokens(Path file) throws IOException {
    this.file = file;
    this.stamp = new FileStamp(List.of(file));
    this.entries = read(file);
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read
   * @throws ConfigException with everything that is wrong in it
   */
  static Tokens open(Path file) throws IOException {
    return new Tokens(file);
  }

  /** A new token, and the line of the file that lets it in. */
  public static List<String> create(String role, String name, SecureRandom random) {
    Role known = Role.parse(role);
    if (!name.matches("[A-Za-z0-9._@-]{1,64}")) {
      throw new IllegalArgumentException(
          "'" + name + "' is no name for a token: 1 to 64 letters, digits, '.', '_', '@' and '-'");
    }
    byte[] octets = new byte[TOKEN_OCTETS];
    random.nextBytes(octets);
    String token = HexFormat.of().formatHex(octets);
    return List.of(token, known.word() + " " + name + " " + HexFormat.of().formatHex(hash(token)));
  }

  /** Whose token this is. All are compared, each in constant time. */
  Optional<Principal> find(String token, String from) {
    if (stamp.hasChanged()) {
      readAgain();
    }
    byte[] hash = hash(token);
    Entry found = null;
    for (Entry entry : entries) {
      if (MessageDigest.isEqual(entry.hash(), hash)) {
        found = entry;
      }
    }
    return Optional.ofNullable(found).map(entry -> new Principal(entry.name(), entry.role(), from));
  }

  private void readAgain() {
    try {
      entries = read(file);
      LOG.info("Tokens read again: {}", entries.size());
    } catch (IOException e) {
      LOG.error("The tokens before stay good: {}", Reasons.withFile(e));
    } catch (ConfigException e) {
      e.problems().forEach(problem -> LOG.error("The tokens before stay good: {}", problem));
    }
  }

  private static List<Entry> read(Path file) throws IOException {
    List<Entry> entries = new ArrayList<>();
    List<ConfigProblem> problems = new ArrayList<>();
    Set<String> names = new HashSet<>();
    List<String> lines = lines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        Entry entry = entry(line);
        if (!names.add(entry.name())) {
          throw new IllegalArgumentException("'" + entry.name() + "' is there twice");
        }
        entries.add(entry);
      } catch (IllegalArgumentException e) {
        problems.add(
            new ConfigProblem(file + ":" + (i + 1) + ":1", String.valueOf(e.getMessage())));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    if (entries.isEmpty()) {
      throw wrong(file, "there is no token in it; make one with 'meridian token'");
    }
    return List.copyOf(entries);
  }

  private static List<String> lines(Path file) throws IOException {
    if (Files.size(file) > MAX_OCTETS) {
      throw wrong(file, "it is larger than a file of tokens is; name another one");
    }
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      throw wrong(file, "not UTF-8 text; save the file as UTF-8");
    }
  }

  private static ConfigException wrong(Path file, String message) {
    return new ConfigException(List.of(new ConfigProblem(file + ":1:1", message)));
  }

  /** Throws {@link IllegalArgumentException} with a sentence. */
  private static Entry entry(String line) {
    List<String> parts = List.of(line.split("\\s+", 4));
    if (parts.size() != 3 || !parts.get(2).matches("[0-9a-fA-F]{64}")) {
      throw new IllegalArgumentException(
          "a line is a role, a name and 64 hexadecimal digits, as 'meridian token' prints it");
    }
    return new Entry(Role.parse(parts.get(0)), parts.get(1), HexFormat.of().parseHex(parts.get(2)));
  }

  private static byte[] hash(String token) {
    return sha256(token.getBytes(StandardCharsets.UTF_8));
  }

  /** 32 octets. */
  static byte[] sha256(byte[] octets) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(octets);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
