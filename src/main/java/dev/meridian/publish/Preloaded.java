package dev.meridian.publish;

import dev.meridian.source.Changes;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Files that are read before they are wanted. If they have changed by then, they are read anew. */
public final class Preloaded implements StateSource {
  private final StateSource files;
  private final List<Path> roots;
  private final Fingerprint known;
  private @Nullable LoadedState loaded;

  private Preloaded(StateSource files, List<Path> roots, Fingerprint known, LoadedState loaded) {
    this.files = files;
    this.roots = roots;
    this.known = known;
    this.loaded = loaded;
  }

  /**
   * Reads them.
   *
   * @param roots all that is read
   */
  public static Preloaded of(StateSource files, Collection<Path> roots) throws LoadFailedException {
    List<Path> all = List.copyOf(roots);
    Fingerprint known = Fingerprint.of(all);
    return new Preloaded(files, all, known, files.load());
  }

  /** What was read; until it is wanted. */
  public LoadedState first() {
    LoadedState first = loaded;
    if (first == null) {
      throw new IllegalStateException("it is in use already");
    }
    return first;
  }

  @Override
  public LoadedState load() throws LoadFailedException {
    return load(Changes.ANY);
  }

  @Override
  public LoadedState load(Changes changes) throws LoadFailedException {
    LoadedState first = loaded;
    if (first == null) {
      return files.load(changes);
    }
    loaded = null;
    return Fingerprint.of(roots).sees(known) ? first : files.load();
  }

  @Override
  public LoadedState load(KeptFiles kept) throws LoadFailedException {
    return files.load(kept);
  }
}
