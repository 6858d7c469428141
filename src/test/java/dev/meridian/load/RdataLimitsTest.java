package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.testkit.Check;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers one beyond what their field can hold: an error, never another number. */
class RdataLimitsTest {
  private static final String HEAD = "$TTL 60\n@ SOA a b 1 2 3 4 5\n@ NS a.test.\n";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MX 65536 a",
        "SRV 65536 0 1 a",
        "SRV 0 65536 1 a",
        "SRV 0 0 65536 a",
        "NAPTR 65536 0 \"\" \"\" \"\" .",
        "NAPTR 0 65536 \"\" \"\" \"\" .",
        "SVCB 65536 .",
        "SVCB 1 . port=65536",
        "SVCB 1 . key65536=x",
        "HTTPS 1 . ipv4hint=192.0.2.256",
        "APL 1:192.0.2.0/33",
        "APL 2:2001:db8::/129",
        "APL 65536:00/8",
        "LOC 91 0 0 N 0 0 0 E 0m",
        "LOC 0 60 0 N 0 0 0 E 0m",
        "LOC 0 0 60 N 0 0 0 E 0m",
        "LOC 0 0 0 N 181 0 0 E 0m",
        "CAA 256 issue \"a\"",
        "TLSA 256 0 0 00",
        "DS 65536 8 2 00",
        "URI 65536 1 \"a\"",
        "CERT 65536 0 0 AQID",
        "A 192.0.2.256",
        "TXT \"\\256\"",
        "TYPE65536 \\# 0",
        "TYPE700 \\# 65536 00",
        "TYPE700 \\# 2 00",
      })
  @Check("S41")
  void aNumberThatDoesNotFitIsAnError(String record) {
    LoadedSet loaded =
        new ZoneFolder(folder).write("example.com.zone", HEAD + "x " + record + "\n").load();
    assertThat(loaded.problems().list())
        .anySatisfy(problem -> assertThat(problem.toString()).startsWith("example.com.zone:4:"));
    assertThat(loaded.zones()).isEmpty();
  }
}
