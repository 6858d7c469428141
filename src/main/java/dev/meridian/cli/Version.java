package dev.meridian.cli;

/** Which build this is. */
final class Version {
  private Version() {}

  /** From the jar's manifest, or a word that says that there is none. */
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
