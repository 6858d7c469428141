package dev.meridian.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.geo.GeoDatabase;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Client subnet options that libraries cannot read, in octets (RFC 7871 §6). */
class ClientSubnetOctetsTest {
  private final InProcess server =
      new InProcess(
          """
          endpoints: { one: { address: 192.0.2.1 }, rest: { address: 192.0.2.9 } }
          records: { map: { cidr: { 203.0.113.0/24: one, default: rest } } }
          """,
          GeoDatabase.EMPTY,
          1);

  @Test
  void familyZeroWithoutAnAddressComesBackAsItCame() {
    assertThat(option("00000000")).isEqualTo("00000000");
  }

  @Test
  void familyZeroWithAnAddressIsMalformed() {
    byte[] response = server.octets("map.t.test. A +ednsopt=8:0000080001");
    assertThat(response[3] & 0xF).isEqualTo(1);
  }

  @Test
  void anIpv4AddressInAnIpv6OneIsPlacedAsIpv4AndScopedAsIpv6() {
    String mapped = "00000000000000000000ffffcb0071";
    assertThat(option("00027800" + mapped)).isEqualTo("00027878" + mapped);
    byte[] response = server.octets("map.t.test. A +ednsopt=8:00027800" + mapped);
    assertThat(InProcess.firstAddress(response)).isEqualTo("192.0.2.1");
  }

  /** The client subnet option that answers one, both in hexadecimal digits. */
  private String option(String query) {
    byte[] response = server.octets("map.t.test. A +ednsopt=8:" + query);
    int length = query.length() / 2;
    int at = response.length - length;
    assertThat(response[at - 3]).as("option code").isEqualTo((byte) 8);
    assertThat(response[at - 1]).as("option length").isEqualTo((byte) length);
    return HexFormat.of().formatHex(Arrays.copyOfRange(response, at, response.length));
  }
}
