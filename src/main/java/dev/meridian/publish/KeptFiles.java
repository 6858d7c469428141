package dev.meridian.publish;

import dev.meridian.geo.GeoDatabase;
import java.nio.file.Path;

/**
 * The files of a kept set, unpacked for as long as they are read.
 *
 * @param zones a zone folder
 * @param geo the database that they were served with
 */
public record KeptFiles(Path zones, GeoDatabase geo) {}
