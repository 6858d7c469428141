package dev.meridian.zone;

import dev.meridian.net.ClientAddress;
import dev.meridian.net.PrefixSet;
import dev.meridian.policy.PlacedEndpoint;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.rr.EncodedRRset;
import dev.meridian.rr.RRType;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import dev.meridian.wire.MessageWriter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One zone in service: immutable, in flat arrays, made by {@link ZoneBuilder}.
 *
 * <p>A <em>node</em> is a number for a name that exists: an owner of records or an empty
 * non-terminal. Nodes are found by the 64-bit hash of the whole name; there are no objects per name
 * and no tree to walk. What the walk of RFC 1034 §4.3.2 would find on its way down, the cut or
 * DNAME above a node and the wildcard below it, is worked out when the zone is built.
 *
 * <pre>
 * node   -> name, flags, boundary (the cut or DNAME that governs it), wildcard child, its RRsets
 * RRset  -> type, records (see EncodedRRset), and maybe a template or a routed RRset
 * </pre>
 */
public final class Zone {
  static final byte HAS_DNAME = 1;
  static final byte HAS_CNAME = 2;

  private final ZoneBuilder.Layout layout;
  private final NameTable names;
  private final int apexLabels;
  private final byte[] flags;
  private final int[] boundary;
  private final int[] wildcard;
  private final int[] firstRRset;
  private final char[] type;
  private final int[] recordsAt;
  private final int[] form;
  private final byte[] records;
  private final @Nullable PrefixSet access;

  Zone(ZoneBuilder.Layout layout) {
    this.layout = layout;
    names = layout.names;
    apexLabels = layout.apex.labelCount();
    flags = layout.flags;
    boundary = layout.boundary;
    wildcard = layout.wildcard;
    firstRRset = layout.firstRRset;
    type = layout.type;
    recordsAt = layout.recordsAt;
    form = layout.form;
    records = layout.records;
    access = layout.access;
  }

  /**
   * Whether a client may be told anything of this zone.
   *
   * @param source the address that its query came from; what a client subnet claims is no address
   */
  public boolean allows(ClientAddress source) {
    return access == null || access.contains(source);
  }

  /** Whether there are clients that may not ask. */
  public boolean isConfined() {
    return access != null;
  }

  /** The clients that may ask. */
  public PrefixSet clients() {
    return access == null ? PrefixSet.ALL : access;
  }

  /**
   * Looks up a name that lies in this zone.
   *
   * @param name at or below the apex
   * @param qtype any type, ANY included
   * @param result overwritten
   */
  public LookupResult lookup(LookupName name, int qtype, Lookup result) {
    result.synthesized = false;
    result.rrset = Lookup.NONE;
    int node = names.find(name, 0);
    if (node < 0) {
      return belowEncloser(name, qtype, result);
    }
    int governor = boundary[node];
    if (governor < 0 || (governor == node && qtype == RRType.DS)) {
      // RFC 4035 §3.1.4.1: the parent's side of a cut answers for DS
      return inNode(node, qtype, result);
    }
    return outside(governor, result);
  }

  /** The name does not exist: its closest encloser decides (RFC 4592 §3.3.1). */
  private LookupResult belowEncloser(LookupName name, int qtype, Lookup result) {
    int last = name.labelCount() - apexLabels;
    int encloser = 0;
    for (int label = 1; label < last; label++) {
      encloser = names.find(name, label);
      if (encloser > 0) {
        break;
      }
    }
    encloser = Math.max(encloser, 0); // the apex is node 0 and always exists
    if (boundary[encloser] >= 0) {
      return outside(boundary[encloser], result);
    }
    if ((flags[encloser] & HAS_DNAME) != 0) {
      return outside(encloser, result);
    }
    int source = wildcard[encloser];
    if (source >= 0) {
      result.synthesized = true;
      return inNode(source, qtype, result);
    }
    result.node = encloser;
    return LookupResult.NXDOMAIN;
  }

  /** At or below a zone cut, or below a DNAME. */
  private LookupResult outside(int governor, Lookup result) {
    result.node = governor;
    if (boundary[governor] == governor) {
      return LookupResult.REFERRAL;
    }
    result.rrset = rrset(governor, RRType.DNAME);
    return LookupResult.DNAME;
  }

  private LookupResult inNode(int node, int qtype, Lookup result) {
    result.node = node;
    int wanted = qtype == RRType.ANY ? smallestRRset(node) : rrset(node, qtype);
    if (wanted >= 0) {
      result.rrset = wanted;
      return LookupResult.ANSWER;
    }
    if ((flags[node] & HAS_CNAME) != 0) {
      result.rrset = rrset(node, RRType.CNAME);
      return LookupResult.CNAME;
    }
    return LookupResult.NODATA;
  }

  /** The RRset of a type at a node, or {@link Lookup#NONE}. */
  public int rrset(int node, int wanted) {
    int end = firstRRset[node + 1];
    for (int i = firstRRset[node]; i < end; i++) {
      if (type[i] == wanted) {
        return i;
      }
    }
    return Lookup.NONE;
  }

  /** RFC 8482 §4.1: for ANY, one RRset; the one that amplifies least, a routed one first. */
  private int smallestRRset(int node) {
    int best = Lookup.NONE;
    int bestSize = Integer.MAX_VALUE;
    for (int i = firstRRset[node]; i < firstRRset[node + 1]; i++) {
      int size = recordsAt[i + 1] - recordsAt[i];
      if (size < bestSize) {
        best = i;
        bestSize = size;
      }
    }
    return best;
  }

  public DomainName apex() {
    return layout.apex;
  }

  /** The serial of the SOA, 0 to 2^32-1. */
  public long serial() {
    return layout.serial;
  }

  /** Records read from the zone file; those that policies make are not counted. */
  public int recordCount() {
    return layout.recordCount;
  }

  /** Names that exist, empty non-terminals included. */
  public int nodeCount() {
    return names.size();
  }

  /** The name of a node, lower-cased. */
  public DomainName name(int node) {
    return names.name(node);
  }

  /** Octets of a node's name. */
  public int nameLength(int node) {
    return names.length(node);
  }

  /** The number of a name, or {@link Lookup#NONE}. */
  public int node(LookupName name) {
    return names.find(name, 0);
  }

  /** Whether a node lies at or below a zone cut: an address there is in-domain glue. */
  public boolean isBelow(int node, int cut) {
    return boundary[node] == cut;
  }

  /** Whether a DNAME above hides a node from everybody. */
  public boolean isOccluded(int node) {
    int governor = boundary[node];
    return governor >= 0 && boundary[governor] != governor;
  }

  /** The first RRset of a node; they run to that of the next node. */
  public int firstRRset(int node) {
    return firstRRset[node];
  }

  /** The type of an RRset. */
  public int type(int rrset) {
    return type[rrset];
  }

  /** How many records an RRset has; 0 for a routed one. */
  public int count(int rrset) {
    return layout.count[rrset];
  }

  /** The octets that {@link #recordsAt} points into, in the form of {@code EncodedRRset}. */
  public byte[] records() {
    return records;
  }

  /** Where an RRset's records begin; they end where those of the next number begin. */
  public int recordsAt(int rrset) {
    return recordsAt[rrset];
  }

  /** Whether policies answer for an RRset. */
  public boolean isRouted(int rrset) {
    return form[rrset] < Lookup.NONE;
  }

  /** The number of a routed RRset within this zone. */
  public int routedIndex(int rrset) {
    return -2 - form[rrset];
  }

  /** The RRset behind a number of {@link #routedIndex}. */
  public RoutedRRset routed(int index) {
    return layout.routed[index];
  }

  /** How many RRsets of this zone policies answer for. */
  public int routedCount() {
    return layout.routed.length;
  }

  /** The endpoints that its policies are written with, in the order written. */
  public List<PlacedEndpoint> endpoints() {
    return layout.endpoints;
  }

  /** The template that answers for an RRset, or {@link Lookup#NONE}: its records do. */
  public int template(int rrset) {
    return Math.max(Lookup.NONE, form[rrset]);
  }

  /** The template that refers to the servers of a cut. */
  public int referralTemplate(int cut) {
    return layout.cutTemplates[Arrays.binarySearch(layout.cutNodes, cut)];
  }

  /** The template of NXDOMAIN and NODATA: the SOA with the negative TTL (RFC 2308 §3). */
  public int negativeTemplate() {
    return layout.negativeTemplate;
  }

  /** Octets of a template; {@link #copyTemplate} writes as many. */
  public int templateLength(int template) {
    return layout.templates.length(template);
  }

  /** Octets of a template up to the last record that may not be left out (RFC 9471 §3). */
  public int templateRequiredLength(int template) {
    return layout.templates.requiredLength(template);
  }

  /** ANCOUNT of a template. */
  public int templateAnswers(int template) {
    return layout.templates.answers(template);
  }

  /** NSCOUNT of a template. */
  public int templateAuthorities(int template) {
    return layout.templates.authorities(template);
  }

  /** ARCOUNT of a template, whole or cut to its required length. */
  public int templateAdditionals(int template, boolean whole) {
    return whole
        ? layout.templates.additionals(template)
        : layout.templates.requiredAdditionals(template);
  }

  /**
   * Copies {@code length} octets of a template behind the question.
   *
   * @param nameLength octets of the question's name: pointers are moved to fit it
   */
  public void copyTemplate(int template, int length, byte[] out, int at, int nameLength) {
    layout.templates.copyTo(template, length, out, at, nameLength);
  }

  /**
   * Copies the part of a template behind its required length to {@code at}, with other octets
   * between the two.
   *
   * @param start where the template begins, behind the question
   * @param nameLength octets of the question's name
   */
  public void copyTemplateRest(int template, byte[] out, int start, int at, int nameLength) {
    layout.templates.copyRestTo(template, out, start, at, nameLength);
  }

  /** Writes an RRset of the zone file under its own name; {@code scratch} is overwritten. */
  public void writeRRset(MessageWriter writer, LookupName scratch, int node, int rrset) {
    scratch.set(names.octets(), names.offset(node));
    EncodedRRset.write(
        writer,
        scratch,
        names.octets(),
        names.offset(node),
        records,
        recordsAt[rrset],
        recordsAt[rrset + 1],
        -1);
  }

  /** Writes the SOA with the negative TTL (RFC 2308 §3); {@code scratch} is overwritten. */
  public void writeNegative(MessageWriter writer, LookupName scratch, int maxTtl) {
    int soa = rrset(0, RRType.SOA);
    scratch.set(names.octets(), names.offset(0));
    EncodedRRset.write(
        writer,
        scratch,
        names.octets(),
        names.offset(0),
        records,
        recordsAt[soa],
        EncodedRRset.next(records, recordsAt[soa]),
        Math.min(layout.negativeTtl, maxTtl));
  }
}
