package dev.meridian.querylog;

import dev.meridian.text.Reasons;
import java.io.IOException;
import java.nio.file.Path;

/** The file that queries were to be written to cannot be opened. */
public final class QueryLogException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  QueryLogException(Path file, IOException cause) {
    super(
        "cannot write the query log "
            + file
            + ": "
            + Reasons.of(cause)
            + "; choose another --query-log, or see who may write there",
        cause);
  }
}
