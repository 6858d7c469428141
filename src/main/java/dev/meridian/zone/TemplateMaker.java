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

  private ZoneBuilder.Layout layout;
  private Templates.Builder templates = new Templates.Builder();
  private final MessageWriter writer = new MessageWriter();
  private final byte[] message = new byte[ANY_LENGTH + 16];
  private final LookupName question = new LookupName();
  private final LookupName owner = new LookupName();

  TemplateMaker(ZoneBuilder.Layout layout) {
    this.layout = layout;
  }

  /** Goes on with another zone. */
  void use(ZoneBuilder.Layout next) {
    layout = next;
    templates = new Templates.Builder();
  }

  void make() {
    makeNegative();
    makeReferrals();
    for (int node = 0; node < layout.names.size(); node++) {
      if (layout.boundary[node] < 0) {
        makeAnswers(node);
      }
    }
    layout.templates = templates.build();
  }

  /** Pretends that a question for the node precedes and returns where the template begins. */
  private int begin(int node) {
    question.set(layout.names.octets(), layout.names.offset(node));
    System.arraycopy(question.octets(), 0, message, Header.LENGTH, question.length());
    int start = Header.LENGTH + question.length() + QTYPE_AND_QCLASS;
    writer.beginTemplate(message, start, ANY_LENGTH);
    return start;
  }

  /** RFC 2308 §3: the SOA with the smaller of its TTL and MINIMUM as TTL. */
  private void makeNegative() {
    int soa = layout.rrset(0, RRType.SOA);
    if (soa < 0) {
      throw new IllegalStateException("zone " + layout.apex + " has no SOA");
    }
    int at = layout.recordsAt[soa];
    int end = EncodedRRset.next(layout.records, at);
    int minimum = Octets.getInt(layout.records, end - 4);
    layout.serial = Octets.getInt(layout.records, end - 20) & 0xFFFFFFFFL;
    int ttl = Octets.getInt(layout.records, at + EncodedRRset.TTL_OFFSET);
    layout.negativeTtl = Integer.compareUnsigned(minimum, ttl) < 0 ? minimum : ttl;
    int start = begin(0);
    writer.knowQuestion(question, 0);
    write(0, at, end, layout.negativeTtl);
    layout.negativeTemplate =
        templates.add(message, start, writer, question.length(), 0, 1, 0, 0, writer.position());
  }

  private void makeReferrals() {
    int[] cuts = new int[layout.boundary.length];
    int count = 0;
    for (int node = 0; node < layout.boundary.length; node++) {
      if (layout.boundary[node] == node) {
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
    int ns = layout.rrset(cut, RRType.NS);
    write(cut, layout.recordsAt[ns], layout.recordsAt[ns + 1], -1);
    int required = writeGlue(cut, ns, true);
    int requiredEnd = writer.position();
    int optional = writeGlue(cut, ns, false);
    return templates.add(
        message,
        start,
        writer,
        question.length(),
        0,
        layout.count[ns],
        required + optional,
        required,
        requiredEnd);
  }

  private int writeGlue(int cut, int ns, boolean inDomain) {
    int written = 0;
    int end = layout.recordsAt[ns + 1];
    for (int at = layout.recordsAt[ns]; at < end; at = EncodedRRset.next(layout.records, at)) {
      owner.set(layout.records, at + EncodedRRset.RDATA_OFFSET);
      int server = layout.names.find(owner, 0);
      if (server >= 0 && isBelow(server, cut) == inDomain) {
        written += writeAddresses(server, RRType.A) + writeAddresses(server, RRType.AAAA);
      }
    }
    return written;
  }

  private boolean isBelow(int node, int cut) {
    return layout.boundary[node] == cut;
  }

  private int writeAddresses(int server, int type) {
    int rrset = layout.rrset(server, type);
    if (rrset < 0 || layout.form[rrset] < Lookup.NONE) {
      return 0;
    }
    int before = writer.position();
    write(server, layout.recordsAt[rrset], layout.recordsAt[rrset + 1], -1);
    if (writer.overflowed()) {
      writer.rewind(before);
      return 0;
    }
    return layout.count[rrset];
  }

  /**
   * Answers differ from the bare records only where RDATA has names that can be compressed, or
   * where addresses go with them.
   */
  private void makeAnswers(int node) {
    for (int rrset = layout.firstRRset[node]; rrset < layout.firstRRset[node + 1]; rrset++) {
      int type = layout.type[rrset];
      boolean prepared = RdataLayout.names(type) > 0 || RdataLayout.isServiceBinding(type);
      if (prepared && layout.form[rrset] == Lookup.NONE) {
        layout.form[rrset] = makeAnswer(node, rrset);
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
    return templates.add(
        message, start, writer, question.length(), layout.count[rrset], 0, written, 0, requiredEnd);
  }

  /**
   * Writes the answer section and returns where it begins. The first label of the question is not
   * known to the writer where it is an asterisk: it will be another one. The owner itself is always
   * a pointer to the whole name.
   */
  private int beginAnswer(int node, int rrset) {
    int start = begin(node);
    writer.knowQuestion(question, layout.names.isAsterisk(node) ? 1 : 0);
    int end = layout.recordsAt[rrset + 1];
    for (int at = layout.recordsAt[rrset]; at < end; at = EncodedRRset.next(layout.records, at)) {
      writer.putShort(EncodedRRset.OWNER);
      EncodedRRset.writeBehindOwner(writer, layout.records, at, -1);
    }
    return start;
  }

  /** The addresses of what the records lead to, as far as this zone has them. */
  private int writeTargets(int node, int rrset) {
    int type = layout.type[rrset];
    if (type != RRType.NS && !RdataLayout.isServiceBinding(type)) {
      return 0;
    }
    int written = 0;
    int end = layout.recordsAt[rrset + 1];
    for (int at = layout.recordsAt[rrset];
        at < end && !writer.overflowed();
        at = EncodedRRset.next(layout.records, at)) {
      int target = type == RRType.NS ? server(at) : target(node, at);
      if (target >= 0 && !isTargetBefore(node, layout.recordsAt[rrset], at, target)) {
        written += writeAddresses(target, RRType.A) + writeAddresses(target, RRType.AAAA);
      }
    }
    return written;
  }

  /** The node of a name server (RFC 1035 §3.3.11), glue below a cut among them. */
  private int server(int record) {
    owner.set(layout.records, record + EncodedRRset.RDATA_OFFSET);
    int server = layout.names.find(owner, 0);
    if (server < 0) {
      return Lookup.NONE;
    }
    int governor = layout.boundary[server];
    return governor < 0 || layout.boundary[governor] == governor ? server : Lookup.NONE;
  }

  /**
   * The node that a service binding leads to (RFC 9460 §4.1), {@link Lookup#NONE} if this zone does
   * not answer for it. The root stands for the owner (RFC 9460 §2.5.2), which under a wildcard is
   * not known, or in AliasMode for no service at all (RFC 9460 §2.5.1).
   */
  private int target(int node, int record) {
    int rdata = record + EncodedRRset.RDATA_OFFSET;
    int name = rdata + RdataLayout.PRIORITY_LENGTH;
    if (layout.records[name] == 0) {
      boolean alias = Octets.getShort(layout.records, rdata) == 0;
      return alias || layout.names.isAsterisk(node) ? Lookup.NONE : node;
    }
    owner.set(layout.records, name);
    int target = layout.names.find(owner, 0);
    return target >= 0 && layout.boundary[target] < 0 ? target : Lookup.NONE;
  }

  /** Two service bindings may lead to one name, two NS records cannot. */
  private boolean isTargetBefore(int node, int from, int to, int target) {
    boolean servers = Octets.getShort(layout.records, from + EncodedRRset.TYPE_OFFSET) == RRType.NS;
    for (int at = from; at < to && !servers; at = EncodedRRset.next(layout.records, at)) {
      if (target(node, at) == target) {
        return true;
      }
    }
    return false;
  }

  private void write(int node, int from, int to, int ttl) {
    int at = layout.names.offset(node);
    owner.set(layout.names.octets(), at);
    EncodedRRset.write(writer, owner, layout.names.octets(), at, layout.records, from, to, ttl);
  }
}
