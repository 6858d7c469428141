package dev.meridian.publish;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * What a set of files and folders looks like from outside: real paths, names, sizes, times of
 * change and file numbers, with symbolic links followed. Two equal fingerprints mean that there is
 * nothing new to read, short of an edit that keeps size, time and file.
 *
 * @param digest of a line per file: a folder may have a hundred thousand
 * @param folders the real folders that were found, to be watched
 */
record Fingerprint(String digest, Set<Path> folders) {
  /** Zone folders are flat; a few levels leave room for $INCLUDE. */
  private static final int MAX_DEPTH = 4;

  /** Looks at the roots now. What cannot be looked at is part of the picture, too. */
  static Fingerprint of(Collection<Path> roots) {
    List<String> entries = new ArrayList<>();
    Set<Path> folders = new HashSet<>();
    for (Path root : roots) {
      entries.add("root " + root);
      try {
        Path real = root.toRealPath();
        walk(real, entries, folders);
      } catch (IOException e) {
        entries.add("absent");
      }
    }
    entries.sort(null);
    return new Fingerprint(digest(entries), folders);
  }

  private static String digest(List<String> lines) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    lines.forEach(line -> digest.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void walk(Path root, List<String> entries, Set<Path> folders) throws IOException {
    Files.walkFileTree(
        root,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        MAX_DEPTH,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes is) {
            if (isHidden(folder) && !folder.equals(root)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            folders.add(folder);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes is) {
            if (!isHidden(file)) {
              entries.add(
                  file + " " + is.size() + " " + is.lastModifiedTime() + " " + is.fileKey());
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            entries.add(file + " unreadable");
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Such as {@code .git}, and the swap files of editors. */
  private static boolean isHidden(Path path) {
    Path name = path.getFileName();
    return name != null && name.toString().startsWith(".");
  }
}
