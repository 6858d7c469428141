package dev.meridian.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DescriptorLimitTest {
  private static final String HEAD =
      "Limit                     Soft Limit           Hard Limit           Units     ";

  @Test
  void readsTheSoftLimitThatTheKernelShows() {
    List<String> limits =
        List.of(
            HEAD,
            "Max processes             31311                31311                processes ",
            "Max open files            1024                 524288               files     ");
    assertThat(DescriptorLimit.parse(limits)).hasValue(1024);
  }

  @Test
  void noLimitIsNoLimit() {
    assertThat(
            DescriptorLimit.parse(
                List.of(
                    "Max open files            unlimited            unlimited            files")))
        .isEmpty();
    assertThat(DescriptorLimit.parse(List.of(HEAD))).isEmpty();
    assertThat(DescriptorLimit.fit(1_000_000, OptionalLong.empty())).isEqualTo(1_000_000);
  }

  @ParameterizedTest
  @CsvSource({
    "5000, 524288, 5000",
    "5000, 5512, 5000",
    "5000, 5511, 4999",
    "5000, 1024, 512",
    "5000, 256, 80",
    "5000, 100, 2",
    "5000, 1, 1",
    "10, 1024, 10"
  })
  void connectionsGetWhatTheReserveLeaves(int asked, long limit, int fit) {
    assertThat(DescriptorLimit.fit(asked, OptionalLong.of(limit))).isEqualTo(fit);
  }

  @Test
  void whoMayOpenHardlyAnythingIsToldWhatToRaise() {
    assertThat(DescriptorLimit.shortage(OptionalLong.of(64)))
        .hasValue(
            "this process may have 64 files open, and needs 128: raise the limit (ulimit -n,"
                + " LimitNOFILE= of systemd)");
    assertThat(DescriptorLimit.shortage(OptionalLong.of(128))).isEmpty();
    assertThat(DescriptorLimit.shortage(OptionalLong.empty())).isEmpty();
  }

  @Test
  void aServerTellsWhatItCanHave() {
    try (DnsServer server = Tcp.start(TcpSettings.defaults())) {
      assertThat(server.tcpConnections())
          .isEqualTo(
              DescriptorLimit.fit(
                  TcpSettings.defaults().maxConnections(), DescriptorLimit.ofThisProcess()));
    }
  }
}
