package dev.meridian.testkit;

import dev.meridian.net.Prefix;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes small databases in MaxMind's format, version 2.0 of its public specification, so that
 * tests need no database of anybody's. Equal records are written once.
 */
public final class MmdbWriter {
  private static final byte[] METADATA_MARKER =
      "\u00ab\u00cd\u00efMaxMind.com".getBytes(StandardCharsets.ISO_8859_1);
  private static final int EMPTY = -1;

  private final String type;
  private final int ipVersion;
  private final long buildEpoch;
  private final Map<Prefix, Map<String, ?>> networks = new LinkedHashMap<>();
  private final List<Prefix> aliases = new ArrayList<>();
  private int recordSize = 32;

  /**
   * Nodes of two children each: a node, {@link #EMPTY}, or a data offset as {@code -2 - offset}.
   */
  private final List<int[]> nodes = new ArrayList<>();

  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private final Map<Object, Integer> offsets = new LinkedHashMap<>();

  /**
   * Starts a database.
   *
   * @param type what it calls itself, {@code GeoLite2-City}
   * @param ipVersion 4, or 6 for both families
   * @param buildEpoch when it says that it was built, seconds since 1970
   */
  public MmdbWriter(String type, int ipVersion, long buildEpoch) {
    this.type = type;
    this.ipVersion = ipVersion;
    this.buildEpoch = buildEpoch;
  }

  /** Gives a network its record: strings, numbers, booleans, lists and maps of these. */
  public MmdbWriter put(String prefix, Map<String, ?> record) {
    networks.put(Prefix.parse(prefix), record);
    return this;
  }

  /** Makes a prefix lead to where IPv4 lies, as 2002::/16 and 2001::/32 do in MaxMind's files. */
  public MmdbWriter aliasIpv4(String prefix) {
    aliases.add(Prefix.parse(prefix));
    return this;
  }

  /** Bits of a record in the search tree: 24, 28 or 32, which is the default. */
  public MmdbWriter recordSize(int bits) {
    recordSize = bits;
    return this;
  }

  /** Writes the file and returns its path. */
  public Path writeTo(Path file) throws IOException {
    return Files.write(file, toBytes());
  }

  /** The whole database; may be asked for once. */
  public byte[] toBytes() {
    nodes.add(new int[] {EMPTY, EMPTY});
    networks.keySet().stream()
        .sorted(Comparator.comparingInt(MmdbWriter::depth))
        .forEach(prefix -> insert(prefix, -2 - offsetOf(networks.getOrDefault(prefix, Map.of()))));
    aliases.forEach(prefix -> insert(prefix, ipv4Node()));
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    for (int[] node : nodes) {
      writeNode(pointer(node[0]), pointer(node[1]), file);
    }
    file.writeBytes(new byte[16]);
    file.writeBytes(data.toByteArray());
    file.writeBytes(METADATA_MARKER);
    encode(metadata(), file);
    return file.toByteArray();
  }

  private static int depth(Prefix prefix) {
    return prefix.ipv4() ? 96 + prefix.length() : prefix.length();
  }

  private int offsetOf(Map<String, ?> record) {
    Integer known = offsets.get(record);
    if (known != null) {
      return known;
    }
    int offset = data.size();
    encode(record, data);
    offsets.put(record, offset);
    return offset;
  }

  /** Shorter prefixes come first, so a leaf on the way is split and inherited by both halves. */
  private void insert(Prefix prefix, int leaf) {
    int skip = prefix.ipv4() && ipVersion == 4 ? 96 : 0;
    int node = 0;
    int last = depth(prefix) - 1;
    for (int bit = skip; bit < last; bit++) {
      int side = bit(prefix, bit);
      int child = nodes.get(node)[side];
      if (child < 0) {
        nodes.add(new int[] {child, child});
        child = nodes.size() - 1;
        nodes.get(node)[side] = child;
      }
      node = child;
    }
    nodes.get(node)[bit(prefix, last)] = leaf;
  }

  private int ipv4Node() {
    int node = 0;
    for (int depth = 0; depth < 96; depth++) {
      node = nodes.get(node)[0];
    }
    return node;
  }

  private void writeNode(long left, long right, ByteArrayOutputStream out) {
    ByteBuffer octets = ByteBuffer.allocate(8);
    switch (recordSize) {
      case 24 -> octets.putLong(left << 40 | right << 16);
      case 28 ->
          octets.putLong(
              (left & 0xFFFFFF) << 40
                  | left >>> 24 << 36
                  | right >>> 24 << 32
                  | (right & 0xFFFFFF) << 8);
      default -> octets.putLong(left << 32 | right);
    }
    out.write(octets.array(), 0, recordSize / 4);
  }

  private static int bit(Prefix prefix, int index) {
    long half = index < 64 ? prefix.high() : prefix.low();
    return (int) (half >>> (63 - index % 64)) & 1;
  }

  private int pointer(int child) {
    if (child == EMPTY) {
      return nodes.size();
    }
    return child >= 0 ? child : nodes.size() + 16 + (-2 - child);
  }

  private Map<String, Object> metadata() {
    return Map.of(
        "binary_format_major_version",
        2,
        "binary_format_minor_version",
        0,
        "build_epoch",
        buildEpoch,
        "database_type",
        type,
        "description",
        Map.of("en", type + " made by a test"),
        "ip_version",
        ipVersion,
        "languages",
        List.of("en"),
        "node_count",
        nodes.size(),
        "record_size",
        recordSize);
  }

  private static void encode(Object value, ByteArrayOutputStream out) {
    switch (value) {
      case String text -> {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        control(2, octets.length, out);
        out.writeBytes(octets);
      }
      case Double number -> {
        control(3, 8, out);
        out.writeBytes(ByteBuffer.allocate(8).putDouble(number).array());
      }
      case Float number -> {
        control(15, 4, out);
        out.writeBytes(ByteBuffer.allocate(4).putFloat(number).array());
      }
      case Integer number -> {
        control(6, 4, out);
        out.writeBytes(ByteBuffer.allocate(4).putInt(number).array());
      }
      case Long number -> {
        control(9, 8, out);
        out.writeBytes(ByteBuffer.allocate(8).putLong(number).array());
      }
      case Boolean flag -> control(14, flag ? 1 : 0, out);
      case List<?> list -> {
        control(11, list.size(), out);
        list.forEach(element -> encode(element, out));
      }
      case Map<?, ?> map -> {
        control(7, map.size(), out);
        map.forEach(
            (key, element) -> {
              encode(key, out);
              encode(element, out);
            });
      }
      default -> throw new IllegalArgumentException("no such type: " + value.getClass());
    }
  }

  /** Type and size; types above 7 take a second octet, sizes above 28 a further one. */
  private static void control(int type, int size, ByteArrayOutputStream out) {
    if (size > 284) {
      throw new IllegalArgumentException("too long for a test: " + size);
    }
    int sizeBits = Math.min(size, 29);
    out.write(type > 7 ? sizeBits : type << 5 | sizeBits);
    if (type > 7) {
      out.write(type - 7);
    }
    if (size >= 29) {
      out.write(size - 29);
    }
  }
}
