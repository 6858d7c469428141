package dev.meridian.resolver;

import dev.meridian.net.Prefix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Whom to ask, and how often.
 *
 * @param servers recursive resolvers, asked in this order; at least one
 * @param patience with one server before the next is asked
 * @param shortest time between two questions for one name, whatever its TTL
 * @param longest time between two questions for one name, whatever its TTL
 * @param maxNames how many names are resolved at most
 */
public record ResolverSettings(
    List<InetSocketAddress> servers,
    Duration patience,
    Duration shortest,
    Duration longest,
    int maxNames) {
  private static final Path SYSTEM = Path.of("/etc/resolv.conf");
  private static final int DNS_PORT = 53;

  /** Copies the list. */
  public ResolverSettings {
    servers = List.copyOf(servers);
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("nobody to ask");
    }
  }

  /** The usual times, with these servers; without any those of the system. */
  public static ResolverSettings of(List<InetSocketAddress> servers) {
    return new ResolverSettings(
        servers.isEmpty() ? ofSystem(SYSTEM) : servers,
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofMinutes(5),
        10_000);
  }

  /**
   * The {@code nameserver} lines of a file such as {@code /etc/resolv.conf}; as resolv.conf(5) has
   * it, the local machine where there are none.
   */
  static List<InetSocketAddress> ofSystem(Path file) {
    List<InetSocketAddress> servers = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        String[] words = line.strip().split("\\s+", -1);
        byte[] octets =
            words.length > 1 && words[0].equals("nameserver")
                ? Prefix.parseAddress(words[1])
                : null;
        if (octets != null) {
          servers.add(new InetSocketAddress(address(octets), DNS_PORT));
        }
      }
    } catch (IOException e) {
      servers.clear(); // no such file: the default holds
    }
    return servers.isEmpty()
        ? List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), DNS_PORT))
        : servers;
  }

  private static InetAddress address(byte[] octets) throws UnknownHostException {
    return InetAddress.getByAddress(octets);
  }
}
