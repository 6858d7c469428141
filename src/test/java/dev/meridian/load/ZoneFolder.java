package dev.meridian.load;

import dev.meridian.health.HealthRegistry;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RRset;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Problem;
import dev.meridian.wire.DomainName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/** A zone folder made by a test: write files, load, look. */
public final class ZoneFolder {
  /** A zone that is in order, for policies to stand beside. Six lines. */
  static final String PLAIN_ZONE =
      """
      $TTL 3600
      @ SOA ns1 hostmaster 1 7200 1800 1209600 300
      @ NS ns1
      ns1 A 192.0.2.53
      host A 192.0.2.1
      nick CNAME host
      """;

  private final Path folder;
  private final HealthRegistry registry = new HealthRegistry();
  private LoadLimits limits = LoadLimits.DEFAULT;

  public ZoneFolder(Path folder) {
    this.folder = folder;
  }

  Path path() {
    return folder;
  }

  public HealthRegistry registry() {
    return registry;
  }

  ZoneFolder limits(LoadLimits newLimits) {
    limits = newLimits;
    return this;
  }

  public ZoneFolder write(String name, String text) {
    return write(name, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  ZoneFolder write(String name, byte[] octets) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, octets);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes {@code example.com.policy.yaml} beside {@link #PLAIN_ZONE}. */
  ZoneFolder policy(String text) {
    return write("example.com.zone", PLAIN_ZONE).write("example.com.policy.yaml", text);
  }

  public LoadedSet load() {
    return ZoneSetLoader.load(folder, limits, registry);
  }

  /** What is wrong, as an operator reads it. */
  public List<String> problems() {
    return load().problems().list().stream().map(Problem::toString).toList();
  }

  /** The only zone, which must be free of errors. */
  LoadedZone zone() {
    LoadedSet set = load();
    if (set.zones().size() != 1) {
      throw new AssertionError("not one zone: " + set.problems().list());
    }
    return set.zones().getFirst();
  }

  /**
   * TTL and RDATA in hexadecimal of the records of a name and type, {@code -} if there are none.
   */
  static String records(LoadedZone zone, String owner, String type) {
    DomainName name = DomainName.parse(owner, zone.apex());
    RRset found = zone.records().find(name, RRType.parse(type).orElseThrow());
    if (found == null) {
      return "-";
    }
    StringBuilder text = new StringBuilder().append(found.ttl());
    for (int i = 0; i < found.size(); i++) {
      text.append(' ').append(HexFormat.of().formatHex(found.rdata(i)));
    }
    return text.toString();
  }
}
