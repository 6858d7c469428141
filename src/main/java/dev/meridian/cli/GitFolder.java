package dev.meridian.cli;

import dev.meridian.text.Reasons;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A folder that is given by its path, or as {@code REV:path} of the git repository one stands in:
 * then it is taken out of git into a folder of its own, which goes away on {@link #close}.
 *
 * @param path where it can be read
 * @param name as it was given
 */
record GitFolder(Path path, String name, boolean temporary) implements AutoCloseable {
  /**
   * Finds a folder.
   *
   * @param beside the other folder of a comparison: a revision alone means this one, as it was then
   */
  static GitFolder of(String text, String beside) {
    Path folder = Path.of(text);
    if (Files.isDirectory(folder)) {
      return new GitFolder(folder, text, false);
    }
    boolean revisionAlone = text.indexOf(':') < 0;
    if (revisionAlone && (!Files.isDirectory(Path.of(beside)) || Path.of(beside).isAbsolute())) {
      throw CommandException.cannotRun(
          "'" + text + "' is no folder; a git revision is written REV:path");
    }
    String treeish = revisionAlone ? text + ":./" + beside : text;
    try {
      Path temporary = Files.createTempDirectory("meridian-diff");
      GitFolder extracted = new GitFolder(temporary, treeish, true);
      extracted.extract(treeish);
      return extracted;
    } catch (IOException e) {
      throw CommandException.cannotRun(
          "git cannot be asked for '" + treeish + "': " + Reasons.of(e));
    }
  }

  /** Zip, because Java reads it without help. */
  private void extract(String treeish) throws IOException {
    Path errors = Files.createTempFile("meridian-git", ".err");
    try {
      Process git =
          new ProcessBuilder("git", "archive", "--format=zip", treeish)
              .redirectError(errors.toFile())
              .start();
      git.getOutputStream().close();
      try (ZipInputStream zip = new ZipInputStream(git.getInputStream())) {
        unpack(zip);
      }
      if (git.waitFor() != 0) {
        String said = Files.readString(errors, StandardCharsets.UTF_8).strip();
        close();
        throw CommandException.cannotRun("'" + treeish + "' is no folder, and git says: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      Files.deleteIfExists(errors);
    }
  }

  private void unpack(ZipInputStream zip) throws IOException {
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      Path target = path.resolve(entry.getName()).normalize();
      if (!target.startsWith(path)) {
        throw new IOException("an entry leads out of the archive: " + entry.getName());
      }
      if (entry.isDirectory()) {
        Files.createDirectories(target);
      } else {
        Files.createDirectories(target.getParent());
        copy(zip, target);
      }
    }
  }

  private static void copy(InputStream from, Path to) throws IOException {
    Files.copy(from, to);
  }

  @Override
  public void close() {
    if (!temporary) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot be removed: " + path, e);
    }
  }
}
