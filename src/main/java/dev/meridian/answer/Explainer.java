package dev.meridian.answer;

import dev.meridian.answer.Explanation.Link;
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
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.Rcode;
import dev.meridian.zone.LookupResult;
import dev.meridian.zone.Zone;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Explains answers from the very state that gives them: the same zones, look-ups, classes and
 * decisions. Allocates freely; owned by one thread and good for one question.
 */
public final class Explainer {
  private final ServerState state;
  private final ClientSpace space;
  private final Prefix client;
  private final ClientAddress address = new ClientAddress();
  private final Dice dice;
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
    while (next != null && links.size() < Step.MAX_LINKS && !visited(next)) {
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
        scopeReason,
        Outcomes.of(state, name, type, client));
  }

  private boolean visited(DomainName name) {
    return links.stream().anyMatch(link -> link.name().equals(name));
  }

  /** Explains one look-up and returns the name that the query goes on with, or null. */
  private @Nullable DomainName link(DomainName name, int type) {
    Step step = Step.of(state, name, type);
    Zone zone = step.zone();
    if (zone == null) {
      rcode = links.isEmpty() ? Rcode.REFUSED : rcode;
      String then = links.isEmpty() ? "refused" : "the resolver goes on from here";
      links.add(new Link(name, null, "in no zone served here: " + then, List.of(), "", null));
      return null;
    }
    if (!zone.allows(address)) {
      rcode = links.isEmpty() ? Rcode.REFUSED : rcode;
      String then =
          links.isEmpty() ? "refused" : "the answer ends here, as for a zone that is not served";
      String outcome = "allow-query of the zone does not have " + client + ": " + then;
      links.add(new Link(name, zone.apex(), outcome, List.of(), "", null));
      return null;
    }
    return switch (step.result()) {
      case ANSWER, CNAME -> step.isRouted() ? routed(step) : found(step);
      case DNAME -> dname(step);
      case REFERRAL ->
          end(step, Rcode.NOERROR, "delegated: referral to the servers of " + step.owner());
      case NODATA -> {
        String what = step.synthesized() ? "a wildcard covers the name" : "the name exists";
        String missing = what + ", but has no " + RRType.toText(type) + " records";
        yield end(step, Rcode.NOERROR, missing);
      }
      case NXDOMAIN ->
          end(step, Rcode.NXDOMAIN, "does not exist; what exists of it is " + step.owner());
    };
  }

  private @Nullable DomainName end(Step step, int code, String outcome) {
    rcode = code;
    links.add(new Link(step.name(), step.inZone().apex(), outcome, List.of(), "", null));
    return null;
  }

  private @Nullable DomainName found(Step step) {
    String outcome =
        step.synthesized() ? "wildcard " + step.owner() + " answers" : "records of the zone file";
    link(step, outcome, AnswerRecord.of(step.name(), step.octets(), -1), "as in the zone file");
    return step.result() == LookupResult.CNAME ? Step.target(step.octets()) : null;
  }

  private void link(Step step, String outcome, List<AnswerRecord> records, String ttlReason) {
    links.add(new Link(step.name(), step.inZone().apex(), outcome, records, ttlReason, null));
  }

  private @Nullable DomainName routed(Step step) {
    int index = step.inZone().routedIndex(step.rrset());
    RoutedRRset rrset = step.inZone().routed(index);
    Selection selection = new Selection();
    Decisions decisions = state.decisions(step.number(), index);
    PolicyEngine.select(rrset, decisions, address, dice, selection);
    Explained tree =
        new PolicyExplainer(rrset, space, state.eligibility(), state.resolved(), decisions, address)
            .explain();
    widenScope(step.name(), rrset, selection);
    DomainName apex = step.inZone().apex();
    if (selection.size() == 0) {
      rcode = selection.isFailure() ? Rcode.SERVFAIL : rcode;
      links.add(new Link(step.name(), apex, whyNothing(selection), List.of(), "", tree));
      return null;
    }
    int ttl = selection.ttl();
    Set<AnswerRecord> records = new LinkedHashSet<>();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < selection.size(); i++) {
      ids.add(rrset.leafId(selection.leaf(i)));
      records.addAll(AnswerRecord.of(step.name(), octets(decisions, selection.leaf(i)), ttl));
    }
    String smallest = selection.size() > 1 ? "the smallest of those answered" : "the record's own";
    links.add(
        new Link(
            step.name(),
            apex,
            "policy chose " + String.join(", ", ids),
            List.copyOf(records),
            rrset.followsHealth()
                ? smallest + ", bounded by how soon health could change"
                : smallest,
            tree));
    boolean cname = step.result() == LookupResult.CNAME;
    return cname ? Step.target(octets(decisions, selection.leaf(0))) : null;
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

  private @Nullable DomainName dname(Step step) {
    List<AnswerRecord> records = new ArrayList<>(AnswerRecord.of(step.owner(), step.octets(), -1));
    DomainName next = step.substituted();
    if (next == null) {
      rcode = Rcode.YXDOMAIN;
      link(step, "DNAME makes the name too long", records, "");
      return null;
    }
    long ttl = records.getFirst().ttl();
    records.add(new AnswerRecord(step.name(), ttl, RRType.CNAME, next.toString()));
    link(step, "DNAME of " + step.owner() + " substitutes", records, "the DNAME's");
    return step.followsDname() ? next : null;
  }
}
