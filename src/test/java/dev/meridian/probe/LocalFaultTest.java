package dev.meridian.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.meridian.testkit.Check;
import dev.meridian.testkit.Rfc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Trouble of this machine, made for real in a process of its own: in an empty network namespace, or
 * with few descriptors. It is unknown, whatever the kind of check.
 */
class LocalFaultTest {
  @Test
  @Rfc(
      number = 4443,
      sections = {"4.1", "4.2"})
  void withoutPermissionToPingItIsUnknownAndWithItTargetsAnswer() throws Exception {
    List<String> found =
        inNamespace(
            "ip link set lo up",
            "icmp/127.0.0.1",
            "icmp/::1",
            "permit",
            "icmp/127.0.0.1",
            "icmp/::1",
            "icmp/127.0.0.2");

    assertThat(found.subList(0, 2))
        .allMatch(line -> line.startsWith("LOCAL_TROUBLE cannot begin a probe: the kernel lets no"))
        .allMatch(
            line ->
                line.endsWith("sysctl net.ipv4.ping_group_range='0 2147483647' lets all of them"));
    assertThat(found.subList(2, 5)).containsOnly("OK echo request answered");
  }

  @Test
  @Check("S85")
  void pingsLeaveFromTheAddressThatIsGiven() throws Exception {
    String up = "ip link set lo up && export SOURCE=";

    assertThat(inNamespace(up + "127.0.0.85", "permit", "icmp/127.0.0.1"))
        .containsExactly("OK echo request answered");
    assertThat(inNamespace(up + "192.0.2.85", "permit", "icmp/127.0.0.1"))
        .containsExactly(
            "LOCAL_TROUBLE cannot begin a probe: no interface of this machine has 192.0.2.85");
  }

  @Test
  void aMachineWithoutRoutesKnowsNothingAndAHostWithoutOneIsDown() throws Exception {
    List<String> found =
        inNamespace(
            "ip link set lo up && ip route add unreachable 198.51.100.1"
                + " && ip route add 198.51.100.2 dev lo",
            "permit",
            "icmp/192.0.2.1",
            "tcp/192.0.2.1/80",
            "tcp/2001:db8::1/80",
            "icmp/198.51.100.1",
            "tcp/198.51.100.1/80",
            "icmp/198.51.100.2",
            "tcp/127.0.0.1/80");

    assertThat(found)
        .extracting(line -> line.split(" ", 2)[0])
        .containsExactly(
            "LOCAL_TROUBLE",
            "LOCAL_TROUBLE",
            "LOCAL_TROUBLE",
            "CONNECT_FAILED",
            "CONNECT_FAILED",
            "RESPONSE_TIMEOUT",
            "CONNECT_REFUSED");
  }

  @Test
  void withoutDescriptorsItIsUnknownUntilThereAreSomeAgain() throws Exception {
    List<String> found =
        run(
            List.of("prlimit", "--nofile=256"),
            "tcp/127.0.0.1/1",
            "exhaust",
            "tcp/127.0.0.1/1",
            "release",
            "tcp/127.0.0.1/1");

    assertThat(found)
        .containsExactly(
            "CONNECT_REFUSED Connection refused",
            "LOCAL_TROUBLE cannot begin a probe: Too many open files",
            "CONNECT_REFUSED Connection refused");
  }

  private static List<String> inNamespace(String set, String... commands) throws Exception {
    List<String> unshare = List.of("unshare", "--user", "--map-root-user", "--net");
    List<String> probing = new ArrayList<>(unshare);
    probing.addAll(List.of("sh", "-c", set + " && exec \"$@\"", "sh"));
    if (!succeeds(unshare, set)) {
      abort("skipped: no network namespace can be made here (unshare --user --net, ip)");
    }
    return run(probing, commands);
  }

  private static boolean succeeds(List<String> unshare, String set) throws InterruptedException {
    List<String> command = new ArrayList<>(unshare);
    command.addAll(List.of("sh", "-c", set + " && test -w /proc/sys/net/ipv4/ping_group_range"));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static List<String> run(List<String> before, String... commands) throws Exception {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            ProbeMain.class.getName()));
    command.addAll(List.of(commands));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (var lines = process.inputReader()) {
      List<String> found = lines.lines().toList();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return found;
    } finally {
      process.destroyForcibly();
    }
  }
}
