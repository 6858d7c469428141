package dev.meridian.peers;

import dev.meridian.wire.DomainName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A zone, perhaps with a child beside it, in which everything that makes look-ups hard happens
 * often: few labels, so that wildcards, cuts, DNAMEs and empty non-terminals meet.
 */
final class RandomWorld {
  private static final String[] LABELS = {
    "a", "b", "c", "*", "a", "b", "B", "x\\.y", "\\000", "_s"
  };
  private static final int LONGEST_LABEL = 63;
  private static final int LONGEST_NAME = 255;

  /** Octets of a name that surely has room for some labels more. */
  private static final int SHORT = 200;

  private static final int[] TTLS = {0, 60, 300};

  private final Random random;
  private final DomainName apex;
  private final DomainName childApex;
  private final Map<DomainName, Map<String, Set<String>>> records = new LinkedHashMap<>();
  private final Map<String, String> zones = new TreeMap<>();
  private final Set<DomainName> names = new LinkedHashSet<>();

  RandomWorld(int number, Random random) {
    this.random = random;
    apex = DomainName.parse("w" + number + ".test.");
    childApex = apex.child("a");
    boolean child = random.nextInt(3) == 0;
    zone(apex, !child && random.nextInt(8) == 0);
    if (child) {
      zone(childApex, random.nextInt(16) == 0);
    }
  }

  /** Master files by the names of their zones. */
  Map<String, String> zones() {
    return zones;
  }

  /** The apex of the zone that answers for a name; the parent's for DS at an apex. */
  DomainName zoneOf(DomainName name, String type) {
    boolean inChild =
        zones.containsKey(childApex.toString())
            && name.isAtOrBelow(childApex)
            && !(name.equals(childApex) && type.equals("DS"));
    if (inChild) {
      return childApex;
    }
    return name.isAtOrBelow(apex) ? apex : DomainName.parse(".");
  }

  /** Names worth asking for: what is there, what is above, below and beside it. */
  List<DomainName> names() {
    Set<DomainName> all = new LinkedHashSet<>();
    for (DomainName name : names) {
      for (DomainName at = name; at.isAtOrBelow(apex); at = at.parent()) {
        all.add(at);
      }
      child(name, "a", all);
      child(name, "*", all);
      child(name, "zz", all);
    }
    for (int i = 0; i < 10; i++) {
      all.add(name(apex, 5));
    }
    all.add(longest(apex));
    return new ArrayList<>(all);
  }

  /** Whether the name has records of its own, and is none that a wildcard stands in for. */
  boolean owns(DomainName name) {
    return names.contains(name);
  }

  /** As long as a name may be. */
  private static DomainName longest(DomainName below) {
    DomainName name = below;
    while (name.length() < LONGEST_NAME - 1) {
      int label = Math.min(LONGEST_LABEL, LONGEST_NAME - 1 - name.length());
      name = name.child("l".repeat(label));
    }
    return name;
  }

  private static void child(DomainName name, String label, Set<DomainName> all) {
    if (name.length() + label.length() < LONGEST_NAME) {
      all.add(name.child(label));
    }
  }

  private void zone(DomainName origin, boolean apexDname) {
    records.clear();
    String soa = "ns.other.test. h.other.test. 1 2 3 4 " + TTLS[random.nextInt(TTLS.length)];
    add(origin, "SOA", soa);
    add(origin, "NS", "ns.other.test.");
    if (random.nextInt(8) == 0) {
      add(origin, "NS", name(origin, 3).toString());
    }
    if (apexDname) {
      add(origin, "DNAME", target(origin).toString());
    }
    for (int i = 2 + random.nextInt(12); i > 0; i--) {
      node(origin, name(origin, 4));
    }
    if (random.nextInt(8) == 0) {
      node(origin, longest(name(origin, 2)));
    }
    dropBelowDname();
    zones.put(origin.toString(), masterFile());
    names.addAll(records.keySet());
  }

  private String masterFile() {
    StringBuilder text = new StringBuilder("$TTL 300\n");
    for (Map.Entry<DomainName, Map<String, Set<String>>> owner : records.entrySet()) {
      owner
          .getValue()
          .forEach(
              (type, data) -> {
                int ttl = TTLS[random.nextInt(TTLS.length)];
                for (String one : data) {
                  text.append("%s %d IN %s %s%n".formatted(owner.getKey(), ttl, type, one));
                }
              });
    }
    return text.toString();
  }

  private void node(DomainName origin, DomainName owner) {
    boolean taken = records.containsKey(owner);
    switch (random.nextInt(9)) {
      case 0, 1 -> {
        if (!taken) {
          add(owner, "CNAME", target(origin).toString());
        }
      }
      case 2 -> {
        if (!taken) {
          add(owner, "DNAME", random.nextInt(6) == 0 ? far(origin) : target(origin).toString());
          if (random.nextBoolean()) {
            add(owner, "TXT", "\"beside a dname\"");
          }
        }
      }
      case 3, 4 -> {
        if (!owner.equals(origin) && !owner.isWildcard()) {
          cut(origin, owner);
        }
      }
      default -> plain(origin, owner);
    }
  }

  private void cut(DomainName origin, DomainName owner) {
    if (has(owner, "CNAME") || has(owner, "DNAME")) {
      return;
    }
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      DomainName server =
          switch (random.nextInt(5)) {
            case 0 -> owner;
            case 1 -> owner.length() < SHORT ? owner.child("ns") : owner;
            case 2 -> owner.length() < SHORT ? owner.child("b").child("ns") : origin;
            case 3 -> target(origin);
            default -> origin.child("ns");
          };
      add(owner, "NS", server.toString());
      if (server.isAtOrBelow(origin) && random.nextInt(5) > 0 && !has(server, "CNAME")) {
        add(server, "A", "192.0.2.53");
        if (random.nextBoolean()) {
          add(server, "AAAA", "2001:db8::53");
        }
      }
    }
    if (random.nextInt(3) == 0) {
      add(owner, "DS", "60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118");
    }
  }

  private void plain(DomainName origin, DomainName owner) {
    if (has(owner, "CNAME")) {
      return;
    }
    if (random.nextInt(10) == 0) {
      crowd(owner);
    }
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      switch (random.nextInt(7)) {
        case 0, 1 -> add(owner, "A", "192.0.2." + random.nextInt(1, 255));
        case 2 -> add(owner, "AAAA", "2001:db8::" + random.nextInt(1, 99));
        case 3 -> add(owner, "TXT", "\"t" + random.nextInt(9) + "\"");
        case 4 -> add(owner, "MX", random.nextInt(3) + " " + target(origin));
        case 5 -> add(owner, "SRV", "1 2 3 " + target(origin));
        default -> add(owner, "TYPE65400", "\\# 2 abcd");
      }
    }
  }

  /** More than fits a message without EDNS, or with it. */
  private void crowd(DomainName owner) {
    for (int i = 20 + random.nextInt(70); i > 0; i--) {
      add(owner, "A", "198.51.100." + i);
    }
  }

  /** Somewhere a record may point: mostly into the zone. */
  private DomainName target(DomainName origin) {
    return switch (random.nextInt(10)) {
      case 0 -> DomainName.parse("outside.example.");
      case 1 -> childApex.child("c");
      case 2 -> apex;
      case 3 -> origin.child("ns");
      default -> {
        List<DomainName> there = new ArrayList<>(records.keySet());
        DomainName name =
            random.nextBoolean() ? there.get(random.nextInt(there.size())) : name(origin, 4);
        yield random.nextInt(4) == 0 && name.length() < SHORT ? name.child("a") : name;
      }
    };
  }

  /** So long that a name below may not fit. */
  private String far(DomainName origin) {
    DomainName name = origin;
    for (int i = 0; i < 3; i++) {
      name = name.child(String.valueOf((char) ('p' + i)).repeat(LONGEST_LABEL));
    }
    return name.child("q".repeat(254 - name.length() - random.nextInt(6))).toString();
  }

  private DomainName name(DomainName origin, int maxLabels) {
    DomainName name = origin;
    for (int i = random.nextInt(maxLabels); i > 0; i--) {
      name = name.child(LABELS[random.nextInt(LABELS.length)]);
    }
    return name;
  }

  private boolean has(DomainName owner, String type) {
    return records.getOrDefault(owner, Map.of()).containsKey(type);
  }

  private void add(DomainName owner, String type, String data) {
    boolean alone = has(owner, "CNAME") || (has(owner, "DNAME") && type.equals("NS"));
    if (!alone) {
      records
          .computeIfAbsent(owner, _ -> new LinkedHashMap<>())
          .computeIfAbsent(type, _ -> new LinkedHashSet<>())
          .add(data);
    }
  }

  /** NSD and Knot refuse zones with names there. */
  private void dropBelowDname() {
    List<DomainName> owners = records.keySet().stream().filter(name -> has(name, "DNAME")).toList();
    records
        .keySet()
        .removeIf(
            name ->
                owners.stream().anyMatch(owner -> !owner.equals(name) && name.isAtOrBelow(owner)));
  }
}
