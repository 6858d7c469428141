package dev.meridian.arch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.testkit.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stranger to the code relies on: the build's rules, the unit, the image, the options. */
class HardeningTest {
  private static final Pattern PROPERTY = Pattern.compile("<([a-z0-9.-]+\\.version)>([^<]+)</");
  private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");
  private static final Pattern FLOOR =
      Pattern.compile("<exclude>([^:<]+):[^:<]+:\\(,([0-9A-Za-z.]+)\\)</exclude>");

  /** The property that holds the version of a group. */
  private static final Map<String, String> VERSIONS =
      Map.of(
          "io.netty", "netty.version",
          "dnsjava", "dnsjava.version",
          "com.fasterxml.jackson.core", "jackson.version",
          "ch.qos.logback", "logback.version");

  private static String text(String file) throws IOException {
    return Files.readString(Path.of(file));
  }

  private static Map<String, String> properties() throws IOException {
    Map<String, String> properties = new HashMap<>();
    Matcher each = PROPERTY.matcher(text("pom.xml"));
    while (each.find()) {
      properties.put(each.group(1), each.group(2));
    }
    return properties;
  }

  @Test
  @Check("S126")
  void everyVersionIsOneVersion() throws IOException {
    List<String> versions = new ArrayList<>(properties().values());
    assertThat(versions).hasSizeGreaterThan(30);
    Matcher each = VERSION.matcher(text("pom.xml").replaceFirst("0\\.1\\.0-SNAPSHOT", "0.1.0"));
    while (each.find()) {
      versions.add(each.group(1));
    }
    // the rules of the enforcer are ranges: of Maven, Java, and what is refused
    versions.removeAll(List.of("[3.8.6,)", "[17,)", "[25,26)"));
    assertThat(versions).noneMatch(version -> version.matches(".*([\\[(,]|SNAPSHOT|LATEST).*"));
  }

  @Test
  @Check({"S128", "S129"})
  void everyLibraryIsAboveItsLastKnownHole() throws IOException {
    Map<String, String> properties = properties();
    Map<String, String> floors = new HashMap<>();
    Matcher each = FLOOR.matcher(text("pom.xml"));
    while (each.find()) {
      floors.put(each.group(1), each.group(2));
    }
    assertThat(floors).containsOnlyKeys(VERSIONS.keySet());
    floors.forEach(
        (group, floor) -> {
          String version = properties.get(VERSIONS.get(group));
          assertThat(comparable(String.valueOf(version)))
              .as("%s %s, refused below %s", group, version, floor)
              .isGreaterThanOrEqualTo(comparable(floor));
        });
  }

  private static String comparable(String version) {
    StringBuilder padded = new StringBuilder();
    for (String part : version.replace(".Final", "").split("\\.", -1)) {
      padded.append("%05d".formatted(Integer.parseInt(part)));
    }
    return padded.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.netty:netty-codec-dns",
        "io.netty:netty-codec-haproxy",
        "io.netty:netty-codec-smtp",
        "io.netty:netty-codec-http2",
        "io.netty:netty-codec-http3",
        "io.netty:netty-resolver-dns",
        "org.yaml:snakeyaml"
      })
  @Check("S130")
  void whatHadHolesAndIsNotNeededIsRefused(String module) throws IOException {
    assertThat(text("pom.xml")).contains("<exclude>" + module + "</exclude>");
  }

  @Test
  void everyLibraryHasAReason() throws IOException {
    String pom = text("pom.xml");
    String ours = pom.substring(pom.indexOf("</dependencyManagement>"), pom.indexOf("<build>"));
    String reasons = text("docs/DEPENDENCIES.md");
    Matcher each =
        Pattern.compile("(?s)<dependency>.*?<artifactId>([^<]+)</artifactId>(.*?)</dependency>")
            .matcher(ours);
    int libraries = 0;
    while (each.find()) {
      if (!each.group(2).contains("<scope>test</scope>")) {
        assertThat(reasons).contains("`" + each.group(1) + "`");
        libraries++;
      }
    }
    assertThat(libraries).isGreaterThan(10);
  }

  @Test
  @Check({"S127", "S131"})
  void thePackageHasItsListOfPartsAndOneTimeForAllOfIt() throws IOException {
    assertThat(text("pom.xml"))
        .contains("<project.build.outputTimestamp>2026-", "cyclonedx-maven-plugin")
        .contains("<includeBomSerialNumber>false</includeBomSerialNumber>");
    assertThat(text(".ci/run")).contains("docker/sbom.sh");
    assertThat(text("docker/reproducible.sh")).contains("sha256sum");
  }

  @Test
  @Check("S134")
  void everyPartHasALicenceThatWeKnowAndNoDatabaseIsBundledThatMayNotBe() throws IOException {
    assertThat(text("docker/sbom.sh")).contains("if not licences & LICENCES:");
    assertThat(text(".ci/run")).contains("docker/sbom.sh");
    try (Stream<Path> bundled = Files.list(Path.of("geoip"))) {
      assertThat(bundled.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("README.md", "default.geo");
    }
    assertThat(text("geoip/README.md")).contains("| Licence | CC BY 4.0", "| Credit | ");
  }

  @Test
  @Check("S137")
  void warningsOfTheAnalysersAreErrors() throws IOException {
    assertThat(text("pom.xml")).contains("-Werror", "-Xep:NullAway:ERROR", "error_prone_core");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "User=meridian",
        "AmbientCapabilities=CAP_NET_BIND_SERVICE",
        "CapabilityBoundingSet=CAP_NET_BIND_SERVICE",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateTmp=yes",
        "PrivateDevices=yes",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
        "SystemCallFilter=@system-service",
        "SystemCallFilter=~@privileged @resources",
        "StateDirectoryMode=0700",
        "UMask=0077",
      })
  @Check("S117")
  void theUnitLeavesPort53AndNothingElse(String line) throws IOException {
    assertThat(text("docker/meridian.service").lines()).contains(line);
  }

  /** As the unit makes all else read-only, what the documents write to has to be there. */
  @Test
  void theUnitMakesTheFoldersThatTheDocumentsWriteTo() throws IOException {
    assertThat(text("docs/API.md")).contains("/run/meridian/http.sock");
    assertThat(text("docs/LOGS.md")).contains("query-log: /var/log/meridian/");
    assertThat(text("docker/meridian.service").lines())
        .contains("RuntimeDirectory=meridian", "LogsDirectory=meridian", "ProtectSystem=strict");
  }

  @Test
  @Check("S122")
  void nothingOfTheMemoryIsLeftOnDiskByACrash() throws IOException {
    assertThat(text("docker/meridian.service").lines()).contains("LimitCORE=0");
    assertThat(text("src/main/dist/lib/jvm.options")).doesNotContain("HeapDumpOnOutOfMemoryError");
  }

  @Test
  @Check("S118")
  void theImageRunsAsNobodyAndIsCheckedReadOnly() throws IOException {
    assertThat(text("docker/Dockerfile").lines())
        .contains("USER 65532:65532")
        .noneMatch(line -> line.startsWith("ADD "));
    assertThat(text("docker/check.sh"))
        .contains("--read-only", "--cap-drop ALL", "no-new-privileges");
  }

  @Test
  @Check("S119")
  void theJvmListensNowhereAndHasNoModuleThatLoadsStrangersCode() throws IOException {
    assertThat(text("src/main/dist/lib/jvm.options").lines())
        .contains("-XX:-UsePerfData")
        .doesNotContain("-XX:+ExitOnOutOfMemoryError") // a set that does not fit is refused instead
        .noneMatch(line -> line.contains("jmxremote") || line.contains("jdwp"));
    Matcher modules =
        Pattern.compile("<dist.modules>([^<]+)</dist.modules>").matcher(text("pom.xml"));
    assertThat(modules.find()).isTrue();
    assertThat(modules.group(1).split(",", -1))
        .contains("java.base")
        .doesNotContain(
            "java.naming", "java.rmi", "java.scripting", "jdk.management.agent", "jdk.jdwp.agent");
  }

  @Test
  void whyTheJvmDoesNotStartIsNotSaidWhereNobodyLooks() throws IOException {
    assertThat(text("src/main/dist/lib/jvm.options").lines())
        .contains("-Xlog:all=warning:stderr", "-XX:+DisplayVMOutputToStderr");
  }

  @Test
  @Check("S121")
  void nativeCodeIsLoadedFromTheProgramsOwnFolder() throws IOException {
    assertThat(text("src/main/dist/bin/meridian"))
        .contains("\"-Djava.library.path=$home/lib/native\"");
  }

  /** Plugins that fetch things run outside of what Maven checks. */
  @Test
  @Check("S135")
  void theBuildAsksNobodyButTheRepository() throws IOException {
    assertThat(text("pom.xml"))
        .doesNotContain("<repository>", "<pluginRepository>", "<systemPath>")
        .doesNotContainPattern("(download|frontend|wagon|antrun)-maven-plugin")
        .doesNotContainPattern("<(argument|executable)>[^<]*(curl|wget|https?:)");
    assertThat(Path.of(".mvn/wrapper")).doesNotExist();
  }

  @Test
  @Check("S133")
  void whoeverMakesThePackageLargerHasToSaySo() throws IOException {
    assertThat(text("docker/sbom.sh")).contains("MAX_JARS = 50", "MAX_OCTETS = 18_000_000");
  }

  /** Names and reasons are text nodes, whoever chose them. */
  @Test
  @Check("S104")
  void noScriptOfThePageMakesMarkupOfText() throws IOException {
    int scripts = 0;
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/dev/meridian/api"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".js")).toList()) {
        assertThat(Files.readString(file))
            .as("%s", file)
            .doesNotContainPattern(
                "nnerHTML|outerHTML|insertAdjacentHTML|document\\.write|eval\\(");
        scripts++;
      }
    }
    assertThat(scripts).isPositive();
  }

  @Test
  @Check("S136")
  void whoFindsAFaultLearnsWhereToTellItAndWhatToExpect() throws IOException {
    assertThat(text("SECURITY.md")).contains("security@", "90 days", "two working days");
  }

  @Test
  @Check("S33")
  void whatTheKernelHasToDoAgainstFloodsOfSynIsWritten() throws IOException {
    assertThat(text("docs/ABUSE.md")).contains("tcp_syncookies", "somaxconn");
  }
}
