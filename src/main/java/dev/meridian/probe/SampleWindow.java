package dev.meridian.probe;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.meridian.health.BodyMatch;
import dev.meridian.health.Observation.Reason;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares the samples of a Prometheus response: {@code data.result[*].value[1]} of a vector,
 * {@code data.result[1]} of a scalar. One that does not fit, or is not complete, is no data.
 */
final class SampleWindow implements BodyWindow {
  private final BodyMatch.Samples wanted;
  private final JsonOctets seen = new JsonOctets(BodyMatch.Samples.OCTETS);
  private Finding missing = new Finding(Reason.INSUFFICIENT_DATA, "nothing was answered");

  SampleWindow(BodyMatch.Samples wanted) {
    this.wanted = wanted;
  }

  @Override
  public void add(ByteBuf piece, int octets) {
    seen.add(piece, octets);
  }

  @Override
  public boolean isFound(boolean ended) {
    if (!ended) {
      return false;
    }
    try {
      return judge(samples());
    } catch (IOException | NumberFormatException e) {
      missing = new Finding(Reason.INSUFFICIENT_DATA, "the answer is not Prometheus' JSON");
      return false;
    }
  }

  @Override
  public boolean isFull() {
    if (seen.isFull()) {
      missing =
          new Finding(
              Reason.INSUFFICIENT_DATA,
              "the answer is longer than " + seen.length() + " octets; sum up");
      return true;
    }
    return false;
  }

  @Override
  public Finding missing(String where) {
    return missing;
  }

  private boolean judge(List<String> samples) {
    for (String text : samples) {
      double sample = number(text);
      if (Double.isNaN(sample)) {
        missing = new Finding(Reason.INSUFFICIENT_DATA, "a sample is NaN");
        return false;
      }
    }
    for (String text : samples) {
      if (!wanted.contains(number(text))) {
        missing = new Finding(Reason.METRIC_BREACH, "the metric is " + text + ", not " + wanted);
        return false;
      }
    }
    missing = new Finding(Reason.INSUFFICIENT_DATA, "the query has no samples");
    return !samples.isEmpty();
  }

  /** Prometheus' own words for what is no finite number. */
  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  /** The texts at the places where a vector or a scalar has its values. */
  private List<String> samples() throws IOException {
    List<String> samples = new ArrayList<>();
    try (JsonParser parser = seen.parser()) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_STRING) {
          String pointer = parser.getParsingContext().pathAsPointer().toString();
          if (pointer.matches("/data/result/(\\d+/value/)?1")) {
            samples.add(parser.getText());
          }
        }
      }
      if (!parser.isClosed() && !parser.getParsingContext().inRoot()) {
        throw new IOException("it ends early");
      }
    }
    return samples;
  }
}
