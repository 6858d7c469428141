package dev.meridian.zone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Look-ups in random zones against RFC 1034 §4.3.2 and RFC 4592 done step by step. */
class RandomZonesTest {
  private static final DomainName APEX = DomainName.parse("z.");
  private static final String[] LABELS = {"a", "b", "c", "*", "B"};
  private static final int[] TYPES = {
    RRType.A, RRType.TXT, RRType.NS, RRType.CNAME, RRType.DNAME, RRType.DS, RRType.MX
  };

  private final Random random = new Random(Long.getLong("test.seed", 17));
  private final Map<DomainName, Set<Integer>> data = new HashMap<>();

  /** All zones come from one: none may find anything of another in the tools. */
  private final ZoneFactory factory = new ZoneFactory();

  @Test
  void compiledZonesAnswerAsTheStepsSay() {
    int compared = 0;
    for (int zone = 0; zone < 3000; zone++) {
      Zone built = randomZone();
      for (int i = 0; i < 60; i++) {
        DomainName name = randomName(5);
        int type = TYPES[random.nextInt(TYPES.length)];
        assertThat(describe(built, name, type))
            .as("%s %s in %s", name, RRType.toText(type), data)
            .isEqualTo(expected(name, type));
        compared++;
      }
    }
    assertThat(compared).isEqualTo(180_000);
  }

  private DomainName randomName(int maxLabels) {
    DomainName name = APEX;
    for (int i = random.nextInt(maxLabels); i > 0; i--) {
      name = name.child(LABELS[random.nextInt(LABELS.length)]);
    }
    return name;
  }

  private Zone randomZone() {
    data.clear();
    ZoneBuilder builder = factory.begin(APEX, 0);
    add(builder, APEX, RRType.SOA);
    for (int i = random.nextInt(14); i > 0; i--) {
      add(builder, randomName(4), TYPES[random.nextInt(TYPES.length)]);
    }
    return factory.build(builder);
  }

  private void add(ZoneBuilder builder, DomainName owner, int type) {
    byte[] rdata =
        switch (type) {
          case RRType.SOA -> new byte[22];
          case RRType.NS, RRType.CNAME, RRType.DNAME -> DomainName.parse("x.y.").toWire();
          case RRType.MX -> new byte[] {0, 1, 0};
          default -> new byte[] {1, 2, 3, 4};
        };
    builder.add(owner.toWire(), type, 60, rdata, 0);
    data.computeIfAbsent(owner, _ -> new HashSet<>()).add(type);
  }

  private static String describe(Zone zone, DomainName name, int type) {
    LookupName lookupName = new LookupName();
    lookupName.set(name.toWire(), 0);
    Lookup lookup = new Lookup();
    LookupResult result = zone.lookup(lookupName, type, lookup);
    return result + " " + zone.name(lookup.node()) + (lookup.synthesized() ? " synthesized" : "");
  }

  private String expected(DomainName name, int type) {
    // down from the apex: step 3b at a cut, step 3c's DNAME on the way
    int labels = name.labelCount() - APEX.labelCount();
    for (int depth = 0; depth <= labels; depth++) {
      DomainName ancestor = ancestor(name, labels - depth);
      Set<Integer> types = data.getOrDefault(ancestor, Set.of());
      boolean asterisk = ancestor.isWildcard();
      boolean cut = depth > 0 && !asterisk && types.contains(RRType.NS);
      if (cut && !(depth == labels && type == RRType.DS)) {
        return "REFERRAL " + lower(ancestor);
      }
      if (!cut && depth < labels && types.contains(RRType.DNAME)) {
        return "DNAME " + lower(ancestor);
      }
    }
    if (exists(name)) {
      return found(name, type) + " " + lower(name);
    }
    DomainName encloser = name;
    while (!exists(encloser)) {
      encloser = encloser.parent();
    }
    DomainName source = encloser.child("*");
    return exists(source)
        ? found(source, type) + " " + lower(source) + " synthesized"
        : "NXDOMAIN " + lower(encloser);
  }

  private static DomainName ancestor(DomainName name, int up) {
    DomainName ancestor = name;
    for (int i = 0; i < up; i++) {
      ancestor = ancestor.parent();
    }
    return ancestor;
  }

  private boolean exists(DomainName name) {
    return data.keySet().stream().anyMatch(owner -> owner.isAtOrBelow(name));
  }

  private String found(DomainName name, int type) {
    Set<Integer> types = data.getOrDefault(name, Set.of());
    return types.contains(type) ? "ANSWER" : types.contains(RRType.CNAME) ? "CNAME" : "NODATA";
  }

  private static String lower(DomainName name) {
    return name.toString().toLowerCase(java.util.Locale.ROOT);
  }
}
