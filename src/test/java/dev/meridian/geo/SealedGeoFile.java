package dev.meridian.geo;

/** Makes {@code .geo} files whose checksum is right, whatever is in them. */
public final class SealedGeoFile {
  private SealedGeoFile() {}

  /** A file with this body. */
  public static byte[] of(byte[] body) {
    return GeoFileWriter.seal(body);
  }
}
