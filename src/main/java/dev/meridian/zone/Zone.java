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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
 *
 * <p>A zone of which little has changed since it was built ({@link ZonePatch}) has a second, small
 * layer of such arrays over those of before, which it shares. What the upper layer has stands for
 * itself: a name that is there is not looked for below. Its nodes and RRsets have the numbers
 * behind those of the lower layer, so that a comparison tells which of the two a number is of.
 */
public final class Zone {
  static final byte HAS_DNAME = 1;
  static final byte HAS_CNAME = 2;

  /** A name of the lower layer that is no more. */
  static final byte IS_GONE = 4;

  private final Layout layout;
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

  private final @Nullable Layout upper;

  /** The first numbers of the upper layer; without one, beyond all numbers. */
  private final int upperNodes;

  private final int upperRRsets;
  private final int upperTemplates;

  /** What tells of the zone as a whole: the upper layer, if there is one. */
  private final Layout top;

  private final int apexNode;
  private final @Nullable PrefixSet access;

  Zone(Layout layout) {
    this(layout, null);
  }

  Zone(Layout layout, @Nullable Layout upper) {
    this.layout = layout;
    this.upper = upper;
    top = upper == null ? layout : upper;
    upperNodes = upper == null ? Integer.MAX_VALUE : layout.names.size();
    upperRRsets = upper == null ? Integer.MAX_VALUE : layout.type.length;
    upperTemplates = upper == null ? Integer.MAX_VALUE : layout.templates.end();
    apexNode = upper == null ? 0 : upperNodes;
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
    access = top.access;
  }

  /** The layer below, which may be the whole of it. */
  Layout lower() {
    return layout;
  }

  /** The layer above; null: there is none. */
  @Nullable Layout upper() {
    return upper;
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
    return Search.lookup(this, name, qtype, result);
  }

  /** The number of the suffix that begins at a label, or {@link Lookup#NONE}. */
  int find(LookupName name, int label) {
    if (upper != null) {
      int found = upper.names.find(name, label);
      if (found >= 0) {
        return (upper.flags[found] & IS_GONE) != 0 ? Lookup.NONE : upperNodes + found;
      }
    }
    return names.find(name, label);
  }

  private byte flags(int node) {
    return node < upperNodes ? flags[node] : top.flags[node - upperNodes];
  }

  /** The cut or DNAME that governs a node, or {@link Lookup#NONE}. */
  int boundary(int node) {
    return node < upperNodes ? boundary[node] : top.boundary[node - upperNodes];
  }

  /** The wildcard right below a node, or {@link Lookup#NONE}. */
  int wildcard(int node) {
    return node < upperNodes ? wildcard[node] : top.wildcard[node - upperNodes];
  }

  private int form(int rrset) {
    return rrset < upperRRsets ? form[rrset] : top.form[rrset - upperRRsets];
  }

  /** Whether a DNAME redirects what is below a node. */
  boolean hasDname(int node) {
    return (flags(node) & HAS_DNAME) != 0;
  }

  /** How many labels the name of the zone has, the root not counted. */
  int apexLabels() {
    return apexLabels;
  }

  /** Whether a node has a CNAME. */
  boolean hasCname(int node) {
    return (flags(node) & HAS_CNAME) != 0;
  }

  /** The RRset of a type at a node, or {@link Lookup#NONE}. */
  public int rrset(int node, int wanted) {
    if (node >= upperNodes) {
      int found = top.rrset(node - upperNodes, wanted);
      return found < 0 ? found : upperRRsets + found;
    }
    int end = firstRRset[node + 1];
    for (int i = firstRRset[node]; i < end; i++) {
      if (type[i] == wanted) {
        return i;
      }
    }
    return Lookup.NONE;
  }

  /** The name of the zone. */
  public DomainName apex() {
    return layout.apex;
  }

  /** The serial of the SOA, 0 to 2^32-1. */
  public long serial() {
    return top.serial;
  }

  /** Records read from the zone file; those that policies make are not counted. */
  public int recordCount() {
    return top.recordCount;
  }

  /** Names that exist, empty non-terminals included. */
  public int nodeCount() {
    Amendment amendment = top.amendment;
    return amendment == null
        ? names.size()
        : names.size() - amendment.hidden().cardinality() + amendment.present();
  }

  /** RRsets of all names, routed ones included. */
  public int rrsetCount() {
    Amendment amendment = top.amendment;
    return amendment == null
        ? type.length
        : type.length - amendment.hiddenRRsets() + top.type.length;
  }

  /** The first of all nodes, for {@link #nextNode}. */
  public int firstNode() {
    return nextNode(-1);
  }

  /** The node that follows one of them, in no order that means anything; negative: that was all. */
  public int nextNode(int node) {
    int next = node + 1;
    if (upper == null) {
      return next < names.size() ? next : Lookup.NONE;
    }
    if (next < upperNodes && upper.amendment != null) {
      next = upper.amendment.hidden().nextClearBit(next);
    }
    while (next >= upperNodes && next < upperNodes + upper.names.size() && isGone(next)) {
      next++;
    }
    return next < upperNodes + upper.names.size() ? next : Lookup.NONE;
  }

  private boolean isGone(int node) {
    return (flags(node) & IS_GONE) != 0;
  }

  /** Whether two zones share a lower layer: only the upper layers can differ. */
  public boolean sharesWith(Zone other) {
    return layout == other.layout;
  }

  /** The names of the upper layer, also those that are gone; none where there is only one layer. */
  public List<DomainName> amended() {
    List<DomainName> all = new ArrayList<>();
    for (int node = 0; upper != null && node < upper.names.size(); node++) {
      all.add(upper.names.name(node));
    }
    return all;
  }

  /** The node of the apex. */
  public int apexNode() {
    return apexNode;
  }

  private NameTable names(int node) {
    return node < upperNodes ? names : top.names;
  }

  private int local(int node) {
    return node < upperNodes ? node : node - upperNodes;
  }

  /** The name of a node, lower-cased. */
  public DomainName name(int node) {
    return names(node).name(local(node));
  }

  /** Octets of a node's name. */
  public int nameLength(int node) {
    return names(node).length(local(node));
  }

  /** The number of a name, or {@link Lookup#NONE}. */
  public int node(LookupName name) {
    return find(name, 0);
  }

  /** Whether a name exists. */
  public boolean exists(DomainName name) {
    LookupName asked = new LookupName();
    asked.set(name);
    return find(asked, 0) >= 0;
  }

  /** Whether a node lies at or below a zone cut: an address there is in-domain glue. */
  public boolean isBelow(int node, int cut) {
    return boundary(node) == cut;
  }

  /** Whether a DNAME above hides a node from everybody. */
  public boolean isOccluded(int node) {
    int governor = boundary(node);
    return governor >= 0 && boundary(governor) != governor;
  }

  /** The first RRset of a node; they run to {@link #endRRset}. */
  public int firstRRset(int node) {
    return node < upperNodes ? firstRRset[node] : upperRRsets + top.firstRRset[node - upperNodes];
  }

  /** The number behind the last RRset of a node. */
  public int endRRset(int node) {
    return node < upperNodes
        ? firstRRset[node + 1]
        : upperRRsets + top.firstRRset[node - upperNodes + 1];
  }

  /** The type of an RRset. */
  public int type(int rrset) {
    return rrset < upperRRsets ? type[rrset] : top.type[rrset - upperRRsets];
  }

  /** How many records an RRset has; 0 for a routed one. */
  public int count(int rrset) {
    return rrset < upperRRsets ? layout.count[rrset] : top.count[rrset - upperRRsets];
  }

  /** The octets that {@link #recordsAt} points into, in the form of {@code EncodedRRset}. */
  public byte[] records(int rrset) {
    return rrset < upperRRsets ? records : top.records;
  }

  /** Where an RRset's records begin. */
  public int recordsAt(int rrset) {
    return rrset < upperRRsets ? recordsAt[rrset] : top.recordsAt[rrset - upperRRsets];
  }

  /** Where they end. */
  public int recordsEnd(int rrset) {
    return rrset < upperRRsets ? recordsAt[rrset + 1] : top.recordsAt[rrset - upperRRsets + 1];
  }

  /** Whether policies answer for an RRset. */
  public boolean isRouted(int rrset) {
    return form(rrset) < Lookup.NONE;
  }

  /** The number of a routed RRset within this zone. */
  public int routedIndex(int rrset) {
    return -2 - form(rrset);
  }

  /** The RRset behind a number of {@link #routedIndex}. */
  public RoutedRRset routed(int index) {
    return top.routed[index];
  }

  /** How many RRsets of this zone policies answer for. */
  public int routedCount() {
    return top.routed.length;
  }

  /** The names that policies answer for. */
  public Set<DomainName> routedNames() {
    Set<DomainName> owners = new TreeSet<>();
    for (int node = routedCount() == 0 ? -1 : firstNode(); node >= 0; node = nextNode(node)) {
      for (int rrset = firstRRset(node); rrset < endRRset(node); rrset++) {
        if (isRouted(rrset)) {
          owners.add(name(node));
        }
      }
    }
    return owners;
  }

  /** The endpoints that its policies are written with, in the order written. */
  public List<PlacedEndpoint> endpoints() {
    return top.endpoints;
  }

  /** The template that answers for an RRset, or {@link Lookup#NONE}: its records do. */
  public int template(int rrset) {
    int template = form(rrset);
    if (template < 0) {
      return Lookup.NONE;
    }
    return rrset < upperRRsets ? template : upperTemplates + template;
  }

  /** The template that refers to the servers of a cut. */
  public int referralTemplate(int cut) {
    if (cut < upperNodes) {
      return layout.cutTemplates[Arrays.binarySearch(layout.cutNodes, cut)];
    }
    return upperTemplates + top.cutTemplates[Arrays.binarySearch(top.cutNodes, cut)];
  }

  /** The template of NXDOMAIN and NODATA: the SOA with the negative TTL (RFC 2308 §3). */
  public int negativeTemplate() {
    return upper == null ? layout.negativeTemplate : upperTemplates + upper.negativeTemplate;
  }

  private Templates templates(int template) {
    return template < upperTemplates ? layout.templates : top.templates;
  }

  private int localTemplate(int template) {
    return template < upperTemplates ? template : template - upperTemplates;
  }

  /** Octets of a template; {@link #copyTemplate} writes as many. */
  public int templateLength(int template) {
    return templates(template).length(localTemplate(template));
  }

  /** Octets of a template up to the last record that may not be left out (RFC 9471 §3). */
  public int templateRequiredLength(int template) {
    return templates(template).requiredLength(localTemplate(template));
  }

  /** ANCOUNT of a template. */
  public int templateAnswers(int template) {
    return templates(template).answers(localTemplate(template));
  }

  /** NSCOUNT of a template. */
  public int templateAuthorities(int template) {
    return templates(template).authorities(localTemplate(template));
  }

  /** ARCOUNT of a template, whole or cut to its required length. */
  public int templateAdditionals(int template, boolean whole) {
    return whole
        ? templates(template).additionals(localTemplate(template))
        : templates(template).requiredAdditionals(localTemplate(template));
  }

  /**
   * Copies {@code length} octets of a template behind the question.
   *
   * @param nameLength octets of the question's name: pointers are moved to fit it
   */
  public void copyTemplate(int template, int length, byte[] out, int at, int nameLength) {
    templates(template).copyTo(localTemplate(template), length, out, at, nameLength);
  }

  /**
   * Copies the part of a template behind its required length to {@code at}, with other octets
   * between the two.
   *
   * @param start where the template begins, behind the question
   * @param nameLength octets of the question's name
   */
  public void copyTemplateRest(int template, byte[] out, int start, int at, int nameLength) {
    templates(template).copyRestTo(localTemplate(template), out, start, at, nameLength);
  }

  /** Writes an RRset of the zone file under its own name; {@code scratch} is overwritten. */
  public void writeRRset(MessageWriter writer, LookupName scratch, int node, int rrset) {
    NameTable table = names(node);
    int at = table.offset(local(node));
    scratch.set(table.octets(), at);
    EncodedRRset.write(
        writer,
        scratch,
        table.octets(),
        at,
        records(rrset),
        recordsAt(rrset),
        recordsEnd(rrset),
        -1);
  }

  /** Writes the SOA with the negative TTL (RFC 2308 §3); {@code scratch} is overwritten. */
  public void writeNegative(MessageWriter writer, LookupName scratch, int maxTtl) {
    int soa = rrset(apexNode, RRType.SOA);
    NameTable table = names(apexNode);
    int at = table.offset(local(apexNode));
    scratch.set(table.octets(), at);
    EncodedRRset.write(
        writer,
        scratch,
        table.octets(),
        at,
        records(soa),
        recordsAt(soa),
        EncodedRRset.next(records(soa), recordsAt(soa)),
        Math.min(top.negativeTtl, maxTtl));
  }

  /** Where the name of a node stands. */
  byte[] nameOctets(int node) {
    return names(node).octets();
  }

  int nameAt(int node) {
    return names(node).offset(local(node));
  }

  boolean isAsterisk(int node) {
    return names(node).isAsterisk(local(node));
  }
}
