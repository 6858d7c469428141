package dev.meridian.querylog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.meridian.config.ConfigKey;
import dev.meridian.control.Server;
import dev.meridian.control.ZoneFolder;
import dev.meridian.testkit.Answering;
import dev.meridian.testkit.Asking;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** dnstap as BIND's reader reads it, from a file and through fstrm's capture from a socket. */
class DnstapTest {
  @TempDir private Path folder;

  @Test
  void aFileHasQueriesAndResponses() throws Exception {
    needs("dnstap-read");
    Path file = folder.resolve("frames.dnstap");
    try (Server server = serve(file.toString())) {
      ask(server);
    }
    assertThat(read(file))
        .contains("AQ 127.0.0.0:0 -> ")
        .contains("AR 127.0.0.0:0 <- ")
        .contains(" UDP ")
        .contains(" TCP ")
        .contains("www.example.org/IN/A")
        .contains("text.example.org/IN/TXT");
    String whole = run("dnstap-read", "-y", file.toString());
    assertThat(whole)
        .contains("type: AUTH_QUERY")
        .contains("type: AUTH_RESPONSE")
        .contains("identity: fra-1")
        .contains("version: meridian 1.2.3-test")
        .contains("status: NOERROR")
        .contains("192.0.2.");
  }

  @Test
  void aRestartDoesNotSpoilAnEarlierStream() throws Exception {
    needs("dnstap-read");
    Path file = folder.resolve("frames.dnstap");
    for (int start = 0; start < 2; start++) {
      try (Server server = serve(file.toString())) {
        ask(server);
      }
    }
    try (var files = Files.list(folder)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        assertThat(read(each).lines()).as(each.toString()).hasSize(4);
      }
    }
  }

  @Test
  void aReaderOnASocketGetsThemAndMayGoAway() throws Exception {
    needs("dnstap-read");
    needs("fstrm_capture");
    Path socket = folder.resolve("dnstap.sock");
    Path file = folder.resolve("captured.dnstap");
    Process capture = capture(socket, file);
    try (Server server = serve("unix:" + socket)) {
      // what is answered before the reader is there is lost, so ask until it is
      Awaitility.await()
          .until(
              () -> {
                ask(server);
                return Files.exists(file) && Files.size(file) > 4096;
              });
    } finally {
      capture.destroy(); // SIGTERM: it writes the end of the stream
      assertThat(capture.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(read(file)).contains("AQ ").contains("AR ").contains("www.example.org/IN/A");
  }

  @Test
  void withoutAReaderQueriesAreAnsweredAndTheLossIsCounted() throws Exception {
    try (Server server = serve("unix:" + folder.resolve("nobody.sock"))) {
      ask(server);
      Awaitility.await().until(() -> server.queryLogLost() == 4);
    }
  }

  private Process capture(Path socket, Path file) throws IOException {
    Process capture =
        new ProcessBuilder(
                "fstrm_capture",
                "-t",
                "protobuf:dnstap.Dnstap",
                "-u",
                socket.toString(),
                "-w",
                file.toString(),
                "-b",
                "4096")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("capture.out").toFile())
            .start();
    Awaitility.await().until(() -> Files.exists(socket));
    return capture;
  }

  private static void ask(Server server) {
    Asking.udp(server.addresses().getFirst(), Answering.query("www.example.org.", "A"));
    Asking.tcp(server.addresses().getFirst(), Answering.query("text.example.org.", "TXT"));
  }

  private Server serve(String dnstap) throws Exception {
    return ZoneFolder.serve(
        ZoneFolder.write(folder.resolve("zones"), 1),
        Map.of(ConfigKey.DNSTAP, dnstap, ConfigKey.SERVER_ID, "fra-1"));
  }

  private static String read(Path file) throws Exception {
    return run("dnstap-read", file.toString());
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static void needs(String program) {
    boolean there =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
            .anyMatch(folder -> Path.of(folder, program).toFile().canExecute());
    assumeThat(there).as(program + " is not installed").isTrue();
  }
}
