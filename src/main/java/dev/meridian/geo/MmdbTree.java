package dev.meridian.geo;

import com.maxmind.db.Metadata;
import dev.meridian.net.Prefix;
import java.io.IOException;

/**
 * The search tree at the start of a file in MaxMind's format (version 2 of its specification),
 * walked in the order of its addresses.
 *
 * <p>MaxMind's own reader can walk it too, but decodes the record of every network anew; a city
 * database has a hundred networks to a record. This walk shows where the record lies, so that each
 * is decoded once.
 */
final class MmdbTree {
  private static final int IPV4_DEPTH = 96;
  private static final long NO_NODE = -1;

  private final byte[] file;
  private final long nodeCount;
  private final int recordSize;
  private final boolean ipv6;

  /** The node below which IPv4 lies in an IPv6 tree; other ways to it are aliases of IPv4. */
  private final long ipv4Node;

  /** Ways to an end, be it a leaf or an alias, that may still come; bounds the work of a walk. */
  private long endsLeft;

  /**
   * Checks that the tree is all there.
   *
   * @throws IOException if it is not
   */
  MmdbTree(byte[] file, Metadata metadata) throws IOException {
    this.file = file;
    nodeCount = metadata.nodeCount();
    recordSize = metadata.recordSize();
    ipv6 = metadata.ipVersion() == 6;
    if (recordSize != 24 && recordSize != 28 && recordSize != 32) {
      throw new IOException("records of " + recordSize + " bits; there are 24, 28 and 32");
    }
    if (nodeCount < 1 || nodeCount > file.length / (recordSize / 4)) {
      throw new IOException(
          "a search tree of " + nodeCount + " nodes in " + file.length + " octets");
    }
    endsLeft = nodeCount + 1; // a binary tree has one end more than inner nodes
    ipv4Node = ipv6 ? zeroPath() : NO_NODE;
  }

  /** Where the path of 96 zero bits ends, if it ends at a node. */
  private long zeroPath() {
    long node = 0;
    for (int depth = 0; depth < IPV4_DEPTH && node < nodeCount; depth++) {
      node = child(node, 0);
    }
    return node < nodeCount ? node : NO_NODE;
  }

  /** Shows every network that has a record, once. */
  void walk(Visitor visitor) throws IOException {
    descend(0, 0, 0, 0, visitor);
  }

  private void descend(long node, long high, long low, int depth, Visitor visitor)
      throws IOException {
    if (node >= nodeCount) {
      countEnd();
      if (node > nodeCount) {
        visitor.visit(prefix(high, low, depth), node);
      }
      return;
    }
    if (depth == (ipv6 ? 128 : 32)) {
      throw new IOException(at(node) + "the search tree is deeper than an address");
    }
    if (node == ipv4Node && (high != 0 || low != 0)) {
      countEnd();
      return;
    }
    descend(child(node, 0), high, low, depth + 1, visitor);
    long bit = 1L << (63 - depth % 64);
    descend(
        child(node, 1),
        depth < 64 ? high | bit : high,
        depth < 64 ? low : low | bit,
        depth + 1,
        visitor);
  }

  /** Where in the file a node stands, as the beginning of a sentence. */
  private String at(long node) {
    return "at octet " + node * (recordSize / 4) + " ";
  }

  /** Nodes that many ways lead to would make the ways more than the file has octets. */
  private void countEnd() throws IOException {
    if (endsLeft-- == 0) {
      throw new IOException("the search tree has a cycle or leads to a node in several ways");
    }
  }

  /** An IPv4 tree has its addresses in the uppermost bits, an IPv6 one behind 96 zeros. */
  private Prefix prefix(long high, long low, int depth) {
    if (!ipv6) {
      return new Prefix(true, 0, high >>> 32, depth);
    }
    return high == 0 && low >>> 32 == 0 && depth >= IPV4_DEPTH
        ? new Prefix(true, 0, low, depth - IPV4_DEPTH)
        : new Prefix(false, high, low, depth);
  }

  /** A node's left (0) or right (1) record: a node below the node count, else data or nothing. */
  private long child(long node, int side) {
    int at = (int) (node * (recordSize / 4));
    return switch (recordSize) {
      case 24 -> unsigned(at + 3 * side, 3);
      case 28 -> {
        int middle = file[at + 3];
        long top = (side == 0 ? middle >>> 4 : middle) & 0xF;
        yield top << 24 | unsigned(at + 4 * side, 3);
      }
      default -> unsigned(at + 4 * side, 4);
    };
  }

  private long unsigned(int at, int octets) {
    long value = 0;
    for (int i = at; i < at + octets; i++) {
      value = value << 8 | (file[i] & 0xFF);
    }
    return value;
  }

  /** Sees the networks of a tree. */
  @FunctionalInterface
  interface Visitor {
    /**
     * One network.
     *
     * @param record the same number for networks that share a record
     */
    void visit(Prefix network, long record) throws IOException;
  }
}
