package dev.meridian.geo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.meridian.net.ClientAddress;
import dev.meridian.net.Prefix;
import dev.meridian.net.PrefixPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link LatencyTable}: what a file means, and what it may not say. */
class LatencyTableTest {
  @TempDir Path folder;

  @Test
  void linesOfOneNetworkMakeARow() throws IOException {
    LatencyTable table =
        LatencyTable.load(
            Files.writeString(
                folder.resolve("latency.csv"),
                """
                # measured in October
                network,region,ms
                203.0.113.0/24,us-east-1,90
                203.0.113.0/24, eu-west-1 ,80.5

                203.0.0.0/16,eu-west-1,70
                2001:db8::/32,ber-1,3
                AS64500,us-east-1,12
                CN,cn-north-1,0
                """));

    int narrow = row(table, 203, 0, 113, 9);
    assertThat(table.ms(narrow, "us-east-1")).isEqualTo(90);
    assertThat(table.ms(narrow, "eu-west-1")).isEqualTo(80.5);
    assertThat(table.ms(narrow, "cn-north-1")).isNaN();
    assertThat(table.ms(row(table, 203, 0, 112, 9), "eu-west-1")).isEqualTo(70);
    assertThat(row(table, 192, 0, 2, 1)).isZero();
    assertThat(table.ms(0, "us-east-1")).isNaN();
    assertThat(table.ms(table.rowByAsn(64500), "us-east-1")).isEqualTo(12);
    assertThat(table.ms(table.rowByCountry("CN"), "cn-north-1")).isZero();
    assertThat(table.rowByAsn(64501)).isZero();
    assertThat(table.rowByCountry("FR")).isZero();
    assertThat(table.rowCount()).isEqualTo(6);
    assertThat(table.regions()).containsExactly("ber-1", "cn-north-1", "eu-west-1", "us-east-1");
  }

  @Test
  void everyProblemIsReportedWithLineAndColumn() {
    String text =
        """
        network,region,ms
        203.0.113.7/24,us-east-1,90
        AS0,us-east-1,90
        QQ,us-east-1,90
        lan,us-east-1,90
        CN,,90
        CN,cn-north-1,fast
        CN,cn-north-1,-1
        CN,cn-north-1,1,2
        CN,cn-north-1,1
        CN,cn-north-1,2
        """;

    GeoException problems =
        catchThrowableOfType(GeoException.class, () -> LatencyTable.parse(text, "latency.csv"));

    assertThat(problems.lines())
        .containsExactly(
            "latency.csv:2:1: '203.0.113.7/24' has bits set behind its length; did you mean 203.0.113.0/24?",
            "latency.csv:3:1: AS numbers go from 1 to 2147483647, not 0",
            "latency.csv:4:1: 'QQ' is not an ISO 3166-1 country",
            "latency.csv:5:1: 'lan' is not a network; write a prefix, AS64500, or a country as CN",
            "latency.csv:6:4: the region is missing",
            "latency.csv:7:15: 'fast' is not a time in milliseconds, such as 80 or 12.5",
            "latency.csv:8:15: '-1' is not a time in milliseconds, such as 80 or 12.5",
            "latency.csv:9:1: a line has 3 cells, network,region,ms; this one has 4",
            "latency.csv:11:4: 'CN' has a time for 'cn-north-1' already; keep one of them");
    assertThat(problems).hasMessageStartingWith("latency.csv:2:1: ");
  }

  @Test
  void headerIsAskedFor() {
    assertThatThrownBy(() -> LatencyTable.parse("CN,cn-north-1,1\n", "latency.csv"))
        .hasMessage(
            "latency.csv:1:1: the first line must be 'network,region,ms', it is"
                + " 'CN,cn-north-1,1'");
    assertThatThrownBy(() -> LatencyTable.parse("", "latency.csv"))
        .hasMessageContaining("the file has no lines");
    assertThat(LatencyTable.parse("network,region,ms", "latency.csv").rowCount()).isEqualTo(1);
    assertThat(LatencyTable.EMPTY.rowCount()).isEqualTo(1);
  }

  @Test
  void unreadableFilesAreGeoExceptions() throws IOException {
    Path latin1 = Files.write(folder.resolve("latency.csv"), new byte[] {(byte) 0xE9, 0x0A});

    assertThatThrownBy(() -> LatencyTable.load(latin1)).isInstanceOf(GeoException.class);
    assertThatThrownBy(() -> LatencyTable.load(folder.resolve("none.csv")))
        .isInstanceOf(GeoException.class)
        .hasMessageContaining("none.csv");
  }

  private static int row(LatencyTable table, int a, int b, int c, int d) {
    ClientAddress client = new ClientAddress();
    client.setIpv4(
        (int) Prefix.of(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d}, 32).low(), 32);
    return PrefixPartition.value(table.rowsByPrefix().find(client));
  }
}
