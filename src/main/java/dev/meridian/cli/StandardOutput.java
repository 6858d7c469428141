package dev.meridian.cli;

import dev.meridian.text.Reasons;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * Standard output that remembers why it could not be written: a {@link PrintStream} tells nobody,
 * and half a result in a file on a full disk would pass for a whole one.
 */
final class StandardOutput {
  private static final String READER_IS_GONE = "Broken pipe"; // EPIPE: errno(3)

  private final Target target;
  private final PrintStream stream;

  StandardOutput(OutputStream out, Charset charset) {
    target = new Target(out);
    stream = new PrintStream(new BufferedOutputStream(target), true, charset);
  }

  PrintStream stream() {
    return stream;
  }

  /**
   * Writes the rest of it.
   *
   * @param code how the command ended
   * @return the same, or 3 if a result is not where it was to go. Who reads no further, such as
   *     {@code head}, has what he wanted
   */
  int conclude(int code, PrintStream err) {
    stream.flush();
    IOException failure = target.failure;
    if (failure == null || READER_IS_GONE.equals(failure.getMessage())) {
      return code;
    }
    err.println("meridian: standard output cannot be written: " + Reasons.of(failure));
    return code == 0 ? CommandException.CANNOT_RUN : code;
  }

  private static final class Target extends FilterOutputStream {
    private @Nullable IOException failure;

    Target(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] octets, int from, int count) throws IOException {
      try {
        out.write(octets, from, count);
      } catch (IOException e) {
        failure = failure == null ? e : failure;
        throw e;
      }
    }
  }
}
