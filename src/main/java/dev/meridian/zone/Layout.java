package dev.meridian.zone;

import dev.meridian.net.PrefixSet;
import dev.meridian.policy.PlacedEndpoint;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arrays of a zone while they are filled; afterwards only read. Names and RRsets are numbered
 * from 0 here; in a {@link Zone} of two layers those of the upper one follow those of the lower.
 */
final class Layout {
  /** So many names are not looked through without need. */
  static final int LARGE = 4096;

  final DomainName apex;
  final NameTable names;
  byte[] flags = {};
  int[] boundary = {};
  int[] wildcard = {};
  int[] firstRRset = {};
  char[] type = {};
  char[] count = {};
  int[] recordsAt = {};

  /** By RRset: template number, or {@link Lookup#NONE}, or {@code -2 - n} for routed RRset n. */
  int[] form = {};

  List<PlacedEndpoint> endpoints = List.of();

  byte[] records = {};
  Templates templates = Templates.EMPTY;

  /** The cuts, sorted, and the referral template of each. */
  int[] cutNodes = {};

  int[] cutTemplates = {};
  int negativeTemplate;
  int negativeTtl;
  RoutedRRset[] routed = {};
  int recordCount;
  long serial;

  /** By node: its parent, always of a smaller number; empty where it can be found again in time. */
  int[] parent = {};

  /** What an upper layer was made from, and what it hides of the lower one; null in a lower one. */
  @Nullable Amendment amendment;

  /** The clients that may ask; null: all. */
  @Nullable PrefixSet access;

  Layout(DomainName apex, NameTable names) {
    this.apex = apex;
    this.names = names;
  }

  void trimTo(int rrsets) {
    if (type.length > rrsets) {
      type = Arrays.copyOf(type, rrsets);
      count = Arrays.copyOf(count, rrsets);
      form = Arrays.copyOf(form, rrsets);
      recordsAt = Arrays.copyOf(recordsAt, rrsets + 1);
    }
    if (records.length > recordsAt[rrsets]) {
      records = Arrays.copyOf(records, recordsAt[rrsets]);
    }
  }

  /** Takes from a pool what other zones have as well; a {@link Zone} made before does not. */
  void share(ShapePool pool) {
    names.share(pool);
    flags = pool.shared(flags);
    boundary = pool.shared(boundary);
    wildcard = pool.shared(wildcard);
    firstRRset = pool.shared(firstRRset);
    type = pool.shared(type);
    count = pool.shared(count);
    recordsAt = pool.shared(recordsAt);
    form = pool.shared(form);
    cutNodes = pool.shared(cutNodes);
    cutTemplates = pool.shared(cutTemplates);
  }

  /** By node: its parent; -1 for the apex. */
  int[] parents() {
    if (parent.length == names.size()) {
      return parent;
    }
    int[] found = new int[names.size()];
    LookupName name = new LookupName();
    for (int node = 0; node < found.length; node++) {
      name.set(names.octets(), names.offset(node));
      found[node] = node == 0 ? Lookup.NONE : names.find(name, 1);
    }
    return found;
  }

  /** By node: how many names are right below it. */
  int[] childCounts() {
    int[] of = parents();
    int[] counts = new int[of.length];
    for (int node = 1; node < of.length; node++) {
      counts[of[node]]++;
    }
    return counts;
  }

  int rrset(int node, int wanted) {
    for (int i = firstRRset[node]; i < firstRRset[node + 1]; i++) {
      if (type[i] == wanted) {
        return i;
      }
    }
    return Lookup.NONE;
  }
}
