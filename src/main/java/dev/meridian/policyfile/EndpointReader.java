package dev.meridian.policyfile;

import dev.meridian.health.HealthRegistry;
import dev.meridian.master.RdataReader.MalformedRdata;
import dev.meridian.master.ValueReader;
import dev.meridian.net.Prefix;
import dev.meridian.policy.Endpoint;
import dev.meridian.policy.Endpoint.Member;
import dev.meridian.policyfile.Places.Place;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Entry;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlValues;
import dev.meridian.wire.DomainName;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The {@code endpoints} section: what answers, where it is, and which check watches it. */
public final class EndpointReader {
  /** TTL of answers of a record that does not say one. */
  public static final long DEFAULT_TTL = 60;

  private static final int MAX_TYPES = 64;

  private static final List<String> KEYS =
      List.of(
          "address",
          "cname",
          "records",
          "https",
          "svcb",
          "location",
          "health-check",
          "port",
          "capacity");

  /** What no policy answers with: the zone's own frame, and DNSSEC's records. */
  private static final Set<Integer> REFUSED =
      Set.of(
          RRType.SOA,
          RRType.NS,
          RRType.DNAME,
          RRType.DS,
          RRType.RRSIG,
          RRType.NSEC,
          RRType.NSEC3,
          RRType.DNSKEY);

  /** An endpoint and what policies need to know of it. */
  record Read(Endpoint endpoint, @Nullable Place place, double capacity, long position) {}

  private final YamlValues nodes;
  private final EndpointChecks checks;
  private final Places places;
  private final DomainName apex;
  private final ValueReader values = new ValueReader();
  private final Map<String, String> endpointByAddress = new HashMap<>();

  EndpointReader(YamlValues nodes, EndpointChecks checks, Places places, DomainName apex) {
    this.nodes = nodes;
    this.checks = checks;
    this.places = places;
    this.apex = apex;
  }

  /** Reads one endpoint; null after an error. */
  @Nullable Read read(Entry entry) {
    String id = entry.key().text();
    Mapping mapping = nodes.mapping(entry.value(), "an endpoint", KEYS);
    if (mapping == null) {
      return null;
    }
    int errors = nodes.reporter().errorCount();
    YamlNode location = YamlValues.get(mapping, "location");
    Place place = location == null ? null : places.read(location);
    double capacity = nodes.capacity(YamlValues.get(mapping, "capacity"));
    List<InetAddress> addresses = addresses(id, mapping);
    EndpointChecks.Watch watch = checks.of(id, mapping, addresses);
    List<Member> members = new ArrayList<>();
    for (InetAddress address : addresses) {
      int type = address.getAddress().length == 4 ? RRType.A : RRType.AAAA;
      members.add(member(type, List.of(address.getAddress()), watch.of(address)));
    }
    cname(mapping, members, watch);
    records(mapping, members, watch);
    service(mapping, "https", RRType.HTTPS, members, watch);
    service(mapping, "svcb", RRType.SVCB, members, watch);
    if (members.isEmpty() && nodes.reporter().errorCount() == errors) {
      nodes
          .reporter()
          .error(
              entry.key().position(), "endpoint '" + id + "' takes an address, a cname or records");
    }
    return nodes.reporter().errorCount() == errors
        ? new Read(new Endpoint(id, members), place, capacity, entry.key().position())
        : null;
  }

  private static Member member(int type, List<byte[]> rdata, int check) {
    return new Member(new RRset(type, DEFAULT_TTL, rdata), check);
  }

  private List<InetAddress> addresses(String id, Mapping mapping) {
    List<InetAddress> addresses = new ArrayList<>();
    YamlNode node = YamlValues.get(mapping, "address");
    for (YamlNode item : node == null ? List.<YamlNode>of() : nodes.oneOrMore(node, "address")) {
      String text = nodes.text(item, "address");
      byte[] octets = text == null ? null : Prefix.parseAddress(text);
      if (octets != null && isMapped(octets)) {
        nodes
            .reporter()
            .error(item.position(), "'" + text + "' stands for an IPv4 address; write that");
      } else if (octets != null) {
        InetAddress address = CheckTemplates.inetAddress(octets);
        warnOfReuse(id, address, item.position());
        if (addresses.stream().anyMatch(other -> other.getAddress().length == octets.length)) {
          nodes
              .reporter()
              .error(
                  item.position(),
                  "an endpoint has one address of each family; make '"
                      + text
                      + "' an endpoint of its own and put both into a pool");
        } else {
          addresses.add(address);
        }
      } else if (text != null) {
        nodes.reporter().error(item.position(), "'" + text + "' is not an IPv4 or IPv6 address");
      }
    }
    return addresses;
  }

  /** RFC 4291 §2.5.5.2; Java would make an IPv4 address of it. */
  private static boolean isMapped(byte[] octets) {
    return CheckTemplates.inetAddress(octets).getAddress().length != octets.length;
  }

  private void warnOfReuse(String id, InetAddress address, long position) {
    String other = endpointByAddress.putIfAbsent(text(address), id);
    if (other != null && !other.equals(id)) {
      nodes
          .reporter()
          .warning(
              position,
              text(address)
                  + " is the address of endpoint '"
                  + other
                  + "' too; it is checked twice");
    }
  }

  /** As RFC 5952 writes it. */
  static String text(InetAddress address) {
    byte[] octets = address.getAddress();
    String prefix = Prefix.of(octets, octets.length * 8).toString();
    return prefix.substring(0, prefix.indexOf('/'));
  }

  private void cname(Mapping mapping, List<Member> members, EndpointChecks.Watch watch) {
    YamlNode node = YamlValues.get(mapping, "cname");
    if (node == null) {
      return;
    }
    if (YamlValues.get(mapping, "address") != null || YamlValues.get(mapping, "records") != null) {
      nodes
          .reporter()
          .error(node.position(), "a cname stands alone; make an endpoint of its own for it");
      return;
    }
    String text = nodes.text(node, "cname");
    DomainName target = text == null ? null : name(text, node.position());
    if (target != null) {
      members.add(member(RRType.CNAME, List.of(target.toWire()), watch.ofAll(target)));
    }
  }

  private @Nullable DomainName name(String text, long position) {
    try {
      return DomainName.parse(text, apex);
    } catch (IllegalArgumentException e) {
      nodes.reporter().error(position, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private void records(Mapping mapping, List<Member> members, EndpointChecks.Watch watch) {
    YamlNode node = YamlValues.get(mapping, "records");
    if (node == null) {
      return;
    }
    for (Entry entry : nodes.entries(node, "records of an endpoint")) {
      Optional<Integer> type = type(entry, members);
      List<byte[]> read = new ArrayList<>();
      for (YamlNode item : nodes.oneOrMore(entry.value(), entry.key().text())) {
        String text = nodes.text(item, entry.key().text());
        byte[] value = text == null || type.isEmpty() ? null : value(type.get(), text, item);
        if (value != null) {
          read.add(value);
        }
      }
      if (type.isPresent() && !read.isEmpty()) {
        members.add(member(type.get(), read, watch.ofAll(null)));
      }
    }
  }

  /**
   * Service bindings with the endpoint's own addresses as hints (RFC 9460 §7.3): only those of the
   * families that are healthy, so that hints and address records agree.
   */
  private void service(
      Mapping mapping, String key, int type, List<Member> members, EndpointChecks.Watch watch) {
    YamlNode node = YamlValues.get(mapping, key);
    if (node == null) {
      return;
    }
    List<InetAddress> addresses = watch.addresses();
    if (members.stream().anyMatch(member -> member.records().type() == type)) {
      String message = "'" + key + "' is here twice: its records are in 'records' too";
      nodes.reporter().error(node.position(), message);
    } else if (addresses.isEmpty()) {
      nodes
          .reporter()
          .error(
              node.position(),
              "'"
                  + key
                  + "' takes its hints from the endpoint's address, and there is none;"
                  + " write it under 'records'");
    } else if (addresses.size() == 1 || !watch.isWatching()) {
      service(node, type, addresses, watch.of(addresses.getFirst()), HealthRegistry.NONE, members);
    } else {
      int[] checks = addresses.stream().mapToInt(watch::of).toArray();
      service(node, type, addresses, checks[0], checks[1], members);
      for (int i = 0; i < checks.length; i++) {
        List<InetAddress> one = List.of(addresses.get(i));
        service(node, type, one, checks[i], HealthRegistry.NONE, members);
      }
    }
  }

  private void service(
      YamlNode node,
      int type,
      List<InetAddress> hints,
      int check,
      int alsoCheck,
      List<Member> members) {
    StringBuilder params = new StringBuilder();
    for (InetAddress address : hints) {
      params.append(address.getAddress().length == 4 ? " ipv4hint=" : " ipv6hint=");
      params.append(text(address));
    }
    List<byte[]> read = new ArrayList<>();
    for (YamlNode item : nodes.oneOrMore(node, RRType.toText(type))) {
      String text = nodes.text(item, RRType.toText(type));
      byte[] value =
          text == null || isWithHints(text, item) ? null : value(type, text + params, item);
      if (value != null) {
        read.add(value);
      }
    }
    if (!read.isEmpty()) {
      members.add(new Member(new RRset(type, DEFAULT_TTL, read), check, alsoCheck));
    }
  }

  /** Whether there is something in the way of the hints; it is reported. */
  private boolean isWithHints(String text, YamlNode node) {
    String error = "";
    for (String hint : List.of("ipv4hint", "ipv6hint")) {
      if (text.contains(" " + hint + "=")) {
        error = "'" + hint + "' is filled in from the endpoint's address; leave it out";
      }
    }
    if (text.strip().startsWith("0 ")) {
      error = "priority 0 is an alias, which has no hints; write it under 'records'";
    }
    if (!error.isEmpty()) {
      nodes.reporter().error(node.position(), error);
    }
    return !error.isEmpty();
  }

  private Optional<Integer> type(Entry entry, List<Member> members) {
    String text = entry.key().text();
    Optional<Integer> type = RRType.parse(text);
    String error = "";
    if (type.isEmpty()) {
      error = "'" + text + "' is not a record type; write TYPEnnn for one without a name here";
    } else if (type.get() == RRType.A || type.get() == RRType.AAAA) {
      error = "write addresses with the key 'address'";
    } else if (type.get() == RRType.CNAME) {
      error = "write it with the key 'cname'";
    } else if (REFUSED.contains(type.get()) || RRType.isMeta(type.get())) {
      error = "a policy cannot answer with " + text;
    } else if (members.size() >= MAX_TYPES) {
      error = "an endpoint answers with at most " + MAX_TYPES + " types";
    } else if (members.stream().anyMatch(member -> member.records().type() == type.get())) {
      error = "'" + text + "' is here twice";
    }
    if (error.isEmpty()) {
      return type;
    }
    nodes.reporter().error(entry.key().position(), error);
    return Optional.empty();
  }

  /** Presentation format as RDATA; null after an error. */
  private byte @Nullable [] value(int type, String text, YamlNode node) {
    try {
      return values.read(type, text, apex);
    } catch (MalformedRdata e) {
      nodes.reporter().error(node.position(), String.valueOf(e.getMessage()));
      return null;
    }
  }
}
