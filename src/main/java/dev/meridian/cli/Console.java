package dev.meridian.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Where a command writes.
 *
 * @param out results, for people or programs
 * @param err everything else
 */
record Console(PrintStream out, PrintStream err) {
  void print(String text) {
    out.print(text);
  }

  void line(String text) {
    out.println(text);
  }

  void error(String text) {
    err.println(text);
  }

  void errors(List<String> lines) {
    lines.forEach(err::println);
  }

  PrintWriter outWriter() {
    return new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), true);
  }

  PrintWriter errWriter() {
    return new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true);
  }
}
