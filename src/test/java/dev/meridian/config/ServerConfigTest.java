package dev.meridian.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.meridian.net.SocketAddresses;
import dev.meridian.testkit.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerConfigTest {
  @TempDir private Path folder;

  @Test
  void defaultsServeTheZonesFolderOnLoopback() {
    ServerConfig config = ServerConfig.builder().conclude();
    assertThat(config.zones()).isEqualTo(Path.of("zones"));
    assertThat(config.geoip()).isEmpty();
    assertThat(config.listen()).containsExactly(SocketAddresses.parse("127.0.0.1:5300"));
    assertThat(config.http()).contains(SocketAddresses.parse("127.0.0.1:8053"));
    assertThat(config.udpPayloadMax()).isEqualTo(1232);
    assertThat(config.loops()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(config.watch()).isTrue();
    assertThat(config.drain()).isZero();
  }

  @Test
  void theServerKeepsToItselfUntilToldOtherwise() {
    ServerConfig silent = ServerConfig.builder().conclude();
    assertThat(silent.serverVersion()).isEmpty();
    assertThat(silent.serverId()).isEmpty();
    assertThat(silent.cookieSecrets()).isEmpty();
    assertThat(silent.cookieRollover()).isEqualTo(Duration.ofDays(1));
    assertThat(silent.authorityNs()).isFalse();
  }

  @Test
  void textsAndLifetimesHaveLimits() {
    assertThat(
            problems(
                ServerConfig.builder()
                    .flag(ConfigKey.SERVER_ID, List.of("ü".repeat(65)))
                    .flag(ConfigKey.SERVER_VERSION, List.of(""))
                    .flag(ConfigKey.COOKIE_ROLLOVER, List.of("60m"))))
        .containsExactly(
            "--cookie-rollover: 60m is not in 2h to 864h",
            "--server-version: a text has 1 to 128 octets of UTF-8, not 0",
            "--server-id: a text has 1 to 128 octets of UTF-8, not 130");
  }

  @Test
  void fileSetsAndFlagsWin() throws IOException {
    Path file =
        file("zones: from-file\nlisten: [ '127.0.0.1:1', '[::1]:1' ]\ndrain: 2s\nhttp: off\n");
    ServerConfig config =
        ServerConfig.builder()
            .flag(ConfigKey.ZONES, List.of("from-flag"))
            .flag(ConfigKey.GEOIP, List.of())
            .file(file)
            .conclude();
    assertThat(config.zones()).isEqualTo(Path.of("from-flag"));
    assertThat(config.listen()).hasSize(2);
    assertThat(config.drain()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.http()).isEmpty();
    assertThat(config.effective()).containsEntry(ConfigKey.ZONES, List.of("from-flag"));
  }

  @Test
  @Check({"S90", "S92"})
  void everyProblemIsTold() throws IOException {
    Path file = file("zone: x\nloops: many\nloops: 2\nwatch: { a: b }\nudp-payload-max: 9000\n");
    assertThat(problems(ServerConfig.builder().file(file).flag(ConfigKey.DRAIN, List.of("5"))))
        .containsExactly(
            "--drain: '5' needs a unit: ms, s, m or h",
            file + ":1:1: there is no setting 'zone'; did you mean 'zones'?",
            file + ":2:8: 'many' is not a whole number",
            file + ":3:1: loops is set twice; keep one of them",
            file + ":4:8: watch takes on or off",
            file + ":5:18: 9000 is not in 512 to 4096");
  }

  @ParameterizedTest
  @CsvSource({
    "-3,                     --loops: -3 is not in 0 to 64",
    "99999999999999999999,   --loops: 99999999999999999999 is not in 0 to 64",
    "1.5,                    --loops: '1.5' is not a whole number",
  })
  void aNumberOutOfRangeIsToldItsRangeHoweverFarOutItIs(String value, String problem) {
    assertThat(problems(ServerConfig.builder().flag(ConfigKey.LOOPS, List.of(value))))
        .containsExactly(problem);
  }

  @Test
  void aFolderIsNoFileOfSettings() {
    assertThat(problems(ServerConfig.builder().file(folder)))
        .containsExactly(folder + ":1:1: cannot be read: Is a directory");
  }

  @Test
  void addressesOfProbesAreOfTheirFamily() {
    assertThat(
            problems(
                ServerConfig.builder()
                    .flag(ConfigKey.HEALTH_SOURCE_IPV4, List.of("2001:db8::1"))
                    .flag(ConfigKey.HEALTH_SOURCE_IPV6, List.of("probes.example"))))
        .containsExactly(
            "--health-source-ipv4: '2001:db8::1' is not an IPv4 address",
            "--health-source-ipv6: 'probes.example' is not an address");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'listen: [a'   | :2:1: expected ',' or ']', but got <stream end>",
        "'- zones'      | :1:1: expected settings, one 'key: value' per line",
        "'xyzzyplugh: 1'| :1:1: there is no setting 'xyzzyplugh'",
      })
  void aFileOfTheWrongShapeIsNamedWithItsPlace(String yaml, String problem) throws IOException {
    Path file = file(yaml + "\n");
    assertThat(problems(ServerConfig.builder().file(file))).containsExactly(file + problem);
  }

  @Test
  @Check("S95")
  void aFileThatAnybodyCanWriteIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("server.yaml"), "listen: 127.0.0.1:5300\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(problems(ServerConfig.builder().file(file)))
        .containsExactly(file + ":1:1: anybody on this machine can write this file; chmod o-w it");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
    assertThat(ServerConfig.builder().file(file).conclude().listen()).hasSize(1);
  }

  @Test
  void anAbsentFileIsAProblem() {
    Path file = folder.resolve("absent.yaml");
    assertThat(problems(ServerConfig.builder().file(file)))
        .containsExactly(file + ":1:1: there is no such file");
  }

  @Test
  @Check({"S96", "S97"})
  void theHttpSurfaceOffLoopbackNeedsTlsAndTokens() {
    assertThat(problems(ServerConfig.builder().flag(ConfigKey.HTTP, List.of("0.0.0.0:8053"))))
        .singleElement()
        .asString()
        .startsWith("--http: '0.0.0.0:8053' can be reached from other machines");
    ServerConfig whole =
        ServerConfig.builder()
            .flag(ConfigKey.HTTP, List.of("0.0.0.0:8053"))
            .flag(ConfigKey.HTTP_TLS_CERT, List.of("cert.pem"))
            .flag(ConfigKey.HTTP_TLS_KEY, List.of("key.pem"))
            .flag(ConfigKey.HTTP_TOKENS, List.of("tokens"))
            .conclude();
    assertThat(whole.http()).isPresent();
  }

  @Test
  void aCertificateNeedsItsKey() {
    assertThat(problems(ServerConfig.builder().flag(ConfigKey.HTTP_TLS_CERT, List.of("cert.pem"))))
        .containsExactly("--http-tls-cert: http-tls-key is missing: TLS needs both files");
  }

  @Test
  void aSettingThatIsNotAListIsGivenOnce() {
    assertThat(problems(ServerConfig.builder().flag(ConfigKey.ZONES, List.of("a", "b"))))
        .containsExactly("--zones: zones can be given only once");
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("server.yaml"), yaml);
  }

  private static List<String> problems(ServerConfig.Builder builder) {
    ConfigException e = catchThrowableOfType(ConfigException.class, builder::conclude);
    return e.problems().stream().map(ConfigProblem::toString).toList();
  }
}
