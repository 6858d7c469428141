package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthRegistry;
import dev.meridian.health.TargetGuard;
import dev.meridian.net.Prefix;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Problem;
import dev.meridian.testkit.Check;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a forbidden address is spelled in a policy file, no health check is aimed at it. */
class ForbiddenTargetsTest {
  private static final String POLICY =
      """
      health-checks: { c: { tcp: { port: 1, address: "%s" } } }
      endpoints:
        fra: { address: 192.0.2.10, health-check: c }
      records:
        w: { endpoint: fra }
      """;

  @TempDir private Path folder;

  @Test
  @Check("S76")
  void everySpellingOfMetadataAddressesIsAnError() {
    Set<String> spellings = new LinkedHashSet<>();
    for (String address : List.of("169.254.169.254", "100.100.100.200", "224.0.0.1")) {
      spellings.addAll(spellings(InetAddress.ofLiteral(address).getAddress()));
    }
    assertThat(spellings).hasSizeGreaterThan(200);
    Set<String> accepted = new TreeSet<>();
    for (String spelling : spellings) {
      if (new ZoneFolder(folder).policy(POLICY.formatted(spelling)).problems().isEmpty()) {
        accepted.add(spelling);
      }
    }

    assertThat(accepted).isEmpty();
  }

  @Test
  void whatIsDeniedIsSaidAtItsPlaceAndWhatIsAllowedLoads() {
    TargetGuard guard =
        new TargetGuard(
            List.of(Prefix.parse("169.254.1.0/24")), List.of(Prefix.parse("192.0.2.0/24")));
    HealthRegistry registry = new HealthRegistry(guard);
    ZoneFolder files = new ZoneFolder(folder);

    files.policy(POLICY.formatted("192.0.2.7"));
    assertThat(load(registry).problems().list())
        .extracting(Problem::toString)
        .containsExactly(
            "example.com.policy.yaml:3:45: 192.0.2.7 is in 192.0.2.0/24, which health-deny"
                + " keeps from being probed");
    files.policy(POLICY.formatted("169.254.1.7"));
    assertThat(load(registry).zones().getFirst().checks())
        .extracting(HealthCheck::target)
        .containsExactly("169.254.1.7");
  }

  private LoadedSet load(HealthRegistry registry) {
    return ZoneSetLoader.load(folder, LoadLimits.DEFAULT, registry);
  }

  /** As inet_aton, URL parsers and IPv6 have it. */
  private static Set<String> spellings(byte[] octets) {
    Set<String> all = new LinkedHashSet<>();
    for (String first : numbers(octets[0] & 0xFF)) {
      for (String second : numbers(octets[1] & 0xFF)) {
        long rest = (octets[2] & 0xFFL) << 8 | (octets[3] & 0xFFL);
        all.add(String.join(".", first, second, "" + (octets[2] & 0xFF), "" + (octets[3] & 0xFF)));
        for (String tail : numbers(rest)) {
          all.add(first + "." + second + "." + tail);
        }
      }
      long tail = (octets[1] & 0xFFL) << 16 | (octets[2] & 0xFFL) << 8 | (octets[3] & 0xFFL);
      numbers(tail).forEach(number -> all.add(first + "." + number));
    }
    long whole = Integer.toUnsignedLong(ByteBuffer.wrap(octets).getInt());
    all.addAll(numbers(whole));
    all.add("" + (whole + (1L << 32)));
    List<String> dotted = new ArrayList<>(all);
    dotted.forEach(spelling -> all.add(spelling + "."));
    String quad = dotted.getFirst();
    String groups = "%x:%x".formatted(whole >>> 16, whole & 0xFFFF);
    for (String tail : List.of(quad, groups)) {
      for (String head : List.of("::ffff:", "::FFFF:", "::", "64:ff9b::", "0:0:0:0:0:ffff:")) {
        all.add(head + tail);
        all.add("[" + head + tail + "]");
      }
    }
    all.add("2002:" + groups + "::1");
    all.addAll(List.of(quad + "%eth0", quad + "/32", quad + ":80", "user@" + quad, quad + "%00"));
    all.add(quad.replace('.', '\uFF0E')); // full-width stops
    all.add(quad.replace('.', '\u3002'));
    all.add(quad.replace('1', '\uFF11').replace('2', '\u2461')); // digits that IDNA would map
    return all;
  }

  /** Decimal, octal and hexadecimal, with zeros before them. */
  private static List<String> numbers(long value) {
    return List.of(
        Long.toString(value),
        "0" + Long.toOctalString(value),
        "000" + Long.toOctalString(value),
        "0x" + Long.toHexString(value),
        "0X00" + Long.toHexString(value));
  }
}
