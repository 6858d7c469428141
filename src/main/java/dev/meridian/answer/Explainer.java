package dev.meridian.answer;

import dev.meridian.answer.Explanation.Link;
import dev.meridian.load.RdataText;
import dev.meridian.net.ClientAddress;
import dev.meridian.net.Prefix;
import dev.meridian.policy.ClientSpace;
import dev.meridian.policy.Decisions;
import dev.meridian.policy.Dice;
import dev.meridian.policy.Explained;
import dev.meridian.policy.PolicyEngine;
import dev.meridian.policy.PolicyExplainer;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.policy.Selection;
import dev.meridian.rr.EncodedRRset;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import dev.meridian.wire.Octets;
import dev.meridian.wire.Rcode;
import dev.meridian.zone.Lookup;
import dev.meridian.zone.LookupResult;
import dev.meridian.zone.Zone;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Explains answers from the very state that gives them: the same zones, look-ups, classes and
 * decisions. Allocates freely; owned by one thread and good for one question.
 */
public final class Explainer {
  private static final int MAX_LINKS = 16;

  private final ServerState state;
  private final ClientSpace space;
  private final Prefix client;
  private final ClientAddress address = new ClientAddress();
  private final Dice dice;
  private final Lookup lookup = new Lookup();
  private final List<Link> links = new ArrayList<>();
  private int rcode = Rcode.NOERROR;
  private int scopeLength;
  private String scopeReason = "no policy on the way looks at the client";

  /**
   * An explainer for one client.
   *
   * @param seed of the dice, where policies throw any
   */
  public Explainer(ServerState state, ClientSpace space, Prefix client, long seed) {
    this.state = state;
    this.space = space;
    this.client = client;
    this.dice = new Dice(seed);
    address.set(client);
  }

  /** Explains what this client gets when it asks for a name and type. */
  public Explanation explain(DomainName name, int type) {
    DomainName next = name;
    while (next != null && links.size() < MAX_LINKS && !visited(next)) {
      next = link(next, type);
    }
    return new Explanation(
        name,
        type,
        client,
        space.geo().lookup(client),
        space.geo().description(),
        links,
        rcode,
        scopeLength,
        scopeReason);
  }

  private boolean visited(DomainName name) {
    return links.stream().anyMatch(link -> link.name().equals(name));
  }

  /** Explains one look-up and returns the name that the query goes on with, or null. */
  private @Nullable DomainName link(DomainName name, int type) {
    LookupName lookupName = new LookupName();
    lookupName.set(name.toWire(), 0);
    int number = state.zones().find(lookupName, 0);
    if (number == Lookup.NONE) {
      rcode = links.isEmpty() ? Rcode.REFUSED : rcode;
      String then = links.isEmpty() ? "refused" : "the resolver goes on from here";
      links.add(new Link(name, null, "in no zone served here: " + then, List.of(), "", null));
      return null;
    }
    Zone zone = state.zones().get(number);
    LookupResult result = zone.lookup(lookupName, type, lookup);
    return switch (result) {
      case ANSWER, CNAME -> found(name, number, result == LookupResult.CNAME);
      case DNAME -> dname(name, zone);
      case REFERRAL -> {
        String cut = zone.name(lookup.node()).toString();
        end(name, zone, Rcode.NOERROR, "delegated: referral to the servers of " + cut);
        yield null;
      }
      case NODATA -> {
        String what = lookup.synthesized() ? "a wildcard covers the name" : "the name exists";
        end(name, zone, Rcode.NOERROR, what + ", but has no " + RRType.toText(type) + " records");
        yield null;
      }
      case NXDOMAIN -> {
        String encloser = zone.name(lookup.node()).toString();
        end(name, zone, Rcode.NXDOMAIN, "does not exist; what exists of it is " + encloser);
        yield null;
      }
    };
  }

  private void end(DomainName name, Zone zone, int code, String outcome) {
    rcode = code;
    links.add(new Link(name, zone.apex(), outcome, List.of(), "", null));
  }

  private @Nullable DomainName found(DomainName name, int number, boolean cname) {
    Zone zone = state.zones().get(number);
    int rrset = lookup.rrset();
    if (zone.isRouted(rrset)) {
      return routed(name, number, zone.routedIndex(rrset), cname);
    }
    byte[] octets =
        Arrays.copyOfRange(zone.records(), zone.recordsAt(rrset), zone.recordsAt(rrset + 1));
    String outcome =
        lookup.synthesized()
            ? "wildcard " + zone.name(lookup.node()) + " answers"
            : "records of the zone file";
    links.add(
        new Link(name, zone.apex(), outcome, text(name, octets, -1), "as in the zone file", null));
    return cname ? target(octets) : null;
  }

  private static DomainName target(byte[] record) {
    return DomainName.ofWire(record, EncodedRRset.RDATA_OFFSET);
  }

  private @Nullable DomainName routed(DomainName name, int number, int index, boolean cname) {
    Zone zone = state.zones().get(number);
    RoutedRRset rrset = zone.routed(index);
    Selection selection = new Selection();
    Decisions decisions = state.decisions(number, index);
    PolicyEngine.select(rrset, decisions, address, dice, selection);
    Explained tree =
        new PolicyExplainer(rrset, space, state.eligibility(), state.resolved(), decisions, address)
            .explain();
    widenScope(name, rrset, selection);
    if (selection.size() == 0) {
      if (selection.isFailure()) {
        rcode = Rcode.SERVFAIL;
      }
      links.add(new Link(name, zone.apex(), whyNothing(selection), List.of(), "", tree));
      return null;
    }
    int ttl = selection.ttl();
    List<String> records = new ArrayList<>();
    for (int i = 0; i < selection.size(); i++) {
      records.addAll(text(name, octets(decisions, selection.leaf(i)), ttl));
    }
    String ids =
        String.join(
            ", ",
            IntStream.range(0, selection.size())
                .mapToObj(i -> rrset.leafId(selection.leaf(i)))
                .toList());
    String smallest = selection.size() > 1 ? "the smallest of those answered" : "the record's own";
    String ttlReason =
        rrset.followsHealth() ? smallest + ", bounded by how soon health could change" : smallest;
    links.add(new Link(name, zone.apex(), "policy chose " + ids, records, ttlReason, tree));
    return cname ? target(octets(decisions, selection.leaf(0))) : null;
  }

  private static String whyNothing(Selection selection) {
    if (selection.isUnhealthy()) {
      return "nothing is healthy: " + (selection.isFailure() ? "SERVFAIL" : "NODATA");
    }
    return selection.isFailure()
        ? "all candidates lead to names elsewhere that are not resolved yet: SERVFAIL"
        : "no candidate applies to this client: no answer";
  }

  private static byte[] octets(Decisions decisions, int leaf) {
    return Arrays.copyOfRange(
        decisions.records(), decisions.recordsAt(leaf), decisions.recordsAt(leaf + 1));
  }

  private void widenScope(DomainName name, RoutedRRset rrset, Selection selection) {
    boolean looksAtClient = rrset.isClientDependent() || selection.scopeLength() > 0;
    if (looksAtClient && selection.scopeLength() >= scopeLength) {
      scopeLength = selection.scopeLength();
      scopeReason =
          "every client in "
              + new Prefix(client.ipv4(), client.high(), client.low(), scopeLength)
              + " gets the same choice at "
              + name
              + ", with one bit less some would not";
    }
  }

  private @Nullable DomainName dname(DomainName name, Zone zone) {
    int rrset = lookup.rrset();
    byte[] octets =
        Arrays.copyOfRange(zone.records(), zone.recordsAt(rrset), zone.recordsAt(rrset + 1));
    DomainName owner = zone.name(lookup.node());
    DomainName into = target(octets);
    int kept = name.length() - owner.length();
    List<String> records = new ArrayList<>(text(owner, octets, -1));
    if (kept + into.length() > LookupName.MAX_LENGTH) {
      rcode = Rcode.YXDOMAIN;
      links.add(new Link(name, zone.apex(), "DNAME makes the name too long", records, "", null));
      return null;
    }
    byte[] joined = Arrays.copyOf(name.toWire(), kept + into.length());
    into.copyTo(joined, kept);
    DomainName next = DomainName.ofWire(joined, 0);
    int ttl = Octets.getInt(octets, EncodedRRset.TTL_OFFSET);
    records.add(name + " " + ttl + " CNAME " + next);
    links.add(
        new Link(
            name, zone.apex(), "DNAME of " + owner + " substitutes", records, "the DNAME's", null));
    return next;
  }

  private static List<String> text(DomainName owner, byte[] records, int ttl) {
    List<String> lines = new ArrayList<>();
    int at = 0;
    while (at < records.length) {
      int next = EncodedRRset.next(records, at);
      int type = Octets.getShort(records, at + EncodedRRset.TYPE_OFFSET);
      int seconds = ttl >= 0 ? ttl : Octets.getInt(records, at + EncodedRRset.TTL_OFFSET);
      byte[] rdata = Arrays.copyOfRange(records, at + EncodedRRset.RDATA_OFFSET, next);
      lines.add(
          owner + " " + seconds + " " + RRType.toText(type) + " " + RdataText.of(type, rdata));
      at = next;
    }
    return lines;
  }
}
