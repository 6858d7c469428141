package dev.meridian.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.master.MasterFileWriter.Entry;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stands at the top of a file that is written. */
class MasterFileWriterTest {
  private static final DomainName APEX = DomainName.parse("example.com.");

  @Test
  void aZoneWithoutRecordsHasATtlAllTheSame() {
    assertThat(MasterFileWriter.text(APEX, List.of(), "Empty.")).isEqualTo("; Empty.\n$TTL 60\n");
  }

  @Test
  void theCommonTtlStandsOnceAndOfEquallyCommonOnesTheShorter() {
    assertThat(text(entry("a", 300), entry("b", 300), entry("c", 60)))
        .startsWith("; Some.\n$TTL 300\n")
        .containsPattern("(?m)^a +A ")
        .containsPattern("(?m)^c +60 +A ");
    assertThat(text(entry("a", 300), entry("b", 60))).startsWith("; Some.\n$TTL 60\n");
  }

  private static String text(Entry... entries) {
    return MasterFileWriter.text(APEX, List.of(entries), "Some.");
  }

  private static Entry entry(String name, long ttl) {
    DomainName owner = DomainName.parse(name, APEX);
    return new Entry(owner, RRType.A, ttl, List.of(new byte[] {(byte) 192, 0, 2, 1}));
  }
}
