package dev.meridian.route53;

import dev.meridian.geo.Coordinates;
import dev.meridian.health.HealthRegistry;
import dev.meridian.net.Prefix;
import dev.meridian.policy.Geolocation;
import dev.meridian.wire.DomainName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One resource record set as Route 53's JSON says it, checked for itself alone.
 *
 * @param id SetIdentifier; empty in a simple record set
 * @param routing null: simple
 * @param ttl seconds; -1 in an alias
 * @param values RDATA; empty in an alias
 * @param alias null unless this is an alias
 * @param check number of its health check in the registry, or {@code HealthRegistry.NONE}
 * @param position of the record set
 */
public record Route53RecordSet(
    DomainName name,
    int type,
    String id,
    @Nullable Routing routing,
    long ttl,
    List<byte[]> values,
    @Nullable Alias alias,
    int check,
    long position) {

  /** Whether it is nothing but records: no policy, no alias, no health check. */
  public boolean isPlain() {
    return routing == null && alias == null && check == HealthRegistry.NONE;
  }

  /** An AliasTarget. */
  public record Alias(DomainName target, boolean evaluateTargetHealth, long position) {}

  /** The one routing property of a record set; record sets of a group have the same. */
  public sealed interface Routing {
    /** The JSON key of the property. */
    String key();
  }

  /** 0 to 2^32-1; Route 53 stops at 255. */
  public record Weight(long weight) implements Routing {
    @Override
    public String key() {
      return "Weight";
    }
  }

  /** Latency: where it is, if the region is one that has coordinates here. */
  public record Region(String region, @Nullable Coordinates coordinates) implements Routing {
    @Override
    public String key() {
      return "Region";
    }
  }

  /** PRIMARY or SECONDARY. */
  public record Failover(boolean primary) implements Routing {
    @Override
    public String key() {
      return "Failover";
    }
  }

  /** A place. */
  public record Geo(Geolocation.Key place) implements Routing {
    @Override
    public String key() {
      return "GeoLocation";
    }
  }

  /** One of up to eight. */
  public record Multivalue() implements Routing {
    @Override
    public String key() {
      return "MultiValueAnswer";
    }
  }

  /** A point and its bias. */
  public record Proximity(Coordinates coordinates, int bias) implements Routing {
    @Override
    public String key() {
      return "GeoProximityLocation";
    }
  }

  /**
   * Blocks of a CIDR collection.
   *
   * @param location {@code *}: clients in no block
   * @param blocks empty for {@code *}
   */
  public record Cidr(String collection, String location, List<Prefix> blocks) implements Routing {
    @Override
    public String key() {
      return "CidrRoutingConfig";
    }
  }
}
