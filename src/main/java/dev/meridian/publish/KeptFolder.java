package dev.meridian.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.meridian.geo.GeoDatabase;
import dev.meridian.geo.GeoException;
import dev.meridian.state.DurableFile;
import dev.meridian.text.Reasons;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kept sets on the disk, in files that people can open with what they have:
 *
 * <pre>
 * kept/12.properties    a set: when, why, of which folder; which of the others belong to it
 * kept/3f09….zip        its files, named after their digest
 * kept/7c1e….geo        its geo database
 * kept/pin.properties   what is served in place of the files, and of which files
 * </pre>
 *
 * <p>A set is there once its properties are, which come last. Each file appears whole, and the
 * archive is held to its digest before it is used.
 */
final class KeptFolder {
  private static final Logger LOG = LoggerFactory.getLogger(KeptFolder.class);
  private static final String SET = ".properties";
  private static final String FILES = ".zip";
  private static final String GEO = ".geo";
  private static final String PIN = "pin" + SET;
  private static final String DRAFT = "draft";
  private static final String UNPACKED = "unpacked";
  private static final Pattern NUMBERED = Pattern.compile("([0-9]{1,18})\\.properties");
  private static final int NAME_LENGTH = 32;

  private final Path folder;
  private final String zones;

  KeptFolder(Path folder, Path zones) {
    this.folder = folder;
    this.zones = zones.toAbsolutePath().normalize().toString();
  }

  Path path() {
    return folder;
  }

  /** Newest first; what cannot be used is told and left out. */
  List<KeptSet> list() {
    List<KeptSet> sets = new ArrayList<>();
    for (Path file : files()) {
      String name = String.valueOf(file.getFileName());
      if (NUMBERED.matcher(name).matches()) {
        try {
          Properties text = read(file);
          if (zones.equals(text.getProperty("zones"))) {
            sets.add(parse(text));
          }
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
          LOG.warn("{} cannot be used: {}", file, Reasons.of(e));
        }
      }
    }
    sets.sort(Comparator.comparingLong(KeptSet::generation).reversed());
    return List.copyOf(sets);
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      all.forEach(files::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return files; // nothing was ever kept
    } catch (IOException e) {
      LOG.warn("{} cannot be read: {}", folder, Reasons.of(e));
    }
    return files;
  }

  private static Properties read(Path file) throws IOException {
    Properties text = new Properties();
    text.load(new StringReader(Files.readString(file)));
    return text;
  }

  private static String need(Properties text, String key) {
    String value = text.getProperty(key);
    if (value == null) {
      throw new IllegalArgumentException("it has no '" + key + "'");
    }
    return value;
  }

  private static KeptSet parse(Properties text) {
    return new KeptSet(
        Long.parseLong(need(text, "generation")),
        Instant.parse(need(text, "at")),
        need(text, "reason"),
        Stream.of(text.getProperty("earlier", "").split(" "))
            .filter(number -> !number.isEmpty())
            .map(Long::valueOf)
            .toList(),
        need(text, "digest"),
        need(text, "geo"),
        text.getProperty("look", ""));
  }

  /** Writes a set; when it returns, all of it is on the disk. */
  void write(KeptSet set, SetCopy copy, GeoDatabase geo) throws IOException {
    Path archive = archive(set);
    if (!Files.exists(archive) || !Arrays.equals(Files.readAllBytes(archive), copy.zip())) {
      write(archive, copy.zip());
    }
    Path database = folder.resolve(set.geo() + GEO);
    if (!set.geo().isEmpty() && !Files.exists(database)) {
      geo.writeTo(database);
    }
    Properties text = new Properties();
    text.setProperty("zones", zones);
    text.setProperty("generation", Long.toString(set.generation()));
    text.setProperty("at", set.at().toString());
    text.setProperty("reason", set.reason());
    text.setProperty(
        "earlier", set.earlier().stream().map(String::valueOf).collect(Collectors.joining(" ")));
    text.setProperty("digest", set.digest());
    text.setProperty("geo", set.geo());
    text.setProperty("look", set.look());
    write(folder.resolve(set.generation() + SET), text);
  }

  private void write(Path file, Properties text) throws IOException {
    StringWriter out = new StringWriter();
    text.store(out, null);
    write(file, out.toString().getBytes(UTF_8));
  }

  private void write(Path file, byte[] octets) throws IOException {
    DurableFile.write(file, folder.resolve(DRAFT), ByteBuffer.wrap(octets));
  }

  private Path archive(KeptSet set) {
    return folder.resolve(set.digest().substring(0, NAME_LENGTH) + FILES);
  }

  /** Deletes what belongs to no set of these, nor to one of another zone folder. */
  void retain(List<KeptSet> sets) throws IOException {
    Set<Path> wanted = new HashSet<>(Set.of(folder.resolve(PIN)));
    sets.forEach(set -> want(set, wanted));
    for (Path file : files()) {
      if (String.valueOf(file.getFileName()).endsWith(SET) && !wanted.contains(file)) {
        ofAnotherFolder(file).ifPresent(set -> want(set, wanted));
      }
    }
    for (Path file : files()) {
      if (!wanted.contains(file) && Files.isRegularFile(file)) {
        Files.delete(file);
      }
    }
  }

  /** Empty for what can be read no more: whosever it was, nobody can go back to it. */
  private Optional<KeptSet> ofAnotherFolder(Path file) {
    try {
      Properties text = read(file);
      return zones.equals(text.getProperty("zones")) ? Optional.empty() : Optional.of(parse(text));
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      LOG.warn("{} is damaged ({}); it goes", file, Reasons.of(e));
      return Optional.empty();
    }
  }

  private void want(KeptSet set, Set<Path> wanted) {
    wanted.add(folder.resolve(set.generation() + SET));
    wanted.add(archive(set));
    wanted.add(folder.resolve(set.geo() + GEO));
  }

  /** What is served in place of the files; null: nothing. */
  @Nullable Pin pin() {
    Path file = folder.resolve(PIN);
    if (!Files.exists(file)) {
      return null;
    }
    try {
      Properties text = read(file);
      return zones.equals(text.getProperty("zones"))
          ? new Pin(
              Long.parseLong(need(text, "generation")),
              need(text, "away"),
              text.getProperty("why", ""))
          : null;
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("{} cannot be used: {}", file, Reasons.of(e));
      return null;
    }
  }

  void pin(Pin pin) throws IOException {
    Properties text = new Properties();
    text.setProperty("zones", zones);
    text.setProperty("generation", Long.toString(pin.generation()));
    text.setProperty("away", pin.away());
    text.setProperty("why", pin.why());
    write(folder.resolve(PIN), text);
  }

  void unpin() throws IOException {
    Files.deleteIfExists(folder.resolve(PIN));
  }

  /** Reads a kept database; throws {@link GeoException} if it cannot be used. */
  GeoDatabase geo(String name) {
    return GeoDatabase.load(folder.resolve(name + GEO));
  }

  /** A folder that is deleted when it is closed. */
  record Unpacked(Path path) implements AutoCloseable {
    @Override
    public void close() {
      try {
        deleteAll(path);
      } catch (IOException e) {
        LOG.debug("{} cannot be deleted", path, e);
      }
    }
  }

  /** Unpacks a set for as long as it is read: here, or where there is room. */
  Unpacked unpack(KeptSet set) throws IOException {
    byte[] zip = Files.readAllBytes(archive(set));
    try {
      return unpack(set, zip, Files.createTempDirectory(folder, UNPACKED));
    } catch (FileSystemException e) {
      LOG.debug("No room in {}", folder, e);
      return unpack(set, zip, Files.createTempDirectory("meridian"));
    }
  }

  private static Unpacked unpack(KeptSet set, byte[] zip, Path target) throws IOException {
    Unpacked unpacked = new Unpacked(target);
    try {
      if (!SetCopy.unpack(zip, target).equals(set.digest())) {
        throw new ZipException("its files are damaged: their checksum is wrong");
      }
      return unpacked;
    } catch (IOException | RuntimeException e) {
      unpacked.close();
      throw e;
    }
  }

  /** Deletes what a sudden end left behind. */
  void tidy() {
    for (Path file : files()) {
      if (String.valueOf(file.getFileName()).startsWith(UNPACKED)) {
        new Unpacked(file).close();
      }
    }
  }

  /** The highest number that is taken, by whatever zone folder; 0: none. */
  long newest() {
    return files().stream()
        .map(file -> NUMBERED.matcher(String.valueOf(file.getFileName())))
        .filter(Matcher::matches)
        .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
        .max()
        .orElse(0);
  }

  private static void deleteAll(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path at, @Nullable IOException e)
              throws IOException {
            Files.delete(at);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
