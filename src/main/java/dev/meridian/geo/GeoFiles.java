package dev.meridian.geo;

import dev.meridian.net.PrefixPartition;
import dev.meridian.text.Reasons;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds geo database files, opens each in its format, and makes one database of several. */
final class GeoFiles {
  private GeoFiles() {}

  static GeoDatabase load(List<Path> filesAndFolders) {
    List<GeoDatabase> databases = new ArrayList<>();
    for (Path path : filesAndFolders) {
      for (Path file : Files.isDirectory(path) ? filesOf(path) : List.of(path)) {
        databases.add(read(file));
      }
    }
    return databases.size() == 1 ? databases.getFirst() : merge(databases);
  }

  private static List<Path> filesOf(Path folder) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.{mmdb,geo}")) {
      entries.forEach(files::add);
    } catch (IOException e) {
      throw new GeoException(folder.toString(), "the folder cannot be read: " + Reasons.of(e), e);
    }
    if (files.isEmpty()) {
      throw new GeoException(
          folder.toString(), "no .mmdb or .geo file in this folder; put one there");
    }
    files.sort(Comparator.naturalOrder());
    return files;
  }

  private static GeoDatabase read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new GeoException(file.toString(), "there is no such file; check the path");
      }
      if (Files.size(file) == 0) {
        throw new GeoException(file.toString(), "the file is empty; fetch it again");
      }
      try (InputStream in = Files.newInputStream(file)) {
        if (!GeoFileFormat.startsWithMagic(in.readNBytes(GeoFileFormat.HEADER_SIZE))) {
          return MmdbFile.read(file);
        }
      }
      return GeoFileReader.read(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw new GeoException(file.toString(), "the file cannot be read: " + Reasons.of(e), e);
    }
  }

  /** Takes IPv4 places, IPv6 places and AS numbers each from the database that suits best. */
  private static GeoDatabase merge(List<GeoDatabase> databases) {
    Comparator<GeoDatabase> citiesFirst =
        Comparator.comparing(GeoDatabase::hasCities, Comparator.reverseOrder());
    List<GeoDatabase> byDetail = databases.stream().sorted(citiesFirst).toList();
    Optional<GeoDatabase> ipv4 = first(byDetail, each -> each.hasPlaces(true));
    Optional<GeoDatabase> ipv6 = first(byDetail, each -> each.hasPlaces(false));
    Comparator<GeoDatabase> placelessFirst = Comparator.comparing(GeoFiles::hasPlaces);
    List<GeoDatabase> byNetworks = databases.stream().sorted(placelessFirst).toList();
    Optional<GeoDatabase> networks4 = first(byNetworks, each -> each.hasNetworks(true));
    Optional<GeoDatabase> networks6 = first(byNetworks, each -> each.hasNetworks(false));

    GeoDatabase places =
        joinPlaces(ipv4.orElse(GeoDatabase.EMPTY), ipv6.or(() -> ipv4).orElse(GeoDatabase.EMPTY));
    Set<GeoDatabase> used =
        Stream.of(ipv4, ipv6, networks4, networks6)
            .flatMap(Optional::stream)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return new GeoDatabase(
        places.places(),
        places.locations(),
        PrefixPartition.join(
            networks4.orElse(GeoDatabase.EMPTY).networks(),
            networks6.orElse(GeoDatabase.EMPTY).networks()),
        originOf(used, databases));
  }

  private static boolean hasPlaces(GeoDatabase database) {
    return database.hasPlaces(true) || database.hasPlaces(false);
  }

  private static Optional<GeoDatabase> first(
      List<GeoDatabase> databases, Predicate<GeoDatabase> suits) {
    return databases.stream().filter(suits).findFirst();
  }

  /** One list of locations: those of the second database are numbered on behind the first's. */
  private static GeoDatabase joinPlaces(GeoDatabase ipv4, GeoDatabase ipv6) {
    if (ipv4 == ipv6) {
      return ipv4;
    }
    List<Location> locations = new ArrayList<>(ipv4.locations());
    int offset = locations.size() - 1;
    locations.addAll(ipv6.locations().subList(1, ipv6.locationCount()));
    PrefixPartition shifted = ipv6.places().map(number -> number == 0 ? 0 : number + offset);
    return new GeoDatabase(
        PrefixPartition.join(ipv4.places(), shifted),
        locations,
        PrefixPartition.uniform(0),
        GeoDatabase.EMPTY.origin());
  }

  private static GeoDatabase.Origin originOf(Set<GeoDatabase> used, List<GeoDatabase> all) {
    String unused =
        all.stream()
            .filter(each -> !used.contains(each))
            .map(each -> "; not used: " + each.source() + " (" + each.description() + ")")
            .collect(Collectors.joining());
    return new GeoDatabase.Origin(
        used.stream().map(GeoDatabase::source).collect(Collectors.joining(", ")),
        used.stream().map(GeoDatabase::description).collect(Collectors.joining(", ")) + unused,
        used.stream().map(GeoDatabase::builtAt).min(Instant::compareTo).orElse(Instant.EPOCH));
  }
}
