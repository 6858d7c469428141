package dev.meridian.zone;

import dev.meridian.net.PrefixSet;
import dev.meridian.policy.PlacedEndpoint;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.rr.RRset;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Collects the records of one zone, to be laid out as a {@link Zone}. Made for a million records:
 * flat growing arrays, no object per record. Owned by one thread.
 *
 * <p>It takes what it is given: whether the records make sense together is the loader's to check,
 * which can ask with {@link #find} and {@link #positionOf}.
 */
public final class ZoneBuilder implements ZoneDraft {
  private static final int NONE = Lookup.NONE;
  private static final int FEW = 16;

  /** Tables for no more records than this are worth keeping for the next zone. */
  static final int SMALL = 1 << 10;

  /** Nothing larger is made before it is needed. */
  private static final int MANY = 1 << 21;

  private DomainName apex;
  private int apexLabels;
  private final NameTable names;
  private final LookupName scratch = new LookupName();

  private int[] parent;
  private int[] head;
  private int[] tail;

  private int[] next;
  private char[] type;
  private int[] ttl;
  private int[] rdataAt;
  private long[] position;
  private int recordCount;
  private byte[] rdata;

  private final List<RoutedRRset> routed = new ArrayList<>();
  private final List<PlacedEndpoint> endpoints = new ArrayList<>();
  private @Nullable PrefixSet access;

  /** An empty zone. */
  public ZoneBuilder(DomainName apex) {
    this(apex, FEW);
  }

  /**
   * An empty zone.
   *
   * @param expected how many records there will be, as far as one can guess; less growing, then
   */
  public ZoneBuilder(DomainName apex, int expected) {
    int capacity = Math.clamp(expected, FEW, MANY);
    this.apex = apex;
    this.apexLabels = apex.labelCount();
    names = new NameTable(capacity);
    parent = new int[capacity];
    head = new int[capacity];
    tail = new int[capacity];
    next = new int[capacity];
    type = new char[capacity];
    ttl = new int[capacity];
    rdataAt = new int[capacity + 1];
    position = new long[capacity];
    rdata = new byte[capacity * FEW];
    node(apex);
  }

  /** Begins another zone in the same tables; what was laid out before is not touched. */
  void restart(DomainName next) {
    apex = next;
    apexLabels = next.labelCount();
    names.clear();
    recordCount = 0;
    routed.clear();
    endpoints.clear();
    access = null;
    node(next);
  }

  /** Whether its tables are worth keeping. */
  boolean isSmall() {
    return type.length <= SMALL && parent.length <= SMALL && rdata.length <= SMALL * SMALL;
  }

  @Override
  public DomainName apex() {
    return apex;
  }

  /**
   * Adds a record.
   *
   * @param owner uncompressed wire form, at or below the apex
   * @param ttl seconds, 0 to 2^31-1
   * @param rdata wire form, names in it uncompressed
   * @param position the caller's own note of where the record was written; see {@link #positionOf}
   */
  public void add(byte[] owner, int type, long ttl, byte[] rdata, long position) {
    int node = node(DomainName.ofWire(owner, 0));
    if (node == NONE) {
      throw new IllegalArgumentException(DomainName.ofWire(owner, 0) + " is not in zone " + apex);
    }
    add(node, type, ttl, rdata, position);
  }

  /** The same for a name that {@link #node} has numbered. */
  public void add(int node, int type, long ttl, byte[] rdata, long position) {
    int record = append(node, type, (int) ttl, rdata.length, position);
    System.arraycopy(rdata, 0, this.rdata, rdataAt[record], rdata.length);
  }

  @Override
  public void addRouted(DomainName owner, RoutedRRset rrset) {
    routed.add(rrset);
    append(node(owner), rrset.type(), -routed.size(), 0, 0);
  }

  @Override
  public void addEndpoint(PlacedEndpoint endpoint) {
    endpoints.add(endpoint);
  }

  @Override
  public void confineTo(@Nullable PrefixSet clients) {
    access = clients;
  }

  @Override
  public PrefixSet clients() {
    return access == null ? PrefixSet.ALL : access;
  }

  private int append(int node, int type, int ttl, int rdataLength, long position) {
    int record = recordCount;
    if (record == this.type.length) {
      growRecords();
    }
    int end = rdataAt[record] + rdataLength;
    if (end > rdata.length) {
      rdata = Arrays.copyOf(rdata, Math.max(end, rdata.length + rdata.length / 2));
    }
    this.type[record] = (char) type;
    this.ttl[record] = ttl;
    this.position[record] = position;
    rdataAt[record + 1] = end;
    next[record] = NONE;
    if (head[node] == NONE) {
      head[node] = record;
    } else {
      next[tail[node]] = record;
    }
    tail[node] = record;
    recordCount++;
    return record;
  }

  private void growRecords() {
    int capacity = type.length * 2;
    next = Arrays.copyOf(next, capacity);
    type = Arrays.copyOf(type, capacity);
    ttl = Arrays.copyOf(ttl, capacity);
    rdataAt = Arrays.copyOf(rdataAt, capacity + 1);
    position = Arrays.copyOf(position, capacity);
  }

  /**
   * The number of a name; it and the empty non-terminals above it are made if need be.
   *
   * @return {@link Lookup#NONE} if the name is neither the apex nor below it
   */
  public int node(DomainName owner) {
    scratch.set(owner);
    int top = scratch.labelCount() - apexLabels;
    int label = 0;
    int node = NONE;
    while (label <= top && (node = names.find(scratch, label)) == NONE) {
      label++;
    }
    if (node == NONE && names.size() > 0) {
      return NONE;
    }
    for (int missing = Math.min(label, top + 1) - 1; missing >= 0; missing--) {
      node = addNode(missing, node);
    }
    return node;
  }

  private int addNode(int label, int above) {
    int node = names.add(scratch, label);
    if (node == parent.length) {
      int capacity = parent.length * 2;
      parent = Arrays.copyOf(parent, capacity);
      head = Arrays.copyOf(head, capacity);
      tail = Arrays.copyOf(tail, capacity);
    }
    parent[node] = above;
    head[node] = NONE;
    return node;
  }

  /** Octets of all names so far, those of empty non-terminals among them. */
  public int nameOctets() {
    return names.octetCount();
  }

  /** Records so far, routed RRsets not counted. */
  public int recordCount() {
    return recordCount - routed.size();
  }

  @Override
  public boolean contains(DomainName owner) {
    int node = existing(owner);
    return node >= 0 && head[node] >= 0;
  }

  private int existing(DomainName owner) {
    scratch.set(owner);
    return names.find(scratch, 0);
  }

  /**
   * The first record of a name by its number, routed RRsets among them; negative: there is none.
   */
  public int firstRecord(int node) {
    return head[node];
  }

  /** The record of the same name that was added after another one; negative: there is none. */
  public int nextRecord(int record) {
    return next[record];
  }

  /** The type of a record. */
  public int recordType(int record) {
    return type[record];
  }

  /** The TTL of a record in seconds; negative: policies answer. */
  public int recordTtl(int record) {
    return ttl[record];
  }

  /** Octets of a record's RDATA. */
  public int rdataLength(int record) {
    return rdataAt[record + 1] - rdataAt[record];
  }

  /** A copy of a record's RDATA. */
  public byte[] rdata(int record) {
    return Arrays.copyOfRange(rdata, rdataAt[record], rdataAt[record + 1]);
  }

  /** Whether a record has that RDATA, octet by octet. */
  public boolean hasRdata(int record, byte[] octets) {
    return Arrays.equals(rdata, rdataAt[record], rdataAt[record + 1], octets, 0, octets.length);
  }

  @Override
  public List<Integer> typesAt(DomainName owner) {
    int node = existing(owner);
    return node < 0 ? List.of() : typesOf(node);
  }

  private List<Integer> typesOf(int node) {
    List<Integer> types = new ArrayList<>();
    for (int record = head[node]; record >= 0; record = next[record]) {
      if (!types.contains((int) type[record])) {
        types.add((int) type[record]);
      }
    }
    return types;
  }

  @Override
  public @Nullable RRset find(DomainName owner, int wanted) {
    int node = existing(owner);
    List<byte[]> found = new ArrayList<>();
    long firstTtl = 0;
    for (int record = node < 0 ? NONE : head[node]; record >= 0; record = next[record]) {
      if (type[record] == wanted && ttl[record] >= 0) {
        firstTtl = found.isEmpty() ? ttl[record] : firstTtl;
        found.add(Arrays.copyOfRange(rdata, rdataAt[record], rdataAt[record + 1]));
      }
    }
    return found.isEmpty() ? null : new RRset(wanted, firstTtl, found);
  }

  @Override
  public long positionOf(DomainName owner, int wanted) {
    int node = existing(owner);
    for (int record = node < 0 ? NONE : head[node]; record >= 0; record = next[record]) {
      if (type[record] == wanted) {
        return position[record];
      }
    }
    return -1;
  }

  /** Shows the apex first. */
  @Override
  public void forEachOwner(IntPredicate wanted, OwnerVisitor visitor) {
    for (int node = 0; node < names.size(); node++) {
      boolean shown = false;
      for (int record = head[node]; record >= 0 && !shown; record = next[record]) {
        shown = wanted.test(type[record]);
      }
      if (shown) {
        visitor.visit(names.name(node), typesOf(node));
      }
    }
  }

  /**
   * Lays the zone out. The builder is used up.
   *
   * @throws IllegalStateException if there is no SOA at the apex
   */
  public Zone build() {
    return buildAll(List.of(this)).getFirst();
  }

  /**
   * Lays many zones out; what one leaves of its tools the next takes up.
   *
   * @throws IllegalStateException if one has no SOA at the apex
   */
  public static List<Zone> buildAll(List<ZoneBuilder> builders) {
    ZoneFactory factory = new ZoneFactory();
    return builders.stream().map(factory::build).toList();
  }

  /** The names; for reading only. */
  NameTable names() {
    return names;
  }

  /** The number of the name right above another; it is the smaller one. */
  int parent(int node) {
    return parent[node];
  }

  /** Records and routed RRsets so far; they are numbered from 0. */
  int entryCount() {
    return recordCount;
  }

  /** Octets of the RDATA of all records. */
  int rdataOctets() {
    return rdataAt[recordCount];
  }

  /** Copies a record's RDATA and returns where the copy ends. */
  int copyRdata(int record, byte[] out, int at) {
    int length = rdataLength(record);
    System.arraycopy(rdata, rdataAt[record], out, at, length);
    return at + length;
  }

  /** The routed RRset that an entry with a negative TTL stands for is number {@code -1 - ttl}. */
  List<RoutedRRset> routed() {
    return routed;
  }

  /** The endpoints so far, in the order added. */
  List<PlacedEndpoint> endpoints() {
    return endpoints;
  }

  /** The clients that may ask; null: all. */
  @Nullable PrefixSet access() {
    return access;
  }
}
