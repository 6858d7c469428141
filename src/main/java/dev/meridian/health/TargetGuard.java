package dev.meridian.health;

import dev.meridian.net.Prefix;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps health checks from being aimed at addresses that no service has a reason to live at: a zone
 * file must not be able to make the name server talk to its cloud's metadata service (server-side
 * request forgery), to a whole network, or to nobody.
 *
 * <p>Loopback and private addresses (RFC 1918, RFC 4193, RFC 6598) are allowed: watching what only
 * the inside can reach is what a self-hosted checker is for. Route 53 refuses these too.
 *
 * <p>The operator's prefixes come in between:
 *
 * <pre>
 * the longest prefix around the address is   then
 * none                                       allowed
 * the operator's, denied                     refused
 * the operator's, allowed                    allowed
 * built in                                   refused
 * of one length: denied, else allowed, else built in
 * </pre>
 *
 * So a wide prefix that is allowed opens nothing that is built in: that has to be named, or a part
 * of it. An IPv6 address with an IPv4 address in it has to pass as both.
 *
 * <p>Nor does an HTTP request go to a port where lines are commands: what a body says there would
 * be done by whoever listens.
 */
public final class TargetGuard {
  private static final String METADATA =
      "is a cloud metadata address, which health checks may not probe";
  private static final String LINK_LOCAL =
      "is a link-local address, which health checks may not probe"
          + " (cloud metadata services live there)";
  private static final String MULTICAST =
      "is a multicast address; a health check needs the address of one host";
  private static final String UNSPECIFIED =
      "is the unspecified address; a health check needs the address of one host";

  private static final List<Rule> BUILT_IN =
      List.of(
          new Rule("fd00:ec2::254", METADATA), // AWS
          new Rule("fd20:ce::254", METADATA), // Google Cloud
          new Rule("168.63.129.16", METADATA), // Azure
          new Rule("100.100.100.200", METADATA), // Alibaba Cloud
          new Rule("192.0.0.192", METADATA), // Oracle Cloud
          new Rule("169.254.169.254", LINK_LOCAL), // nearly all; not opened by its /16
          new Rule("169.254.170.2", LINK_LOCAL), // AWS, credentials of containers
          new Rule("169.254.170.23", LINK_LOCAL), // AWS, credentials of pods
          new Rule("169.254.0.0/16", LINK_LOCAL),
          new Rule("fe80::/10", LINK_LOCAL),
          new Rule("224.0.0.0/4", MULTICAST),
          new Rule("ff00::/8", MULTICAST),
          new Rule("0.0.0.0", UNSPECIFIED),
          new Rule("::", UNSPECIFIED),
          new Rule(
              "0.0.0.0/8",
              "is in 0.0.0.0/8, which means \"this network\" (RFC 1122) and is no host"),
          new Rule(
              "240.0.0.0/4", "is in 240.0.0.0/4, which is reserved (RFC 1112) and is no host"));

  /** Ports of protocols that pass over lines they do not know, and do the next one. */
  private static final Map<Integer, String> COMMANDS =
      Map.ofEntries(
          Map.entry(21, "FTP"),
          Map.entry(22, "SSH"),
          Map.entry(23, "Telnet"),
          Map.entry(25, "SMTP"),
          Map.entry(110, "POP3"),
          Map.entry(119, "NNTP"),
          Map.entry(143, "IMAP"),
          Map.entry(465, "SMTP"),
          Map.entry(563, "NNTP"),
          Map.entry(587, "SMTP"),
          Map.entry(993, "IMAP"),
          Map.entry(995, "POP3"),
          Map.entry(6379, "Redis"),
          Map.entry(6667, "IRC"),
          Map.entry(11211, "memcached"));

  /** Where IPv4 addresses are embedded in IPv6: the leading octets, then the IPv4 address. */
  private static final List<byte[]> EMBEDDING =
      List.of(
          new byte[12], // IPv4-compatible, RFC 4291 §2.5.5.1
          new byte[] {0x20, 0x02}, // 6to4, RFC 3056 §2
          new byte[] {0, 0x64, (byte) 0xFF, (byte) 0x9B, 0, 0, 0, 0, 0, 0, 0, 0}); // RFC 6052 §2.1

  /** Refuses what is built in, and nothing else. */
  public static final TargetGuard DEFAULT = new TargetGuard(List.of(), List.of());

  /**
   * What becomes of the addresses in a prefix.
   *
   * @param refusal as {@link TargetGuard#refusal} returns it
   */
  private record Rule(Prefix prefix, @Nullable String refusal) {
    Rule(String prefix, String refusal) {
      this(Prefix.parse(prefix), refusal);
    }
  }

  /** The longest first. */
  private final List<Rule> rules;

  /**
   * What is built in, and the operator's will.
   *
   * @param allowed prefixes that may be probed though a shorter one is refused
   * @param denied prefixes that may not
   */
  public TargetGuard(List<Prefix> allowed, List<Prefix> denied) {
    List<Rule> all = new ArrayList<>();
    for (Prefix prefix : denied) {
      all.add(new Rule(prefix, "is in " + prefix + ", which health-deny keeps from being probed"));
    }
    for (Prefix prefix : allowed) {
      all.add(new Rule(prefix, null));
    }
    Comparator<Rule> longest = Comparator.comparingInt(rule -> -rule.prefix.length());
    rules = Stream.concat(all.stream(), BUILT_IN.stream()).sorted(longest).toList(); // stable
  }

  /**
   * The check, if it may be made.
   *
   * @throws IllegalArgumentException with a sentence, if its address or port may not be probed;
   *     names are looked at when they have been resolved
   */
  public HealthCheck admit(HealthCheck check) {
    String service = isHttp(check.kind()) ? COMMANDS.get(check.kind().port()) : null;
    if (service != null) {
      throw new IllegalArgumentException(
          "port "
              + check.kind().port()
              + " is that of "
              + service
              + ", which could take an HTTP request for commands; probe it with tcp or tls");
    }
    InetAddress address = check.address();
    String refusal = address == null ? null : refusal(address);
    if (address != null && refusal != null) {
      throw new IllegalArgumentException(address.getHostAddress() + " " + refusal);
    }
    return check;
  }

  private static boolean isHttp(CheckKind kind) {
    return kind instanceof CheckKind.Http || kind instanceof MetricCheck;
  }

  /**
   * Why a health check must not probe {@code address}, as the end of a sentence that starts with
   * the address ("is a link-local address, …"); null if it may.
   */
  public @Nullable String refusal(InetAddress address) {
    byte[] octets = address.getAddress();
    Prefix whole = Prefix.of(octets, octets.length * 8);
    for (Rule rule : rules) {
      if (rule.prefix.contains(whole)) {
        return rule.refusal == null ? refusalOfEmbedded(octets) : rule.refusal;
      }
    }
    return refusalOfEmbedded(octets);
  }

  private @Nullable String refusalOfEmbedded(byte[] octets) {
    if (octets.length == 4 || isUnspecifiedOrLoopback(octets)) {
      return null;
    }
    for (byte[] prefix : EMBEDDING) {
      int end = prefix.length;
      if (Arrays.equals(prefix, 0, end, octets, 0, end)) {
        InetAddress inner = addressOf(Arrays.copyOfRange(octets, end, end + 4));
        String refusal = refusal(inner);
        return refusal == null
            ? null
            : "contains the IPv4 address " + inner.getHostAddress() + ", which " + refusal;
      }
    }
    return null;
  }

  private static InetAddress addressOf(byte[] octets) {
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(octets.length + " octets make no address", e);
    }
  }

  /** {@code ::} and {@code ::1} look like IPv4-compatible addresses and are none. */
  private static boolean isUnspecifiedOrLoopback(byte[] octets) {
    return Arrays.equals(octets, 0, 15, new byte[15], 0, 15) && (octets[15] & 0xFF) <= 1;
  }
}
