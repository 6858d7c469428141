package dev.meridian.zone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Random edits of random zones, one after the other: the zone that is patched says of every name
 * and type, octet by octet, what one that is built from all records says.
 */
class ZonePatchTest {
  private static final DomainName APEX = DomainName.parse("z.");
  private static final String[] LABELS = {"a", "b", "c", "*"};
  private static final int[] TYPES = {
    RRType.A,
    RRType.AAAA,
    RRType.TXT,
    RRType.NS,
    RRType.CNAME,
    RRType.DNAME,
    RRType.MX,
    RRType.HTTPS
  };
  private static final int[] ASKED = Arrays.copyOf(TYPES, TYPES.length + 3); // and DS, SOA, ANY

  static {
    ASKED[TYPES.length] = RRType.DS;
    ASKED[TYPES.length + 1] = RRType.SOA;
    ASKED[TYPES.length + 2] = RRType.ANY;
  }

  private final long seed = Long.getLong("test.seed", 23);
  private final int worlds = Integer.getInteger("test.worlds", 40);
  private final Random random = new Random(seed);

  /** By name and type. */
  private final Map<DomainName, Map<Integer, RRset>> data = new TreeMap<>();

  private final List<DomainName> universe = universe();

  /** All zones come from one: none may find anything of another in the tools. */
  private final ZoneFactory factory = new ZoneFactory();

  private static List<DomainName> universe() {
    List<DomainName> all = new ArrayList<>(List.of(APEX));
    for (int at = 0; at < all.size(); at++) {
      if (all.get(at).labelCount() < 4) {
        for (String label : LABELS) {
          all.add(all.get(at).child(label));
        }
      }
    }
    return all;
  }

  @Test
  void aPatchedZoneIsTheZoneThatIsBuilt() {
    for (int world = 0; world < worlds; world++) {
      randomZone();
      Zone zone = built();
      for (int step = 0; step < 6; step++) {
        ZonePatch patch = new ZonePatch(zone);
        List<String> said = new ArrayList<>();
        for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
          said.add(edit(patch));
        }
        zone = patch.build();
        compare(zone, built(), "seed " + seed + ", world " + world + ", step " + step + said);
      }
    }
  }

  private void randomZone() {
    data.clear();
    put(APEX, RRType.SOA, rrset(RRType.SOA));
    put(APEX, RRType.NS, rrset(RRType.NS));
    for (int i = random.nextInt(16); i > 0; i--) {
      int type = type();
      put(name(), type, rrset(type));
    }
  }

  private int type() {
    return TYPES[random.nextInt(random.nextBoolean() ? 4 : TYPES.length)];
  }

  private DomainName name() {
    return universe.get(random.nextInt(random.nextBoolean() ? 21 : universe.size()));
  }

  private void put(DomainName name, int type, RRset rrset) {
    data.computeIfAbsent(name, _ -> new LinkedHashMap<>()).put(type, rrset);
  }

  private RRset rrset(int type) {
    List<byte[]> rdata = new ArrayList<>();
    boolean single = type == RRType.SOA || type == RRType.CNAME || type == RRType.DNAME;
    for (int i = single ? 1 : 1 + random.nextInt(2); i > 0; i--) {
      rdata.add(rdata(type));
    }
    return new RRset(type, 60 + random.nextInt(3), rdata).withoutDuplicates();
  }

  private byte[] rdata(int type) {
    byte[] target = (random.nextInt(8) == 0 ? DomainName.parse("x.y.") : name()).toWire();
    return switch (type) {
      case RRType.SOA -> {
        byte[] soa = new byte[22];
        random.nextBytes(soa);
        soa[0] = 0;
        soa[1] = 0;
        yield soa;
      }
      case RRType.NS, RRType.CNAME, RRType.DNAME -> target;
      case RRType.MX, RRType.HTTPS -> {
        byte[] rdata = new byte[2 + target.length];
        rdata[1] = (byte) random.nextInt(2);
        System.arraycopy(target, 0, rdata, 2, target.length);
        yield rdata;
      }
      case RRType.AAAA -> new byte[16];
      default -> new byte[] {3, 2, 3, (byte) random.nextInt(50)};
    };
  }

  private String edit(ZonePatch patch) {
    DomainName name = APEX;
    int type = RRType.SOA;
    RRset now = null;
    if (random.nextInt(4) == 0) {
      now = rrset(type);
    } else if (random.nextBoolean() && data.size() > 1) { // something that is there
      List<DomainName> names = List.copyOf(data.keySet());
      name = names.get(random.nextInt(names.size()));
      List<Integer> types = List.copyOf(data.getOrDefault(name, Map.of()).keySet());
      type = types.get(random.nextInt(types.size()));
      now = type == RRType.SOA || random.nextInt(3) == 0 ? rrset(type) : null;
    } else {
      name = name();
      type = type();
      now = rrset(type);
    }
    patch.set(name, type, now);
    if (now != null) {
      put(name, type, now);
    } else {
      data.getOrDefault(name, new LinkedHashMap<>()).remove(type);
      data.values().removeIf(Map::isEmpty);
    }
    return " " + name + " " + RRType.toText(type) + (now == null ? " goes" : " " + text(now));
  }

  private static String text(RRset rrset) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rrset.size(); i++) {
      text.append(HexFormat.of().formatHex(rrset.rdata(i))).append(' ');
    }
    return text.toString().strip();
  }

  private Zone built() {
    ZoneBuilder builder = factory.begin(APEX, 0);
    data.forEach(
        (name, types) ->
            types.forEach(
                (type, rrset) -> {
                  for (int i = 0; i < rrset.size(); i++) {
                    builder.add(name.toWire(), type, rrset.ttl(), rrset.rdata(i), 0);
                  }
                }));
    return factory.build(builder);
  }

  private void compare(Zone patched, Zone built, String what) {
    assertThat(patched.nodeCount()).as(what).isEqualTo(built.nodeCount());
    assertThat(patched.rrsetCount()).as(what).isEqualTo(built.rrsetCount());
    assertThat(patched.recordCount()).as(what).isEqualTo(built.recordCount());
    assertThat(patched.serial()).as(what).isEqualTo(built.serial());
    assertThat(names(patched)).as(what).isEqualTo(names(built));
    for (DomainName name : universe) {
      for (int type : ASKED) {
        assertThat(says(patched, name, type))
            .as(() -> name + " " + RRType.toText(type) + " in " + data.keySet() + ", " + what)
            .isEqualTo(says(built, name, type));
      }
    }
  }

  private static Set<DomainName> names(Zone zone) {
    Set<DomainName> names = new TreeSet<>();
    for (int node = zone.firstNode(); node >= 0; node = zone.nextNode(node)) {
      assertThat(names.add(zone.name(node))).isTrue();
    }
    return names;
  }

  /** All that a query can see. */
  private static String says(Zone zone, DomainName name, int type) {
    LookupName asked = new LookupName();
    asked.set(name);
    Lookup lookup = new Lookup();
    LookupResult result = zone.lookup(asked, type, lookup);
    StringBuilder out = new StringBuilder().append(result).append(' ');
    out.append(zone.name(lookup.node())).append(lookup.synthesized() ? " synthesized" : "");
    out.append(zone.isOccluded(lookup.node()) ? " occluded" : "");
    int rrset = lookup.rrset();
    if (rrset >= 0) {
      out.append(' ').append(zone.count(rrset)).append(' ').append(zone.type(rrset)).append(' ');
      int from = zone.recordsAt(rrset);
      out.append(hex(Arrays.copyOfRange(zone.records(rrset), from, zone.recordsEnd(rrset))));
      out.append(' ').append(template(zone, zone.template(rrset), asked));
    }
    if (result == LookupResult.REFERRAL) {
      out.append(template(zone, zone.referralTemplate(lookup.node()), asked));
      out.append(" below");
      for (int node = zone.firstNode(); node >= 0; node = zone.nextNode(node)) {
        out.append(zone.isBelow(node, lookup.node()) ? '+' : "");
      }
    }
    return out.append(template(zone, zone.negativeTemplate(), asked)).toString();
  }

  private static String template(Zone zone, int template, LookupName asked) {
    if (template < 0) {
      return "bare";
    }
    byte[] out = new byte[zone.templateLength(template)];
    zone.copyTemplate(template, out.length, out, 0, asked.length());
    return hex(out)
        + " "
        + zone.templateRequiredLength(template)
        + " "
        + zone.templateAnswers(template)
        + zone.templateAuthorities(template)
        + zone.templateAdditionals(template, true)
        + zone.templateAdditionals(template, false);
  }

  private static String hex(byte[] octets) {
    return HexFormat.of().formatHex(octets);
  }
}
