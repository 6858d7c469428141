package dev.meridian.publish;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;

/**
 * One look at files and folders: all that is in them but hidden files. A folder may have a hundred
 * thousand files, so a file costs one system call and no text. Owned by one thread.
 */
final class FolderLook {
  /** Zone folders are flat; a few levels leave room for $INCLUDE. */
  private static final int MAX_DEPTH = 4;

  /** Takes what is seen. */
  interface Sink {
    /**
     * Something that is no folder.
     *
     * @param name by {@link FileMix}
     * @param state by {@link FileMix}
     */
    void file(long name, long state);

    /**
     * A real folder, before anything in it is looked at.
     *
     * @throws IOException if nothing can be looked at
     */
    default void folder(Path folder) throws IOException {}
  }

  private final Sink sink;
  private final Set<Path> folders = new HashSet<>();
  private boolean plain = true;

  FolderLook(Sink sink) {
    this.sink = sink;
  }

  /** The real folders that were found. */
  Set<Path> folders() {
    return folders;
  }

  /**
   * Whether all was there to be looked at, and nothing was a symbolic link: what a link leads to
   * changes elsewhere.
   */
  boolean isPlain() {
    return plain;
  }

  /** Looks at a root; that it cannot be looked at is part of the picture, too. */
  void root(Path root) {
    long name = FileMix.root(root.toString());
    try {
      Path real = root.toRealPath();
      BasicFileAttributes is = Files.readAttributes(real, BasicFileAttributes.class);
      if (is.isDirectory()) {
        sink.file(name, FileMix.FOLDER);
        walk(real, MAX_DEPTH);
      } else {
        plain = false;
        file(FileMix.name(name, real.toString()), is);
      }
    } catch (IOException e) {
      plain = false;
      sink.file(name, FileMix.ABSENT);
    }
  }

  private void walk(Path folder, int depth) {
    folders.add(folder);
    long above = FileMix.folder(folder.toString());
    try {
      sink.folder(folder);
      entries(folder, above, depth);
    } catch (IOException | DirectoryIteratorException e) {
      plain = false;
      sink.file(above, FileMix.UNREADABLE);
    }
  }

  private void entries(Path folder, long above, int depth) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (!isHidden(name)) {
          entry(entry, FileMix.name(above, name), depth);
        }
      }
    }
  }

  private void entry(Path entry, long name, int depth) {
    try {
      BasicFileAttributes is = attributes(entry);
      if (is.isDirectory() && depth > 1) {
        walk(entry, depth - 1);
      } else {
        file(name, is);
      }
    } catch (IOException e) {
      plain = false;
      sink.file(name, FileMix.UNREADABLE);
    }
  }

  /** Of what a link leads to; a plain file costs one system call all the same. */
  private BasicFileAttributes attributes(Path entry) throws IOException {
    BasicFileAttributes is =
        Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!is.isSymbolicLink()) {
      return is;
    }
    plain = false;
    return Files.readAttributes(entry, BasicFileAttributes.class);
  }

  private void file(long name, BasicFileAttributes is) {
    sink.file(name, FileMix.state(name, is));
  }

  /** Such as {@code .git}, and the swap files of editors. */
  static boolean isHidden(String name) {
    return name.startsWith(".");
  }
}
