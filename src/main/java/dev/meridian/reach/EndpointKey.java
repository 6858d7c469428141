package dev.meridian.reach;

/**
 * Which endpoint: ids are unique within a zone.
 *
 * @param zone the apex, without the dot at its end
 */
public record EndpointKey(String zone, String id) implements Comparable<EndpointKey> {
  /** {@code example.com/fra-1}, as ids of health checks begin. */
  @Override
  public String toString() {
    return zone + "/" + id;
  }

  @Override
  public int compareTo(EndpointKey other) {
    return toString().compareTo(other.toString());
  }
}
