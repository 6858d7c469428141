package dev.meridian.querylog;

import dev.meridian.config.DnstapTarget;
import dev.meridian.config.QueryLogFormat;
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

  /** Whether anything is written down. */
  public boolean isOn() {
    return file.isPresent() || dnstap.isPresent();
  }
}
