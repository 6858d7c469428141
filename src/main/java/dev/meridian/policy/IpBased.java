package dev.meridian.policy;

import dev.meridian.net.Prefix;
import java.util.List;

/**
 * The healthy candidate with the longest block around the client.
 *
 * <pre>
 * the client's chain                               answer
 * covering blocks, longest first, then default     first healthy one
 * none of the chain healthy                        first of the chain
 * chain empty                                      no answer: NODATA
 * </pre>
 *
 * The family that counts is the client's, not the record's. Source: Route 53 IP-based routing.
 */
public record IpBased(List<Network> networks) implements RoutingPolicy {
  /** A candidate and the blocks that lead to it; no blocks means the default. */
  public record Network(Candidate candidate, List<Prefix> blocks) {
    /** Copies the list. */
    public Network {
      blocks = List.copyOf(blocks);
    }

    /** Whether this is the branch for clients in no block. */
    public boolean isDefault() {
      return blocks.isEmpty();
    }
  }

  /** Copies the list. */
  public IpBased {
    networks = List.copyOf(networks);
  }

  @Override
  public List<Candidate> candidates() {
    return networks.stream().map(Network::candidate).toList();
  }

  @Override
  public String keyword() {
    return "cidr";
  }
}
