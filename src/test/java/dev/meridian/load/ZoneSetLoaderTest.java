package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.HealthRegistry;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Problem;
import dev.meridian.source.TrackedFiles;
import dev.meridian.wire.DomainName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder is a set of zones, each whole or not at all. */
class ZoneSetLoaderTest {
  @TempDir private Path folder;

  private static String zone(String version) {
    return ZoneFolder.PLAIN_ZONE + "version TXT " + version + "\n";
  }

  @Test
  void fileNamesSayWhatTheyAre() {
    LoadedSet set =
        new ZoneFolder(folder)
            .write("example.com.zone", zone("1"))
            .write("2.0.192.in-addr.arpa.zone", zone("1"))
            .write("latency.csv", "network,region,ms\n")
            .load();

    assertThat(set.problems().list()).isEmpty();
    assertThat(set.zones())
        .extracting(LoadedZone::apex)
        .containsExactly(DomainName.parse("2.0.192.in-addr.arpa"), DomainName.parse("example.com"));
    assertThat(set.latencyTable()).contains(folder.resolve("latency.csv"));
  }

  @Test
  void whatEditorsAndPeopleLeaveBehindIsIgnored() throws IOException {
    ZoneFolder zone = new ZoneFolder(folder).write("example.com.zone", zone("1"));
    for (String name :
        new String[] {
          ".example.com.zone.swp",
          "example.com.zone~",
          "#example.com.zone#",
          "example.com.zone.orig",
          ".hidden.zone",
          "README.md",
          "4913",
          "example.com.policy.yaml.bak",
        }) {
      zone.write(name, "nonsense");
    }
    Files.createSymbolicLink(folder.resolve(".#example.com.zone"), Path.of("nobody@nowhere.1"));

    assertThat(zone.problems()).isEmpty();
    assertThat(zone.zone().files().names()).containsExactly("example.com.zone");
  }

  @Test
  void oneBadZoneDoesNotTakeTheOthersWithIt() {
    LoadedSet set =
        new ZoneFolder(folder)
            .write("a.example.zone", zone("1"))
            .write("b.example.zone", "nonsense\n")
            .load();

    assertThat(set.zones())
        .extracting(LoadedZone::apex)
        .containsExactly(DomainName.parse("a.example"));
    assertThat(set.problems().hasErrors()).isTrue();
    assertThat(set.problems().list()).extracting(Problem::file).containsOnly("b.example.zone");
  }

  @Test
  void whatCannotBeLoadedIsSaid() throws IOException {
    ZoneFolder zone =
        new ZoneFolder(folder)
            .write("example.com.zone", zone("1"))
            .write("EXAMPLE.com.zone", zone("2"))
            .write("*.example.org.zone", zone("1"))
            .write("a..b.zone", zone("1"))
            .write("lost.example.policy.yaml", "records: {}\n")
            .write("old.example.route53.json", "{}")
            .write("health-checks.route53.json", "{}");
    Files.createDirectory(folder.resolve("folder.example.zone"));

    assertThat(zone.problems())
        .containsExactlyInAnyOrder(
            "*.example.org.zone:1:1: the name of a zone cannot begin with '*'",
            "a..b.zone:1:1: a zone file is named after its zone: name 'a..b' has an empty label",
            "example.com.zone:1:1: the zone example.com. is in EXAMPLE.com.zone already",
            "folder.example.zone:1:1: not a regular file",
            "lost.example.policy.yaml:1:1: there is no zone file for this policy; add"
                + " lost.example.zone",
            "old.example.route53.json:1:1: not what 'aws route53 list-resource-record-sets' prints:"
                + " no list ResourceRecordSets",
            "health-checks.route53.json:1:1: not what 'aws route53 list-health-checks' prints: no"
                + " list HealthChecks");
  }

  @Test
  void aFolderWithoutZonesIsAnError() {
    assertThat(new ZoneFolder(folder).problems())
        .containsExactly(
            folder + ":1:1: no zone file is in this folder; name them like example.com.zone");
    assertThat(new ZoneFolder(folder.resolve("none")).problems())
        .singleElement()
        .asString()
        .contains("the zone folder cannot be read");
  }

  @Test
  void theFingerprintFollowsTheContentOfEveryFile() {
    ZoneFolder zone =
        new ZoneFolder(folder)
            .write("example.com.zone", zone("1") + "$INCLUDE part\n")
            .write("part", "a A 192.0.2.1\n")
            .write("example.com.policy.yaml", "records: {}\n".replace("{}", ""));
    String first = zone.zone().fingerprint();

    assertThat(zone.zone().fingerprint()).isEqualTo(first).matches("[0-9a-f]{64}");
    String included = zone.write("part", "a A 192.0.2.2\n").zone().fingerprint();
    assertThat(included).isNotEqualTo(first);
    assertThat(zone.write("example.com.policy.yaml", "# more\n").zone().fingerprint())
        .isNotEqualTo(included);
  }

  @Test
  void aZoneFileMayBeALinkAsKubernetesMakesThem() throws IOException {
    Path data = Files.createDirectory(folder.resolve("..2026"));
    Files.writeString(data.resolve("example.com.zone"), zone("1"));
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026"));
    Files.createSymbolicLink(
        folder.resolve("example.com.zone"), Path.of("..data/example.com.zone"));

    assertThat(new ZoneFolder(folder).zone().apex()).isEqualTo(DomainName.parse("example.com"));
  }

  /**
   * A writer replaces the zone file and then the policy file, version by version, so that the
   * policy is never ahead of the zone. A loader that read the one, slept, and read the other would
   * see it ahead.
   */
  @Test
  void filesThatChangeWhileTheyAreReadAreNeverMixed() throws Exception {
    replaceBoth(1);
    AtomicBoolean stop = new AtomicBoolean();
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int version = 2; !stop.get(); version++) {
                    replaceBoth(version);
                  }
                });
    try {
      for (int i = 0; i < 300; i++) {
        new ZoneFolder(folder).load().zones().forEach(ZoneSetLoaderTest::checkVersions);
      }
    } finally {
      stop.set(true);
      writer.join();
    }
    checkVersions(new ZoneFolder(folder).zone());
  }

  private static void checkVersions(LoadedZone zone) {
    long zoneVersion = Long.parseLong(ZoneFolder.records(zone, "version", "A").split(" ", 2)[0]);
    assertThat(zone.routed().getFirst().ttl()).isBetween(zoneVersion - 1, zoneVersion);
  }

  private void replaceBoth(int version) {
    String unlike = "# " + "x".repeat(version % 1000) + "\n"; // no two neighbours of one size
    replace(
        "example.com.zone",
        ZoneFolder.PLAIN_ZONE + "version " + version + " A 192.0.2.1\n" + unlike.replace('#', ';'));
    replace(
        "example.com.policy.yaml",
        "endpoints: { e: { address: 192.0.2.1 } }\nrecords: { r: { endpoint: e, ttl: "
            + version
            + " } }\n"
            + unlike);
  }

  private void replace(String name, String text) {
    try {
      Path next = Files.writeString(folder.resolve(name + ".next"), text);
      Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aFileIsChangedIfItIsOtherwiseThanWhenItWasOpened() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "one");
    TrackedFiles tracked = new TrackedFiles();
    try (InputStream in = tracked.open(file, "f", 10)) {
      assertThat(in.read()).isEqualTo('o');
      assertThat(tracked.haveChanged()).isFalse();
      Files.writeString(file, "longer");
      assertThat(tracked.haveChanged()).isTrue();
      Files.delete(file);
      assertThat(tracked.haveChanged()).isTrue();
    }
  }

  @Test
  void aFileCutOffAnywhereIsNeverServedByMistakeForAWholeOne() throws IOException {
    byte[] whole = Files.readAllBytes(Path.of("zones/example.com.policy.yaml"));
    Files.copy(
        Path.of("zones/example.com.zone"),
        folder.resolve("example.com.zone"),
        StandardCopyOption.REPLACE_EXISTING);
    ZoneFolder zone = new ZoneFolder(folder);
    int records = 0;
    for (int length = whole.length; length >= 0; length -= 97) {
      zone.write("example.com.policy.yaml", Arrays.copyOf(whole, length));
      LoadedSet set = ZoneSetLoader.load(folder, LoadLimits.DEFAULT, new HealthRegistry());
      records += set.zones().stream().mapToInt(loaded -> loaded.routed().size()).sum();
      assertThat(set.problems().list()).allSatisfy(p -> assertThat(p.line()).isPositive());
    }
    assertThat(records).as("the whole file was read at least").isGreaterThanOrEqualTo(11);
  }

  @Test
  void aPolicyFileUnderAnotherNameIsMissedBySomebody() {
    new ZoneFolder(folder)
        .write("example.com.zone", ZoneFolder.PLAIN_ZONE)
        .write("example.com.policy.yml", "records: {}\n");
    assertThat(new ZoneFolder(folder).problems())
        .containsExactly(
            "example.com.policy.yml:1:1: nothing reads this file; name it"
                + " example.com.policy.yaml");
  }
}
