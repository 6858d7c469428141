package dev.meridian.zone;

import dev.meridian.policy.RoutedRRset;
import dev.meridian.rr.EncodedRRset;
import dev.meridian.rr.RRType;
import dev.meridian.wire.Octets;
import java.util.Arrays;
import java.util.List;

/**
 * Lays out what a {@link ZoneBuilder} has collected: the records of each name by RRset, as they are
 * copied to the wire, and what governs each name. {@link UpperLayer} does it for what changes
 * later.
 */
final class LowerLayer {
  private static final int NONE = Lookup.NONE;
  private static final RoutedRRset[] NOT_ROUTED = {};

  private final ZoneBuilder builder;
  private final int nodes;
  private final Layout layout;

  LowerLayer(ZoneBuilder builder) {
    this.builder = builder;
    this.nodes = builder.names().size();
    this.layout = new Layout(builder.apex(), builder.names().trimmed());
  }

  /** All but the templates. */
  Layout lay() {
    layRRsets();
    layBoundaries();
    layout.routed = builder.routed().toArray(NOT_ROUTED);
    layout.endpoints = List.copyOf(builder.endpoints());
    layout.recordCount = builder.recordCount();
    if (nodes >= Layout.LARGE) {
      layout.parent = new int[nodes];
      Arrays.setAll(layout.parent, builder::parent);
    }
    layout.access = builder.access();
    return layout;
  }

  private void layRRsets() {
    int entries = builder.entryCount();
    layout.firstRRset = new int[nodes + 1];
    layout.type = new char[entries];
    layout.count = new char[entries];
    layout.form = new int[entries];
    layout.recordsAt = new int[entries + 1];
    layout.records = new byte[builder.rdataOctets() + entries * EncodedRRset.RDATA_OFFSET];
    int rrset = 0;
    for (int node = 0; node < nodes; node++) {
      layout.firstRRset[node] = rrset;
      for (int record = builder.firstRecord(node);
          record >= 0;
          record = builder.nextRecord(record)) {
        if (isFirstOfType(node, record)) {
          layRRset(rrset++, record);
        }
      }
    }
    layout.firstRRset[nodes] = rrset;
    layout.trimTo(rrset);
  }

  private boolean isFirstOfType(int node, int record) {
    for (int earlier = builder.firstRecord(node);
        earlier != record;
        earlier = builder.nextRecord(earlier)) {
      if (builder.recordType(earlier) == builder.recordType(record)) {
        return false;
      }
    }
    return true;
  }

  private void layRRset(int rrset, int first) {
    char type = (char) builder.recordType(first);
    int ttl = builder.recordTtl(first);
    layout.type[rrset] = type;
    layout.form[rrset] = ttl < 0 ? -1 + ttl : NONE;
    int at = layout.recordsAt[rrset];
    for (int record = first; record >= 0 && ttl >= 0; record = builder.nextRecord(record)) {
      if (builder.recordType(record) == type) {
        // RFC 2181 §5.2: one TTL for the whole RRset, the first one's
        at = layRecord(at, record, ttl);
        layout.count[rrset]++;
      }
    }
    layout.recordsAt[rrset + 1] = at;
  }

  private int layRecord(int at, int record, int ttlSeconds) {
    byte[] out = layout.records;
    Octets.putShort(out, at, EncodedRRset.OWNER);
    Octets.putShort(out, at + EncodedRRset.TYPE_OFFSET, builder.recordType(record));
    Octets.putShort(out, at + EncodedRRset.CLASS_OFFSET, EncodedRRset.CLASS_IN);
    Octets.putInt(out, at + EncodedRRset.TTL_OFFSET, ttlSeconds);
    Octets.putShort(out, at + EncodedRRset.RDLENGTH_OFFSET, builder.rdataLength(record));
    return builder.copyRdata(record, out, at + EncodedRRset.RDATA_OFFSET);
  }

  /**
   * Works out what governs each node. A node's parent always has a smaller number, so one pass from
   * the apex down does. NS at a wildcard is plain data (RFC 4592 §4.2); DNAME there redirects what
   * stands literally below the asterisk, as step 3c of RFC 6672 §3.2 has it, and nothing else.
   */
  private void layBoundaries() {
    layout.flags = new byte[nodes];
    layout.boundary = new int[nodes];
    layout.wildcard = new int[nodes];
    Arrays.fill(layout.wildcard, NONE);
    for (int node = 0; node < nodes; node++) {
      boolean asterisk = builder.names().isAsterisk(node);
      if (asterisk && node > 0) {
        layout.wildcard[builder.parent(node)] = node;
      }
      layout.flags[node] = flags(node);
      layout.boundary[node] = boundary(node, asterisk);
    }
  }

  private byte flags(int node) {
    int flags = has(node, RRType.CNAME) ? Zone.HAS_CNAME : 0;
    return (byte) (has(node, RRType.DNAME) ? flags | Zone.HAS_DNAME : flags);
  }

  private boolean has(int node, int wanted) {
    for (int record = builder.firstRecord(node); record >= 0; record = builder.nextRecord(record)) {
      if (builder.recordType(record) == wanted) {
        return true;
      }
    }
    return false;
  }

  private int boundary(int node, boolean asterisk) {
    if (node == 0) {
      return NONE;
    }
    int above = builder.parent(node);
    if (layout.boundary[above] >= 0) {
      return layout.boundary[above];
    }
    if ((layout.flags[above] & Zone.HAS_DNAME) != 0) {
      return above;
    }
    return !asterisk && has(node, RRType.NS) ? node : NONE;
  }
}
