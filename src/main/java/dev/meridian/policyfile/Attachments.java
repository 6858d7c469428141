package dev.meridian.policyfile;

import java.io.IOException;
import java.io.InputStream;

/** Opens the files that a policy file refers to, which count as parts of it from then on. */
@FunctionalInterface
public interface Attachments {
  /**
   * Opens one.
   *
   * @param path relative to the zone folder, or absolute
   * @throws IOException with a sentence for the operator
   */
  InputStream open(String path) throws IOException;
}
