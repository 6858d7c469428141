package dev.meridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.api.Api;
import dev.meridian.api.HttpServer;
import dev.meridian.config.ConfigKey;
import dev.meridian.config.ServerConfig;
import dev.meridian.control.Server;
import dev.meridian.control.ZoneFolder;
import dev.meridian.net.SocketAddresses;
import dev.meridian.testkit.Check;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  /** Nobody listens on the discard port of loopback, and nobody may without being root. */
  private static final String NOBODY = "127.0.0.1:9";

  @TempDir private Path folder;
  private String out = "";
  private String err = "";

  @BeforeEach
  void zones() throws Exception {
    ZoneFolder.write(folder, 7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "serve",
        "check",
        "test",
        "diff",
        "explain",
        "states",
        "reload",
        "rollback",
        "set",
        "token",
        "upgrade",
        "import",
        "export",
        "geoip"
      })
  void everyCommandHasHelp(String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(out).startsWith("Usage: meridian " + command).doesNotContain("train");
  }

  @Test
  void helpForTheServerBeginsWithWhatItDoes() {
    assertThat(run("serve", "--help")).isZero();
    assertThat(out.lines().limit(2).toList())
        .containsExactly(
            "Usage: meridian serve [OPTIONS]",
            "Serves a folder of zones until SIGTERM or SIGINT. SIGHUP loads it anew, and opens");
  }

  @Test
  void theVersionIsPrinted() {
    assertThat(run("--version")).isZero();
    assertThat(out).startsWith("meridian ");
  }

  @Test
  void withoutACommandTheHelpIsShownAndTheUsageIsWrong() {
    assertThat(run()).isEqualTo(2);
    assertThat(out).startsWith("Usage: meridian").doesNotContain("train");
  }

  @ParameterizedTest
  @CsvSource({
    "serv,                            meridian: there is no command 'serv'; did you mean 'serve'?",
    "chekc zones,                     there is no command 'chekc'; did you mean 'check'?",
    "trian,                           meridian: there is no command 'trian'",
    "serve --lisen :53,               there is no option '--lisen'; did you mean '--listen'?",
    "states all,                      meridian states: 'all' is one parameter too many",
    "serve --listen 1.2.3.4,          --listen: '1.2.3.4' has no port",
    "serve --http 0.0.0.0:80,         can be reached from other machines",
    "serve --zones a --zones b,       should be specified only once",
    "check,                           Missing required parameter",
    "explain,                         Missing required parameter",
    "set,                             Missing required parameters",
    "set fra-1,                       Missing required parameter",
    "token,                           Missing required parameters",
    "token viewer,                    Missing required parameter",
    "token root ann,                  neither viewer nor operator",
    "explain a.example NOPE,          'NOPE' is not an RR type",
    "explain a.example --client x,    'x' is not an IPv4 or IPv6 address",
    "explain a.example --health x,    is not of the form ID=up or ID=down",
    "geoip lookup x,                  'x' is not an IPv4 or IPv6 address",
    "states --format xml,             neither text nor json",
  })
  void aWrongCommandLineIsExplained(String line, String message) {
    assertThat(run(line.split(" ", -1))).isEqualTo(2);
    assertThat(err).contains(message);
    assertNoStack();
  }

  @Test
  void aGoodFolderIsFine() {
    assertThat(run("check", folder.toString())).isZero();
    assertThat(out).contains("1 zone, ", "1 routed RRset, 1 health check, fine");
    assertThat(err).isEmpty();
  }

  @Test
  @Check("S94")
  void everyProblemOfAFolderIsPrintedWithItsPlaceAndCounted() throws Exception {
    ZoneFolder.breakIt(folder);
    assertThat(run("check", folder.toString())).isEqualTo(1);
    assertThat(err.lines())
        .anyMatch(line -> line.startsWith(folder.resolve("broken.example.zone") + ":3:5: "))
        .last()
        .asString()
        .matches("\\d+ errors?");
    assertNoStack();
  }

  @Test
  void warningsFailACheckThatIsStrict() throws Exception {
    assertThat(run("check", folder.toString(), "--strict")).isZero();
    String policy = "endpoints: { unused: { address: 192.0.2.1 } }";
    Files.writeString(folder.resolve("example.org.policy.yaml"), policy);
    assertThat(run("check", folder.toString())).isZero();
    assertThat(run("check", folder.toString(), "--strict")).isEqualTo(1);
    assertThat(err).contains("warning: endpoint 'unused'");
    assertThat(run("check", folder.toString(), "--strict", "--format", "json")).isEqualTo(1);
    assertThat(out).contains("\"ok\":false");
  }

  @Test
  void problemsCanBeReadByPrograms() throws Exception {
    ZoneFolder.breakIt(folder);
    assertThat(run("check", folder.toString(), "--format", "json")).isEqualTo(1);
    var json = new ObjectMapper().readTree(out);
    assertThat(json.path("ok").asBoolean()).isFalse();
    assertThat(json.path("problems").get(0).path("line").asInt()).isPositive();
  }

  @Test
  @Check("S94")
  void wrongFilesKeepTheServerFromStarting() throws Exception {
    ZoneFolder.breakIt(folder);
    assertThat(run("serve", "--zones", folder.toString())).isEqualTo(1);
    assertThat(err).contains("broken.example.zone:3:5: ");
  }

  @Test
  void aWrongConfigurationFileIsWrongInput() throws Exception {
    Path file = Files.writeString(folder.resolve("server.yaml"), "zone: x\n");
    assertThat(run("serve", "--config", file.toString())).isEqualTo(1);
    assertThat(err).contains(file + ":1:1: there is no setting 'zone'; did you mean 'zones'?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--config nowhere.yaml",
        "--zones nowhere",
        "--zones zones --geoip nowhere.mmdb",
        "--zones zones --cookie-secrets nowhere",
        "--zones zones --http-tokens nowhere",
        "--zones zones --vote-listen 127.0.0.1:0 --vote-peers 127.0.0.1:9 --vantage a"
            + " --vote-key-file nowhere",
      })
  void aServerWithoutAFileThatWasNamedCannotRun(String flags) {
    String line = "serve " + flags.replace("--zones zones", "--zones " + folder);
    String state = folder.resolve("state").toString();
    String[] words =
        (line + " --listen 127.0.0.1:0 --http 127.0.0.1:0 --state " + state).split(" ");

    assertThat(run(words)).isEqualTo(3);
    assertThat(err).containsPattern("nowhere\\S* .*(there is no such|it is not there)");
    assertNoStack();
  }

  @ParameterizedTest
  @CsvSource({
    "serve,                                         true",
    "serve --zones x --listen :1 --listen :2,       true",
    "serve --config x --loops 1,                    true",
    "serve --help,                                  false",
    "serve --zones,                                 false",
    "serve --zones a --zones b,                     false",
    "serve --lisen :1,                              false",
    "serve --zones=x y,                             false",
    "check --zones x,                               false",
  })
  void onlyAPlainServeGoesWithoutTheCommandLineLibrary(String line, boolean plain) {
    assertThat(ServeCommand.plain(line.split(" ", -1)).isPresent()).isEqualTo(plain);
  }

  @Test
  void aPortInUseIsToldInOneLine() throws Exception {
    try (Server server = ZoneFolder.serve(folder)) {
      String taken = SocketAddresses.format(server.addresses().getFirst());
      assertThat(run("serve", "--zones", folder.toString(), "--listen", taken)).isEqualTo(3);
      assertThat(err).contains("cannot listen on " + taken);
      assertNoStack();
    }
  }

  @Test
  void whyHttpCannotBeServedIsToldByItsCause() throws Exception {
    try (Server server = ZoneFolder.serve(folder);
        HttpServer other =
            Api.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), server)) {
      String taken = SocketAddresses.format(other.address());
      assertThat(serveHttp(taken)).isEqualTo(3);
      assertThat(err)
          .contains("cannot listen on " + taken + " (HTTP): it is in use; stop the other");
    }
    Path file = Files.writeString(folder.resolve("note.txt"), "no folder");
    assertThat(serveHttp("127.0.0.1:0", "--http-socket", file + "/socket")).isEqualTo(3);
    assertThat(err).contains("cannot serve HTTP: ");
    assertNoStack();
  }

  private int serveHttp(String address, String... more) {
    List<String> line = new ArrayList<>(List.of("serve", "--zones", folder.toString()));
    line.addAll(List.of("--listen", "127.0.0.1:0", "--http", address, "--state"));
    line.add(folder.resolve("state").toString());
    line.addAll(List.of(more));
    return run(line.toArray(String[]::new));
  }

  @Test
  void withoutAServerThereIsNothingToAsk() {
    for (String command : List.of("states", "reload", "explain www.example.org")) {
      assertThat(run((command + " --http " + NOBODY).split(" ", -1))).isEqualTo(3);
      assertThat(err).contains("no server answers on http://" + NOBODY);
      assertNoStack();
    }
  }

  @Test
  void anExplanationWithoutAServerComesFromTheFiles() {
    assertThat(run("explain", "www.example.org", "--zones", folder.toString())).isZero();
    assertThat(out)
        .startsWith("source    offline, from " + folder)
        .contains("www.example.org. 30 A 192.0.2.10");
    assertThat(run("explain", "www.example.org", "--zones", "nowhere")).isEqualTo(3);
    assertThat(err).contains("meridian explain: there is no folder nowhere");
    String down = ZoneFolder.CHECK + "=down";
    assertThat(run("explain", "www.example.org", "--zones", folder.toString(), "--health", down))
        .isZero();
    assertThat(out).contains("www.example.org. 30 A 192.0.2.20");
  }

  @Test
  void anExplanationWithoutAServerSaysWhatItCannotResolve() throws Exception {
    String policy = "records: { far: { alias: lb.elsewhere.test. } }";
    Files.writeString(folder.resolve("example.org.policy.yaml"), policy);
    assertThat(run("explain", "far.example.org", "--zones", folder.toString())).isZero();
    assertThat(out)
        .contains(
            "counts as healthy, and names elsewhere are not resolved, so that nothing is known of"
                + " lb.elsewhere.test.");
  }

  @Test
  void aHealthCheckThatDoesNotExistIsAnsweredWithThoseThatDo() {
    String zones = folder.toString();
    assertThat(run("explain", "www.example.org", "--zones", zones, "--health", "x=up"))
        .isEqualTo(2);
    assertThat(err).contains("there is no health check 'x'", ZoneFolder.CHECK);
  }

  @Test
  void theRunningServerIsAskedWhenThereIsOne() throws Exception {
    try (Server server = ZoneFolder.serve(folder, Map.of(ConfigKey.WATCH, "off"));
        HttpServer http =
            Api.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), server)) {
      String address = SocketAddresses.format(http.address());
      assertThat(run("explain", "www.example.org", "--http", address)).isZero();
      assertThat(out)
          .startsWith("source    the running server, generation 1, at http://" + address);
      assertThat(run("states", "--http", address)).isZero();
      assertThat(out).contains(ZoneFolder.CHECK);
      assertThat(run("set", "a", "drain", "--reason", "rack", "--author", "ann", "--http", address))
          .isZero();
      assertThat(out).matches("a is set to drain until \\S+Z\\R");
      assertThat(run("states", "--http", address)).isZero();
      assertThat(out).contains("drain by ann: rack", "0 healthy, 1 unhealthy");
      assertThat(run("set", "a", "auto", "--http", address)).isZero();
      assertThat(out).isEqualToIgnoringNewLines("a is set to auto");
      assertThat(run("set", "a", "down", "--http", address)).isEqualTo(2);
      assertThat(set(address, "forever")).isZero();
      assertThat(out).contains("a is set to down until further notice");
      assertThat(set(address, "4000000d")).isEqualTo(1);
      assertThat(err).contains("for: '4000000d' is longer than 3650d; write forever");
      assertThat(set(address, "4")).isEqualTo(1);
      assertThat(err).contains("for: '4' is not a time such as 30m, 4h or 2d, or forever");
      assertThat(run("set", "a", "auto", "--http", address)).isZero();
      assertThat(run("set", "nobody", "down", "--reason", "r", "--http", address)).isEqualTo(1);
      assertThat(err).contains("nobody");
      assertThat(run("reload", "--http", address)).isZero();
      assertThat(out).startsWith("serving generation 2 after ");
      ZoneFolder.breakIt(folder);
      assertThat(run("reload", "--http", address)).isEqualTo(1);
      assertThat(err).contains("broken.example.zone:3:5: ", "generation 2 is still served");
      ZoneFolder.repair(folder);
      Files.writeString(folder.resolve("note.txt"), "another set");
      assertThat(run("reload", "--http", address)).isZero();
      Awaitility.await().until(() -> server.keptSets().size() == 2);
      assertThat(run("rollback", "--http", address)).isEqualTo(2);
      assertThat(run("rollback", "--http", address, "--reason", "test")).isZero();
      assertThat(out).startsWith("serving generation 4 after ");
      assertThat(run("rollback", "--list", "--http", address)).isZero();
      assertThat(out).contains("3  ", "  API", "(served)");
      assertThat(run("rollback", "99", "--http", address, "--reason", "test")).isEqualTo(1);
      assertThat(err).contains("generation 99 is not kept");
    }
  }

  private int set(String address, String time) {
    return run("set", "a", "down", "--reason", "r", "--for", time, "--http", address);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, ,               http://127.0.0.1:8053/",
    "::1,       ,               http://[0:0:0:0:0:0:0:1]:8053/",
    "0.0.0.0,   ,               http://localhost:8053/",
    "::,        ns1.example.com, http://ns1.example.com:8053/",
  })
  void theOpsPageIsNamedSoThatABrowserCanOpenIt(String address, String host, String url)
      throws Exception {
    ServerConfig config =
        ServerConfig.builder()
            .flag(ConfigKey.HTTP_HOST, host == null ? List.of() : List.of(host))
            .conclude();
    InetSocketAddress bound = new InetSocketAddress(InetAddress.getByName(address), 8053);

    assertThat(ServeCommand.HttpSurface.opsPage(config, bound)).isEqualTo(url);
  }

  @Test
  void importWritesAllOfItsFilesOrNone() throws Exception {
    Path json =
        Files.writeString(
            folder.resolve("in.json"),
            """
            {"ResourceRecordSets": [
              {"Name": "example.net.", "Type": "SOA", "TTL": 900, "ResourceRecords": [
                {"Value": "ns. admin. 1 7200 900 1209600 86400"}]},
              {"Name": "example.net.", "Type": "NS", "TTL": 900, "ResourceRecords": [
                {"Value": "ns.example.org."}]}]}
            """);
    Path target = folder.resolve("out");
    Path policy = Files.createDirectories(target.resolve("example.net.policy.yaml"));

    assertThat(run("import", "route53", json.toString(), "-o", target.toString())).isEqualTo(1);
    assertThat(err).contains(policy + " is a folder; write to another one with --out");
    assertThat(target).isDirectoryNotContaining("glob:**zone*");
    Files.delete(policy);
    assertThat(run("import", "route53", json.toString(), "-o", target.toString())).isZero();
    assertThat(target).isDirectoryContaining("glob:**.zone");
  }

  @Test
  void testsThatAreWrittenAreNotReported() {
    assertThat(run("test", folder.toString(), "--generate", "--format", "junit")).isEqualTo(2);
    assertThat(err).contains("--format junit: --generate writes tests and reports none");
  }

  @Test
  void geographyCanBeLookedUp() {
    assertThat(run("geoip", "lookup", "192.0.2.1", "--format", "json")).isZero();
    assertThat(out).contains("\"client\":\"192.0.2.1/32\"");
  }

  @ParameterizedTest
  @CsvSource({
    "check nowhere,                               there is no folder nowhere",
    "check zones --geoip nowhere.mmdb,            there is no file nowhere.mmdb",
    "explain a.example --geoip nowhere.mmdb,      there is no file nowhere.mmdb",
    "diff nowhere zones,                          'nowhere' is no folder; a git revision is written REV:path",
    "states --ca nowhere.pem,                     there is no file nowhere.pem",
    "test nowhere,                                there is no folder nowhere",
    "diff zones zones --queries nowhere,          there is no file nowhere",
    "import route53 nowhere,                      there is no file nowhere",
    "export route53 nowhere,                      there is no folder nowhere",
    "geoip compile nowhere out.geo,               there is no file nowhere",
    "geoip lookup 192.0.2.1 --geoip nowhere.mmdb, there is no file nowhere.mmdb",
  })
  void whatIsNotThereIsNoWrongInputAndTheCommandSaysItsName(String command, String message) {
    String words = command.replace("zones", folder.toString());
    String name = command.replaceAll("((?:import|export) route53|geoip [a-z]+|[a-z]+) .*", "$1");

    assertThat(run(words.split(" ", -1))).isEqualTo(3);
    assertThat(err).isEqualToIgnoringNewLines("meridian " + name + ": " + message);
  }

  @Test
  void aFileInPlaceOfAFolderIsToldAsOne() {
    Path zone = folder.resolve("example.org.zone");
    assertThat(run("check", zone.toString())).isEqualTo(3);
    assertThat(err).isEqualToIgnoringNewLines("meridian check: " + zone + " is no folder");
    assertThat(run("import", "route53", folder.toString())).isEqualTo(3);
    assertThat(err).contains(folder + " is no file");
  }

  @Test
  void aLinkThatLeadsNowhereIsToldWithItsFolder() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("a.example.zone"), Path.of("nowhere"));
    assertThat(run("check", folder.toString())).isEqualTo(1);
    assertThat(err).startsWith(link + ":1:1: ");
  }

  private int run(String... args) {
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    int code =
        Main.run(
            args,
            new PrintStream(outBytes, true, StandardCharsets.UTF_8),
            new PrintStream(errBytes, true, StandardCharsets.UTF_8));
    out = outBytes.toString(StandardCharsets.UTF_8);
    err = errBytes.toString(StandardCharsets.UTF_8);
    return code;
  }

  private void assertNoStack() {
    assertThat(err).doesNotContain("\tat ", "Exception", "fault in Meridian");
  }
}
