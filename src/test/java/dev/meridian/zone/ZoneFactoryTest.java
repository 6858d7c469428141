package dev.meridian.zone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import org.junit.jupiter.api.Test;

/** Many zones made with the same tools: what they share, and what they do not. */
class ZoneFactoryTest {
  private static final int LARGE = 5000;

  private final ZoneFactory factory = new ZoneFactory();

  @Test
  void zonesOfOneShapeShareIt() {
    Layout one = zone("one.", 3).lower();
    Layout two = zone("two.", 3).lower();

    assertThat(two.type).isSameAs(one.type);
    assertThat(two.firstRRset).isSameAs(one.firstRRset);
    assertThat(two.form).isSameAs(one.form);
    assertThat(two.records).isNotSameAs(one.records);
    assertThat(two.names.octets()).isNotSameAs(one.names.octets());
  }

  @Test
  void aZoneOfAnotherShapeHasItsOwn() {
    assertThat(zone("two.", 4).lower().type).hasSize(6).isNotSameAs(zone("one.", 3).lower().type);
  }

  @Test
  void aZoneKeepsWhatItHasWhenOthersAreBuilt() {
    Zone one = zone("one.", 3);
    byte[] records = one.lower().records.clone();
    byte[] names = one.lower().names.octets().clone();
    zone("large.", LARGE);
    Zone last = zone("two.", 2);

    assertThat(one.lower().records).isEqualTo(records);
    assertThat(one.lower().names.octets()).isEqualTo(names);
    assertThat(one.exists(DomainName.parse("h2.one."))).isTrue();
    assertThat(last.nodeCount()).isEqualTo(3);
    assertThat(last.recordCount()).isEqualTo(4);
  }

  @Test
  void theToolsOfALargeZoneAreNotKeptForSmallOnes() {
    ZoneBuilder large = factory.begin(DomainName.parse("large."), LARGE);
    add(large, "large.", RRType.SOA, new byte[22]);
    factory.build(large);

    assertThat(factory.begin(DomainName.parse("small."), 1)).isNotSameAs(large);
  }

  @Test
  void theToolsOfASmallZoneAre() {
    ZoneBuilder small = factory.begin(DomainName.parse("small."), 1);
    add(small, "small.", RRType.SOA, new byte[22]);
    factory.build(small);

    assertThat(factory.begin(DomainName.parse("next."), 1)).isSameAs(small);
  }

  /** A zone with SOA and NS and so many hosts. */
  private Zone zone(String apex, int hosts) {
    ZoneBuilder builder = factory.begin(DomainName.parse(apex), hosts);
    add(builder, apex, RRType.SOA, new byte[22]);
    add(builder, apex, RRType.NS, DomainName.parse("ns.example.").toWire());
    for (int i = 0; i < hosts; i++) {
      add(builder, "h" + i + "." + apex, RRType.A, new byte[] {10, 0, (byte) (i >> 8), (byte) i});
    }
    return factory.build(builder);
  }

  private static void add(ZoneBuilder builder, String owner, int type, byte[] rdata) {
    builder.add(DomainName.parse(owner).toWire(), type, 60, rdata, 0);
  }
}
