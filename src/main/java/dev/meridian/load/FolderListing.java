package dev.meridian.load;

import dev.meridian.load.Sources.Source;
import dev.meridian.route53.Route53CidrCollections;
import dev.meridian.route53.Route53HealthChecks;
import dev.meridian.source.Problem;
import dev.meridian.source.Problems;
import dev.meridian.text.Reasons;
import dev.meridian.wire.DomainName;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which zones a folder has, by the names of its files; nothing is read. */
final class FolderListing {
  private static final String ZONE_SUFFIX = ".zone";
  private static final String POLICY_SUFFIX = ".policy.yaml";
  private static final String ROUTE53_SUFFIX = ".route53.json";
  private static final Set<String> ROUTE53_BESIDE =
      Set.of(Route53HealthChecks.FILE, Route53CidrCollections.FILE);

  private static final Set<String> BESIDE_ZONES =
      Set.of(OverridesFile.NAME, ZoneSetLoader.LATENCY_TABLE);

  /** By what people write, what is meant. */
  private static final Map<String, String> NEAR_SUFFIXES =
      Map.of(".policy.yml", POLICY_SUFFIX, ".policies.yaml", POLICY_SUFFIX);

  private final Path folder;
  private final Problems problems;

  /** In order. */
  private final List<String> names = new ArrayList<>();

  /** By apex, in the order of the files' names. */
  private final Map<DomainName, Source> sources;

  /**
   * Lists a folder.
   *
   * @param problems takes what is wrong
   */
  FolderListing(Path folder, Problems problems) {
    this.folder = folder;
    this.problems = problems;
    list();
    this.sources = LinkedHashMap.newLinkedHashMap(names.size());
    names.forEach(this::add);
  }

  /** The zones, in the order of the files' names. */
  Sources sources() {
    return Sources.of(sources);
  }

  /** Which files are there that belong to no zone. */
  Set<String> beside() {
    return present(BESIDE_ZONES);
  }

  private boolean contains(String name) {
    return Collections.binarySearch(names, name) >= 0;
  }

  static boolean isRoute53Zone(String name) {
    return name.endsWith(ROUTE53_SUFFIX) && !ROUTE53_BESIDE.contains(name);
  }

  /** The policy file that a zone file may have beside it. */
  private static String policyOf(String zoneFile) {
    return zoneFile.substring(0, zoneFile.length() - ZONE_SUFFIX.length()) + POLICY_SUFFIX;
  }

  /**
   * A zone with a policy file or without.
   *
   * @param policy the name of the file
   * @return null: it is no file that this zone may have
   */
  static @Nullable Source withPolicy(Source zone, String policy, boolean isThere) {
    if (!zone.file().endsWith(ZONE_SUFFIX) || !policyOf(zone.file()).equals(policy)) {
      return null;
    }
    return new Source(
        zone.number(),
        zone.apex(),
        zone.file(),
        isThere ? policy : null,
        isThere ? Set.of(policy) : Set.of());
  }

  /** The zone that a file is one of, by its name; null if it is of no zone alone. */
  static @Nullable DomainName apexOf(String name) {
    for (String suffix : List.of(POLICY_SUFFIX, ROUTE53_SUFFIX, ZONE_SUFFIX)) {
      if (name.endsWith(suffix)) {
        try {
          return apex(name, suffix);
        } catch (IllegalArgumentException e) {
          return null;
        }
      }
    }
    return null;
  }

  private static DomainName apex(String file, String suffix) {
    return DomainName.parse(file.substring(0, file.length() - suffix.length()), DomainName.ROOT);
  }

  private void list() {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (!name.startsWith(".")) {
          names.add(name);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      names.clear();
      String why = Files.isDirectory(folder) ? Reasons.of(e) : "it is not there";
      error(folder.toString(), "the zone folder cannot be read: " + why);
      return;
    }
    if (names.stream().noneMatch(name -> name.endsWith(ZONE_SUFFIX) || isRoute53Zone(name))) {
      error(folder.toString(), "no zone file is in this folder; name them like example.com.zone");
    }
    names.sort(null);
  }

  private void add(String name) {
    if (isRoute53Zone(name)) {
      add(name, ROUTE53_SUFFIX, null, present(ROUTE53_BESIDE));
    } else if (name.endsWith(ZONE_SUFFIX)) {
      String policy = policyOf(name);
      boolean routed = contains(policy);
      add(name, ZONE_SUFFIX, routed ? policy : null, routed ? Set.of(policy) : Set.of());
    } else {
      strayFile(name);
    }
  }

  private void add(String file, String suffix, @Nullable String policy, Set<String> beside) {
    DomainName apex;
    try {
      apex = apex(file, suffix);
    } catch (IllegalArgumentException e) {
      error(file, "a zone file is named after its zone: " + e.getMessage());
      return;
    }
    Source other = sources.get(apex);
    if (apex.isWildcard()) {
      error(file, "the name of a zone cannot begin with '*'");
    } else if (other != null) {
      error(file, "the zone " + apex + " is in " + other.file() + " already");
    } else {
      sources.put(apex, new Source(sources.size(), apex, file, policy, beside));
    }
  }

  private Set<String> present(Set<String> wanted) {
    return wanted.stream().filter(this::contains).collect(Collectors.toUnmodifiableSet());
  }

  /** What is nearly the name of a file that is read would be missed by somebody. */
  private void strayFile(String name) {
    for (Map.Entry<String, String> near : NEAR_SUFFIXES.entrySet()) {
      if (name.endsWith(near.getKey())) {
        String zone = name.substring(0, name.length() - near.getKey().length());
        error(name, "nothing reads this file; name it " + zone + near.getValue());
      }
    }
    if (name.endsWith(POLICY_SUFFIX)) {
      String zone = name.substring(0, name.length() - POLICY_SUFFIX.length()) + ZONE_SUFFIX;
      if (!contains(zone)) {
        error(name, "there is no zone file for this policy; add " + zone);
      }
    }
  }

  private void error(String file, String message) {
    problems.add(new Problem(file, 1, 1, Problem.Severity.ERROR, message));
  }
}
