package dev.meridian.querylog;

import dev.meridian.config.DnstapTarget;
import dev.meridian.config.LoggedClient;
import dev.meridian.config.QueryLogFormat;
import dev.meridian.config.ServerConfig;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is written down of queries, and where to.
 *
 * @param file of lines; {@code -} is standard output; empty: none
 * @param dnstap where frames go; empty: nowhere
 * @param oneIn the share of answers that is noted
 * @param wholeAddresses whether clients are noted by address; else by their network
 * @param server what names this server in each entry; empty: nothing does
 * @param version of this build
 */
public record QueryLogSettings(
    Optional<Path> file,
    QueryLogFormat format,
    Optional<DnstapTarget> dnstap,
    int oneIn,
    boolean wholeAddresses,
    Optional<String> server,
    String version) {
  /** Standard output. */
  static final Path STDOUT = Path.of("-");

  /**
   * As the configuration has it.
   *
   * @param version of this build
   */
  public static QueryLogSettings of(ServerConfig config, String version) {
    return new QueryLogSettings(
        config.queryLog(),
        config.queryLogFormat(),
        config.dnstap(),
        config.querySample(),
        config.queryClients() == LoggedClient.ADDRESS,
        config.serverId(),
        version);
  }

  /** Whether anything is written down. */
  public boolean isOn() {
    return file.isPresent() || dnstap.isPresent();
  }
}
