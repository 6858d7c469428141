package dev.meridian.zone;

import dev.meridian.rr.EncodedRRset;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RdataLayout;
import dev.meridian.wire.Header;
import dev.meridian.wire.LookupName;
import dev.meridian.wire.MessageWriter;
import dev.meridian.wire.Octets;
import java.util.Arrays;

/**
 * Writes at load time what would otherwise be written per query: answers with names in RDATA,
 * referrals with glue, and the negative answer. One serves many zones, one after the other.
 */
final class TemplateMaker {
  private static final int QTYPE_AND_QCLASS = 4;
  private static final int ANY_LENGTH = 0xFFFF;

  private Zone zone;
  private Layout layout;
  private final Templates.Builder templates = new Templates.Builder();
  private final MessageWriter writer = new MessageWriter();
  private final byte[] message = new byte[ANY_LENGTH + 16];
  private final LookupName question = new LookupName();
  private final LookupName owner = new LookupName();

  /** One for this zone first. */
  TemplateMaker(Zone zone) {
    this.zone = zone;
    layout = newest(zone);
  }

  /** Goes on with another zone. */
  void use(Zone next) {
    zone = next;
    layout = newest(next);
    templates.clear();
  }

  /** The layer that has no templates yet. */
  private static Layout newest(Zone zone) {
    Layout upper = zone.upper();
    return upper == null ? zone.lower() : upper;
  }

  void make() {
    int from = zone.apexNode();
    int to = from + layout.names.size();
    makeNegative();
    makeReferrals(from, to);
    for (int node = from; node < to; node++) {
      if (zone.boundary(node) < 0) {
        makeAnswers(node);
      }
    }
    layout.templates = templates.build();
  }

  /** Pretends that a question for the node precedes and returns where the template begins. */
  private int begin(int node) {
    question.set(zone.nameOctets(node), zone.nameAt(node));
    System.arraycopy(question.octets(), 0, message, Header.LENGTH, question.length());
    int start = Header.LENGTH + question.length() + QTYPE_AND_QCLASS;
    writer.beginTemplate(message, start, ANY_LENGTH);
    return start;
  }

  /** Takes what has been written since {@link #begin} as a template and returns its number. */
  private int end(int start, int requiredEnd, Templates.Counts counts) {
    return templates.add(message, start, requiredEnd, writer, question.length(), counts);
  }

  /** RFC 2308 §3: the SOA with the smaller of its TTL and MINIMUM as TTL. */
  private void makeNegative() {
    int apex = zone.apexNode();
    int soa = zone.rrset(apex, RRType.SOA);
    if (soa < 0) {
      throw new IllegalStateException("zone " + layout.apex + " has no SOA");
    }
    byte[] records = zone.records(soa);
    int at = zone.recordsAt(soa);
    int end = EncodedRRset.next(records, at);
    int minimum = Octets.getInt(records, end - 4);
    layout.serial = Octets.getInt(records, end - 20) & 0xFFFFFFFFL;
    int ttl = Octets.getInt(records, at + EncodedRRset.TTL_OFFSET);
    layout.negativeTtl = Integer.compareUnsigned(minimum, ttl) < 0 ? minimum : ttl;
    int start = begin(apex);
    writer.knowQuestion(question, 0);
    write(apex, records, at, end, layout.negativeTtl);
    layout.negativeTemplate = end(start, writer.position(), new Templates.Counts(0, 1, 0, 0));
  }

  private void makeReferrals(int from, int to) {
    int[] cuts = new int[to - from];
    int count = 0;
    for (int node = from; node < to; node++) {
      if (zone.boundary(node) == node) {
        cuts[count++] = node;
      }
    }
    layout.cutNodes = Arrays.copyOf(cuts, count);
    layout.cutTemplates = new int[count];
    for (int i = 0; i < count; i++) {
      layout.cutTemplates[i] = makeReferral(cuts[i]);
    }
  }

  /**
   * NS records, then the addresses of in-domain servers, which the child cannot be reached without
   * (RFC 9471 §3.1), then those of other servers that this zone knows, which may be left out.
   */
  private int makeReferral(int cut) {
    int start = begin(cut);
    writer.knowQuestion(question, 0);
    int ns = zone.rrset(cut, RRType.NS);
    write(cut, ns);
    int required = writeGlue(cut, ns, true);
    int requiredEnd = writer.position();
    int optional = writeGlue(cut, ns, false);
    return end(
        start, requiredEnd, new Templates.Counts(0, zone.count(ns), required + optional, required));
  }

  private int writeGlue(int cut, int ns, boolean inDomain) {
    int written = 0;
    byte[] records = zone.records(ns);
    int end = zone.recordsEnd(ns);
    for (int at = zone.recordsAt(ns); at < end; at = EncodedRRset.next(records, at)) {
      owner.set(records, at + EncodedRRset.RDATA_OFFSET);
      int server = zone.node(owner);
      if (server >= 0 && zone.isBelow(server, cut) == inDomain) {
        written += writeAddresses(server, RRType.A) + writeAddresses(server, RRType.AAAA);
      }
    }
    return written;
  }

  private int writeAddresses(int server, int type) {
    int rrset = zone.rrset(server, type);
    if (rrset < 0 || zone.isRouted(rrset)) {
      return 0;
    }
    int before = writer.position();
    write(server, rrset);
    if (writer.overflowed()) {
      writer.rewind(before);
      return 0;
    }
    return zone.count(rrset);
  }

  /**
   * Answers differ from the bare records only where RDATA has names that can be compressed, or
   * where addresses go with them.
   */
  private void makeAnswers(int node) {
    int first = zone.firstRRset(node);
    int local = layout.firstRRset[node - zone.apexNode()];
    for (int rrset = first; rrset < zone.endRRset(node); rrset++) {
      int type = zone.type(rrset);
      boolean prepared = RdataLayout.names(type) > 0 || RdataLayout.isServiceBinding(type);
      if (prepared && !zone.isRouted(rrset)) {
        layout.form[local + rrset - first] = makeAnswer(node, rrset);
      }
    }
  }

  /** With NS and service bindings go addresses, as far as there is room. */
  private int makeAnswer(int node, int rrset) {
    int start = beginAnswer(node, rrset);
    int requiredEnd = writer.position();
    boolean compressed = writer.pointerCount() > 0;
    int written = writeTargets(node, rrset);
    if (writer.overflowed() || !(compressed || written > 0)) { // the bare records do as well
      return Lookup.NONE;
    }
    return end(start, requiredEnd, new Templates.Counts(zone.count(rrset), 0, written, 0));
  }

  /**
   * Writes the answer section and returns where it begins. The first label of the question is not
   * known to the writer where it is an asterisk: it will be another one. The owner itself is always
   * a pointer to the whole name.
   */
  private int beginAnswer(int node, int rrset) {
    int start = begin(node);
    writer.knowQuestion(question, zone.isAsterisk(node) ? 1 : 0);
    byte[] records = zone.records(rrset);
    int end = zone.recordsEnd(rrset);
    for (int at = zone.recordsAt(rrset); at < end; at = EncodedRRset.next(records, at)) {
      writer.putShort(EncodedRRset.OWNER);
      EncodedRRset.writeBehindOwner(writer, records, at, -1);
    }
    return start;
  }

  /** The addresses of what the records lead to, as far as this zone has them. */
  private int writeTargets(int node, int rrset) {
    int type = zone.type(rrset);
    if (type != RRType.NS && !RdataLayout.isServiceBinding(type)) {
      return 0;
    }
    int written = 0;
    byte[] records = zone.records(rrset);
    int start = zone.recordsAt(rrset);
    int end = zone.recordsEnd(rrset);
    for (int at = start; at < end && !writer.overflowed(); at = EncodedRRset.next(records, at)) {
      int target = type == RRType.NS ? server(records, at) : target(node, records, at);
      if (target >= 0 && !isTargetBefore(node, records, start, at, target)) {
        written += writeAddresses(target, RRType.A) + writeAddresses(target, RRType.AAAA);
      }
    }
    return written;
  }

  /** The node of a name server (RFC 1035 §3.3.11), glue below a cut among them. */
  private int server(byte[] records, int record) {
    owner.set(records, record + EncodedRRset.RDATA_OFFSET);
    int server = zone.node(owner);
    return server < 0 || zone.isOccluded(server) ? Lookup.NONE : server;
  }

  /**
   * The node that a service binding leads to (RFC 9460 §4.1), {@link Lookup#NONE} if this zone does
   * not answer for it. The root stands for the owner (RFC 9460 §2.5.2), which under a wildcard is
   * not known, or in AliasMode for no service at all (RFC 9460 §2.5.1).
   */
  private int target(int node, byte[] records, int record) {
    int rdata = record + EncodedRRset.RDATA_OFFSET;
    int name = rdata + RdataLayout.PRIORITY_LENGTH;
    if (records[name] == 0) {
      boolean alias = Octets.getShort(records, rdata) == 0;
      return alias || zone.isAsterisk(node) ? Lookup.NONE : node;
    }
    owner.set(records, name);
    int target = zone.node(owner);
    return target >= 0 && zone.boundary(target) < 0 ? target : Lookup.NONE;
  }

  /** Two service bindings may lead to one name, two NS records cannot. */
  private boolean isTargetBefore(int node, byte[] records, int from, int to, int target) {
    boolean servers = Octets.getShort(records, from + EncodedRRset.TYPE_OFFSET) == RRType.NS;
    for (int at = from; at < to && !servers; at = EncodedRRset.next(records, at)) {
      if (target(node, records, at) == target) {
        return true;
      }
    }
    return false;
  }

  private void write(int node, int rrset) {
    write(node, zone.records(rrset), zone.recordsAt(rrset), zone.recordsEnd(rrset), -1);
  }

  private void write(int node, byte[] records, int from, int to, int ttl) {
    byte[] names = zone.nameOctets(node);
    int at = zone.nameAt(node);
    owner.set(names, at);
    EncodedRRset.write(writer, owner, names, at, records, from, to, ttl);
  }
}
