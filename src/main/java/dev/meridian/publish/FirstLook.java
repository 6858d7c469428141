package dev.meridian.publish;

import java.nio.file.Path;
import java.util.List;

/**
 * What the zone folder looked like before anything of it was read: where the first load begins and
 * where the watch begins. A folder of a hundred thousand files is looked at once for both.
 */
public final class FirstLook {
  private final Path folder;
  private final Fingerprint seen;

  private FirstLook(Path folder, Fingerprint seen) {
    this.folder = folder;
    this.seen = seen;
  }

  /** Looks at a folder now. */
  public static FirstLook at(Path folder) {
    return new FirstLook(folder, Fingerprint.of(List.of(folder)));
  }

  Fingerprint seen() {
    return seen;
  }

  /** Whether that is the folder. */
  boolean isOf(Path root) {
    return folder.equals(root);
  }
}
