package dev.meridian.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A name with many records is checked like any other, though by hashes. */
class CrowdedNamesTest {
  @TempDir private Path folder;

  /** Line 5 is the first record of the crowd. */
  private ZoneFolder crowd(int records, String more) {
    String lines =
        IntStream.range(0, records)
            .mapToObj(i -> "crowd A 10.0." + i / 256 + "." + i % 256 + "\n")
            .collect(Collectors.joining());
    return new ZoneFolder(folder)
        .write(
            "example.com.zone",
            ZoneFolder.PLAIN_ZONE.substring(0, ZoneFolder.PLAIN_ZONE.indexOf("host A"))
                + lines
                + "host A 192.0.2.1\n"
                + more);
  }

  @Test
  void everyRecordIsThereInTheOrderWritten() {
    String records = ZoneFolder.records(crowd(1000, "").zone(), "crowd", "A");

    assertThat(records.split(" ")).hasSize(1001).contains("0a000000", "0a0003e7");
    assertThat(records).startsWith("3600 0a000000 0a000001 ").endsWith(" 0a0003e7");
  }

  @Test
  void theSecondOfTwoIsLeftOutWhereverItStands() {
    for (int records : new int[] {15, 16, 17, 40}) {
      ZoneFolder zone = crowd(records, "crowd A 10.0.0.3\ncrowd A 10.0.0.3\ncrowd A 10.9.9.9\n");

      assertThat(zone.problems())
          .containsExactly(
              "example.com.zone:%d:1: warning: crowd.example.com. A is here twice; the second is left out"
                  .formatted(records + 6),
              "example.com.zone:%d:1: warning: crowd.example.com. A is here twice; the second is left out"
                  .formatted(records + 7));
      assertThat(ZoneFolder.records(zone.zone(), "crowd", "A").split(" "))
          .hasSize(records + 2)
          .endsWith("0a090909");
    }
  }

  @Test
  void oneTtlIsForAllAndOtherTypesHaveTheirOwn() {
    ZoneFolder zone =
        crowd(20, "crowd 60 A 10.9.9.9\ncrowd 60 AAAA 2001:db8::1\ncrowd 60 AAAA 2001:db8::2\n");

    assertThat(zone.problems())
        .containsExactly(
            "example.com.zone:26:1: warning: crowd.example.com. A has TTL 3600 in an earlier record"
                + " and 60 here; the whole RRset is served with 3600 (RFC 2181 §5.2)");
    assertThat(ZoneFolder.records(zone.zone(), "crowd", "AAAA"))
        .startsWith("60 20010db8")
        .hasSize(2 + 2 * 33);
  }

  @Test
  void whatNoMessageCanHoldIsRefusedOnce() {
    assertThat(crowd(5000, "").problems())
        .containsExactly(
            "example.com.zone:4005:1: crowd.example.com. A has more than 64000 octets from here on;"
                + " no DNS message can hold it, take records away");
  }
}
