package dev.meridian.policy;

import dev.meridian.net.Prefix;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

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
 * A client of whom only a prefix is known is in a block if the block covers all of the prefix. The
 * family that counts is the client's, not the record's. Source: Route 53 IP-based routing.
 *
 * @param networks in the order written; one of them at most is the default
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

  /** Positions of the networks around a client prefix, the longest block first. */
  int[] order(Prefix client) {
    return IntStream.range(0, networks.size())
        .filter(i -> networks.get(i).isDefault() || longestBlock(networks.get(i), client) >= 0)
        .boxed()
        .sorted(Comparator.comparingInt(i -> -longestBlock(networks.get(i), client)))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** All blocks, shorter ones first. */
  List<Prefix> blocks() {
    return networks.stream()
        .flatMap(network -> network.blocks().stream())
        .sorted(Comparator.comparingInt(Prefix::length))
        .toList();
  }

  /** Positions for a client in no block: the default, if there is one. */
  int[] defaultOrder() {
    return IntStream.range(0, networks.size()).filter(i -> networks.get(i).isDefault()).toArray();
  }

  /** The length of the longest block that covers the client; -1 if none does. */
  static int longestBlock(Network network, Prefix client) {
    return network.blocks().stream()
        .filter(block -> block.contains(client))
        .mapToInt(Prefix::length)
        .max()
        .orElse(-1);
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
