package dev.meridian.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.testkit.Rfc;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DomainNameTest {
  @Test
  @Rfc(number = 4034, sections = "6.1")
  void theOrderIsTheCanonicalOne() {
    List<DomainName> sorted =
        List.of(
            DomainName.parse("example."),
            DomainName.parse("a.example."),
            DomainName.parse("yljkjljk.a.example."),
            DomainName.parse("Z.a.example."),
            DomainName.parse("zABC.a.EXAMPLE."),
            DomainName.parse("z.example."),
            DomainName.parse("\\001.z.example."),
            DomainName.parse("*.z.example."),
            DomainName.parse("\\200.z.example."));
    List<DomainName> names = new ArrayList<>(sorted);
    Collections.shuffle(names, new Random(5));
    names.sort(null);
    assertThat(names).isEqualTo(sorted);
  }

  @Test
  @Rfc(number = 4343, sections = "3")
  void namesThatDifferInCaseAreOne() {
    DomainName mixed = DomainName.parse("WWW.Example.");
    assertThat(mixed).isEqualTo(DomainName.parse("www.example."));
    assertThat(mixed).hasSameHashCodeAs(DomainName.parse("www.example."));
    assertThat(mixed).isEqualByComparingTo(DomainName.parse("www.example."));
  }
}
