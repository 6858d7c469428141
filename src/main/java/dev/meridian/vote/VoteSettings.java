package dev.meridian.vote;

import dev.meridian.config.ServerConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How this server votes on health with others.
 *
 * @param vantage its name among them
 * @param listen where it receives votes
 * @param peers where all others do
 * @param keyFile with the key that all share
 */
public record VoteSettings(
    String vantage, InetSocketAddress listen, List<InetSocketAddress> peers, Path keyFile) {
  /** Empty: it is alone. */
  public static Optional<VoteSettings> of(ServerConfig config) {
    if (config.votePeers().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new VoteSettings(
            config.vantage().orElseThrow(),
            config.voteListen().orElseThrow(),
            config.votePeers(),
            config.voteKeyFile().orElseThrow()));
  }
}
