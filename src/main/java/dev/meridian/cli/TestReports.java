package dev.meridian.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.meridian.analysis.TestResult;
import dev.meridian.analysis.TestResult.Failure;
import dev.meridian.answer.ExplanationText;
import dev.meridian.load.RoutingTest;
import dev.meridian.rr.RRType;
import dev.meridian.text.Count;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What came of tests: for people, for programs, and for CI systems that know JUnit's XML. */
final class TestReports {
  private TestReports() {}

  static String text(Path folder, List<TestResult> results) {
    StringBuilder text = new StringBuilder();
    for (TestResult result : results) {
      if (!result.passed()) {
        failed(folder, result, text);
      }
    }
    long failed = results.stream().filter(result -> !result.passed()).count();
    String outcome = failed == 0 ? "all passed" : failed + " failed";
    if (results.isEmpty()) {
      outcome = "write some to " + folder.resolve("tests") + ", or let --generate do it";
    }
    return text.append(folder)
        .append(": ")
        .append(Count.of(results.size(), "test"))
        .append(", ")
        .append(outcome)
        .append(results.isEmpty() ? "" : " in " + milliseconds(results) + " ms")
        .append('\n')
        .toString();
  }

  private static String milliseconds(List<TestResult> results) {
    double nanos = results.stream().mapToLong(TestResult::nanos).sum();
    return String.format(Locale.ROOT, "%.1f", nanos / 1e6);
  }

  private static void failed(Path folder, TestResult result, StringBuilder text) {
    RoutingTest test = result.test();
    text.append(folder.resolve(test.place().toString()))
        .append(": FAILED: ")
        .append(title(test))
        .append('\n');
    for (Failure failure : result.failures()) {
      text.append(indented(failure(failure), "    ")).append('\n');
    }
  }

  /** The name that a test has, or what it asks. */
  static String title(RoutingTest test) {
    if (!test.title().isEmpty()) {
      return test.title();
    }
    String types = test.types().stream().map(RRType::toText).collect(Collectors.joining(" "));
    String clients =
        test.clients().stream().map(Object::toString).collect(Collectors.joining(", "));
    String down =
        test.down().stream().map(RoutingTest.Selector::text).collect(Collectors.joining(", "));
    return test.question()
        + " "
        + types
        + " for "
        + clients
        + (down.isEmpty() ? "" : ", down: " + (down.equals("*") ? "all" : down));
  }

  private static String failure(Failure failure) {
    String head = RRType.toText(failure.type()) + ": " + failure.sentence() + "\n";
    if (failure.explanation() == null) {
      return head;
    }
    return head + indented(ExplanationText.of(failure.explanation(), failure.healthText()), "  ");
  }

  private static String indented(String text, String indent) {
    return text.lines()
        .map(line -> line.isEmpty() ? line : indent + line)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  static String json(Path folder, List<TestResult> results) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("folder", folder.toString());
      json.writeBooleanField("ok", results.stream().allMatch(TestResult::passed));
      json.writeArrayFieldStart("tests");
      for (TestResult result : results) {
        test(json, result);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return text.toString();
  }

  private static void test(JsonGenerator json, TestResult result) throws IOException {
    RoutingTest test = result.test();
    json.writeStartObject();
    json.writeStringField("name", title(test));
    json.writeStringField("file", test.place().file());
    json.writeNumberField("line", test.place().line());
    json.writeNumberField("column", test.place().column());
    json.writeBooleanField("passed", result.passed());
    json.writeArrayFieldStart("failures");
    for (Failure failure : result.failures()) {
      json.writeStartObject();
      json.writeStringField("type", RRType.toText(failure.type()));
      json.writeStringField("message", failure.sentence());
      if (failure.explanation() != null) {
        json.writeStringField("client", failure.explanation().client().toString());
        json.writeStringField(
            "explanation", ExplanationText.of(failure.explanation(), failure.healthText()));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** The XML that JUnit's Ant task began and every CI system reads. */
  static String junit(Path folder, List<TestResult> results) {
    long failed = results.stream().filter(result -> !result.passed()).count();
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append("<testsuite name=\"meridian test ")
        .append(escaped(folder.toString()))
        .append("\" tests=\"" + results.size() + "\" failures=\"" + failed + "\" errors=\"0\">\n");
    for (TestResult result : results) {
      RoutingTest test = result.test();
      String seconds = String.format(Locale.ROOT, "%.6f", result.nanos() / 1e9);
      xml.append("  <testcase classname=\"" + escaped(test.place().file()) + "\" name=\"")
          .append(escaped(title(test)))
          .append("\" file=\"" + escaped(folder.resolve(test.place().file()).toString()))
          .append("\" line=\"" + test.place().line() + "\" time=\"" + seconds + "\">\n");
      for (Failure failure : result.failures()) {
        xml.append("    <failure message=\"" + escaped(failure.sentence()) + "\">")
            .append(escaped(failure(failure)))
            .append("</failure>\n");
      }
      xml.append("  </testcase>\n");
    }
    return xml.append("</testsuite>\n").toString();
  }

  /** XML 1.0 has no other control characters than these, not even escaped. */
  private static String escaped(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        default -> out.append(c >= ' ' || c == '\n' || c == '\t' ? c : '?');
      }
    }
    return out.toString();
  }
}
