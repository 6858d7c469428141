package dev.meridian.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.analysis.LoggedQuery;
import dev.meridian.net.Prefix;
import dev.meridian.rr.RRType;
import dev.meridian.text.Reasons;
import dev.meridian.wire.DomainName;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a log of queries: one a line, {@code client qname qtype}, a line of Route 53's query log,
 * or a JSON object with {@code client}, {@code name} or {@code qname}, {@code type} or {@code
 * qtype}, and perhaps {@code subnet}; so both formats of {@code query-log}. A client subnet stands
 * for the client, as in routing. Empty lines and those that begin with {@code #} are left out.
 */
final class QueryLogFile {
  private static final int MAX_ERRORS = 10;
  private static final int ROUTE53_WORDS = 10;

  private final ObjectMapper json = new ObjectMapper();
  private final Map<LoggedQuery, Long> queries = new HashMap<>();
  private final List<String> errors = new ArrayList<>();

  private QueryLogFile() {}

  /** How often each query is in a file. */
  static Map<LoggedQuery, Long> read(Path file) {
    QueryLogFile log = new QueryLogFile();
    try (BufferedReader lines = Files.newBufferedReader(Inputs.file(file))) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank() && !line.startsWith("#") && log.errors.size() < MAX_ERRORS) {
          log.line(file + ":" + number + ":1: ", line.strip());
        }
      }
    } catch (IOException e) {
      throw CommandException.wrongInput(List.of(file + ":1:1: cannot be read: " + Reasons.of(e)));
    }
    if (!log.errors.isEmpty()) {
      throw CommandException.wrongInput(log.errors);
    }
    return log.queries;
  }

  private void line(String place, String line) {
    try {
      queries.merge(line.startsWith("{") ? object(line) : words(line), 1L, Long::sum);
    } catch (JsonProcessingException e) {
      errors.add(place + "not a JSON object: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      errors.add(place + e.getMessage());
    }
  }

  private static LoggedQuery words(String line) {
    String[] words = line.split("\\s+", -1);
    if (words.length == ROUTE53_WORDS && words[0].startsWith("1.")) {
      return query(isPlace(words[9]) ? words[9] : words[8], words[3], words[4]);
    }
    if (words.length != 3) {
      throw new IllegalArgumentException(
          "a query is 'client qname qtype', a line of Route 53's log, or a JSON object, not '"
              + line
              + "'");
    }
    return query(words[0], words[1], words[2]);
  }

  private LoggedQuery object(String line) throws JsonProcessingException {
    JsonNode node = json.readTree(line);
    String client = isPlace(node.path("subnet").asText("-")) ? "subnet" : "client";
    return query(text(node, client), text(node, "name", "qname"), text(node, "type", "qtype"));
  }

  /** Whether a client subnet is there and says anything (RFC 7871 §7.1.2). */
  private static boolean isPlace(String subnet) {
    return !subnet.equals("-") && !subnet.endsWith("/0");
  }

  private static String text(JsonNode node, String... fields) {
    for (String field : fields) {
      if (node.path(field).isTextual()) {
        return node.path(field).asText();
      }
    }
    throw new IllegalArgumentException("the field '" + fields[0] + "' is missing");
  }

  private static LoggedQuery query(String client, String name, String type) {
    return new LoggedQuery(
        Prefix.parse(client),
        DomainName.parse(name, DomainName.ROOT),
        RRType.parse(type)
            .orElseThrow(() -> new IllegalArgumentException("'" + type + "' is not an RR type")));
  }
}
