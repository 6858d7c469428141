package dev.meridian.publish;

import dev.meridian.source.Changes;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a folder looks like, for all who have to know: the watch, and each load before and after it
 * reads. Where the system's notices tell which files have changed, only these are looked at; a look
 * at all of a hundred thousand files takes a good part of a second.
 *
 * <pre>
 * nothing was lost, and each folder changed only if something was noted of it,
 *   and all that was noted is of plain files                                     what was noted
 * there are symbolic links, or a root that is no folder: other things change     all of it
 * a folder came, went or was replaced; too much to be noted; no notices at all   all of it
 * </pre>
 *
 * <p>That nothing is missed where notices are not to be trusted, as on a network file system, is
 * for those to see to who look {@linkplain #lookAtAll() at all of it} from time to time.
 *
 * <p>May be used from any thread.
 */
public final class Sight implements AutoCloseable {
  private final Path root;
  private final @Nullable Notices notices;
  private final Sink sink = new Sink();

  /** Taken before any other lock by whoever looks at all of it. */
  private final Object walking = new Object();

  // Guarded by this.
  private Picture picture;
  private Burst burst = new Burst();

  /** Noted since the newest look, and in which folders it was before that. */
  private Noted noted = new Noted();

  private Set<Path> notedBefore = Set.of();

  /** Files that were noted since somebody began to look at all, with the folder of each. */
  private Map<Path, Path> meanwhile = new HashMap<>();

  /** What may be another file than when somebody last asked. */
  private Changes changes = Changes.ANY;

  private Sight(Path root, @Nullable Notices notices) {
    this.root = root;
    this.notices = notices;
    this.picture = picture();
  }

  /**
   * Looks at a folder now.
   *
   * @param folder need not be there
   */
  public static Sight of(Path folder) {
    return new Sight(folder, null);
  }

  /** The same, and asks the system for notices of what changes from now on. */
  public static Sight watching(Path folder) {
    return new Sight(folder, Notices.open());
  }

  /**
   * All of the folder, as it was seen by the newest look.
   *
   * @param real where the root leads
   * @param plain whether notices can tell what changes
   * @param folders all real ones, and what they themselves look like
   */
  private record Picture(
      @Nullable Path real, boolean plain, FileStates files, Map<Path, FolderStamp> folders) {
    Fingerprint fingerprint() {
      return new Fingerprint(files.first(), files.second(), folders.keySet());
    }
  }

  /** Of a folder: which one it is, and when a name in it came or went. */
  private record FolderStamp(Object key, FileTime modified) {
    static FolderStamp of(Path folder) throws IOException {
      BasicFileAttributes is = Files.readAttributes(folder, BasicFileAttributes.class);
      return new FolderStamp(String.valueOf(is.fileKey()), is.lastModifiedTime());
    }
  }

  /** What the system has noted. */
  private static final class Noted {
    /** With the folder of each. */
    final Map<Path, Path> files = new HashMap<>();

    /** In which a name has come or gone. */
    final Set<Path> folders = new HashSet<>();

    boolean lost;
  }

  private final class Sink implements Notices.Sink {
    @Override
    public void noted(WatchEvent.Kind<?> kind, Path folder, Path path) {
      burst.note(kind, path);
      if (!picture.folders.containsKey(folder)) {
        return;
      }
      if (!kind.equals(StandardWatchEventKinds.ENTRY_MODIFY)) {
        noted.folders.add(folder);
      }
      if (!FolderLook.isHidden(String.valueOf(path.getFileName()))) {
        noted.files.put(path, folder);
      }
    }

    @Override
    public void lost() {
      burst.lost();
      noted.lost = true;
    }
  }

  /** The folder. */
  Path root() {
    return root;
  }

  /** What the newest look saw. */
  synchronized Fingerprint seen() {
    return picture.fingerprint();
  }

  /** Looks now, at what is known to have changed or, where that is not known, at all of it. */
  Fingerprint look() {
    synchronized (this) {
      if (lookAtNoted()) {
        return picture.fingerprint();
      }
    }
    return lookAtAll();
  }

  /** Looks at all of it now. Meanwhile others may look at what is noted: it can take a while. */
  Fingerprint lookAtAll() {
    synchronized (walking) {
      return begins() && isConfirmed() ? seen() : replaced();
    }
  }

  private synchronized boolean begins() {
    meanwhile = new HashMap<>();
    return lookAtNoted();
  }

  /** Whether a look at all files finds what the picture shows, but for what is noted meanwhile. */
  private boolean isConfirmed() {
    FileStates files = new FileStates();
    FolderLook look = new FolderLook(files);
    look.root(root);
    synchronized (this) {
      try {
        if (!look.isPlain() || !lookAtNoted()) {
          return false;
        }
        for (Map.Entry<Path, Path> each : meanwhile.entrySet()) {
          lookAt(each.getKey(), each.getValue(), files);
        }
        Fingerprint found = new Fingerprint(files.first(), files.second(), look.folders());
        return found.equals(picture.fingerprint());
      } catch (IOException e) {
        return false;
      }
    }
  }

  /** Nothing is taken for known: nobody else may look until all is seen. */
  private synchronized Fingerprint replaced() {
    noted = new Noted();
    picture = picture();
    changes = Changes.ANY;
    return picture.fingerprint();
  }

  private Picture picture() {
    FileStates files = new FileStates();
    FoldersToo all = new FoldersToo(files);
    FolderLook look = new FolderLook(all);
    look.root(root);
    return new Picture(real(), look.isPlain() && all.noticed, files, Map.copyOf(all.stamps));
  }

  /** Asks for notices of each folder before anything in it is looked at. */
  private final class FoldersToo implements FolderLook.Sink {
    private final FileStates files;
    private final Map<Path, FolderStamp> stamps = new HashMap<>();
    private boolean noticed = true;

    FoldersToo(FileStates files) {
      this.files = files;
    }

    @Override
    public void file(long name, long state) {
      files.file(name, state);
    }

    @Override
    public void folder(Path folder) throws IOException {
      noticed &= notices != null && notices.watch(folder);
      stamps.put(folder, FolderStamp.of(folder));
    }
  }

  private @Nullable Path real() {
    try {
      return root.toRealPath();
    } catch (IOException e) {
      return null;
    }
  }

  /** Brings the picture up to date by what was noted; false if that may not be all. */
  private boolean lookAtNoted() {
    Path real = picture.real;
    if (notices == null || real == null || !picture.plain) {
      return false;
    }
    try {
      // before notices are taken: what a folder shows by now has been noted by then
      Map<Path, FolderStamp> stamps = new HashMap<>();
      for (Path folder : picture.folders.keySet()) {
        stamps.put(folder, FolderStamp.of(folder));
      }
      if (!notices.takeUntilNow(real, sink) || noted.lost || !real.equals(real())) {
        return false;
      }
      if (!isExplained(stamps)) {
        return false;
      }
      Set<String> names = new HashSet<>();
      for (Map.Entry<Path, Path> each : noted.files.entrySet()) {
        lookAt(each.getKey(), each.getValue(), picture.files);
        names.add(real.relativize(each.getKey()).toString().replace(File.separatorChar, '/'));
      }
      meanwhile.putAll(noted.files);
      changes = changes.plus(Changes.of(names));
      picture = new Picture(real, true, picture.files, Map.copyOf(stamps));
      notedBefore = noted.folders;
      noted = new Noted();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether folders have changed only where something was noted, now or by the look before. */
  private boolean isExplained(Map<Path, FolderStamp> stamps) {
    return stamps.entrySet().stream().allMatch(each -> isExplained(each.getKey(), each.getValue()));
  }

  private boolean isExplained(Path folder, FolderStamp now) {
    FolderStamp before = picture.folders.get(folder);
    if (before == null || !now.key.equals(before.key)) {
      return false;
    }
    return now.modified.equals(before.modified)
        || noted.folders.contains(folder)
        || notedBefore.contains(folder);
  }

  /**
   * @throws IOException if it is no plain file; one that is gone is none either, but no surprise
   */
  private void lookAt(Path path, Path folder, FileStates files) throws IOException {
    if (picture.folders.containsKey(path)) {
      throw new IOException("a folder has changed");
    }
    String file = folder.relativize(path).toString();
    long name = FileMix.name(FileMix.folder(folder.toString()), file);
    try {
      BasicFileAttributes is =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!is.isRegularFile()) {
        throw new IOException("not a plain file");
      }
      files.file(name, FileMix.state(name, is));
    } catch (NoSuchFileException e) {
      files.gone(name);
    }
  }

  /**
   * Which files may say something else than when this was last asked, as far as looks have seen; at
   * first, and whenever notices cannot tell, any.
   */
  synchronized Changes takeChanges() {
    Changes taken = changes;
    changes = Changes.NONE;
    return taken;
  }

  /** Whoever took the changes could make no use of them. */
  synchronized void forget() {
    changes = Changes.ANY;
  }

  /**
   * Waits for notices; they are in the next {@link #takeBurst}.
   *
   * @return whether there were any, if only such as others have taken in meanwhile
   */
  boolean await(long nanos) throws InterruptedException {
    if (notices == null) {
      TimeUnit.NANOSECONDS.sleep(Math.max(0, nanos));
      return false;
    }
    return notices.await(nanos, this::takeNoted);
  }

  private synchronized void takeNoted() {
    if (notices != null) {
      notices.take(sink);
    }
  }

  /** What was noted since this was last asked. */
  synchronized Burst takeBurst() {
    Burst taken = burst;
    burst = new Burst();
    return taken;
  }

  /** Asks for notices of the folders of others, too, so that {@link #await} ends for them. */
  synchronized void watchToo(Set<Path> folders) {
    if (notices == null) {
      return;
    }
    Set<Path> all = new HashSet<>(picture.folders.keySet());
    all.addAll(folders);
    notices.retain(all);
    for (Path folder : folders) {
      if (!notices.watches(folder)) {
        notices.watch(folder);
      }
    }
  }

  /** Gives up the notices; whoever waits for them is told so by an exception. */
  @Override
  public void close() {
    if (notices != null) {
      notices.close();
    }
  }
}
