package dev.meridian.load;

import dev.meridian.load.RoutingTest.Bound;
import dev.meridian.load.RoutingTest.Expectation;
import dev.meridian.load.RoutingTest.Place;
import dev.meridian.load.RoutingTest.Selector;
import dev.meridian.rr.RRType;
import dev.meridian.source.LoadLimits;
import dev.meridian.source.Problems;
import dev.meridian.source.Reporter;
import dev.meridian.source.SourceFiles;
import dev.meridian.source.TrackedFiles;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Entry;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlReader;
import dev.meridian.source.YamlValues;
import dev.meridian.text.Reasons;
import dev.meridian.wire.DomainName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code tests/*.yaml} of a zone folder. The grammar is published as {@code
 * docs/schema/tests-1.json}; this class says the same with line and column. Never throws for any
 * content.
 */
public final class RoutingTestReader {
  /** Where tests are, in a zone folder. */
  public static final String FOLDER = "tests";

  private static final String SUFFIX = ".yaml";
  private static final List<String> KEYS =
      List.of(
          "name",
          "ask",
          "client",
          "down",
          "answer",
          "never",
          "share",
          "tolerance",
          "ttl",
          "scope",
          "rcode",
          "records");
  private static final List<String> EXPECTATIONS = KEYS.subList(4, KEYS.size());
  private static final List<String> RCODES =
      List.of("NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED", "YXDOMAIN");
  private static final Pattern BOUND = Pattern.compile("(<=|>=|=)?\\s*(\\d{1,10})");
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,9})?)\\s*%");

  private final Path folder;
  private final LoadLimits limits;
  private final Problems problems;
  private final List<RoutingTest> tests = new ArrayList<>();

  private RoutingTestReader(Path folder, LoadLimits limits) {
    this.folder = folder;
    this.limits = limits;
    this.problems = new Problems(limits.problemsPerFile());
  }

  /** Reads all test files of a zone folder; none if it has no {@code tests}. */
  public static LoadedTests load(Path folder, LoadLimits limits) {
    RoutingTestReader reader = new RoutingTestReader(folder, limits);
    for (String name : reader.list()) {
      new OneFile(reader, FOLDER + "/" + name).read(folder.resolve(FOLDER).resolve(name));
    }
    return new LoadedTests(reader.tests, reader.problems);
  }

  private List<String> list() {
    Path inside = folder.resolve(FOLDER);
    TreeSet<String> names = new TreeSet<>();
    if (Files.isDirectory(inside)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(inside)) {
        entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
      } catch (IOException | DirectoryIteratorException e) {
        problems.add(new Place(FOLDER, 1, 1).error("cannot be read: " + Reasons.of(e)));
      }
    }
    names.removeIf(name -> name.startsWith(".") || !name.endsWith(SUFFIX));
    return List.copyOf(names);
  }

  /** The reading of one file. */
  private static final class OneFile {
    private final RoutingTestReader all;
    private final String name;
    private final SourceFiles files = new SourceFiles();
    private final Reporter reporter;
    private final YamlValues nodes;

    OneFile(RoutingTestReader all, String name) {
      this.all = all;
      this.name = name;
      this.reporter = new Reporter(files, all.problems);
      this.nodes = new YamlValues(reporter);
    }

    void read(Path path) {
      int file = files.indexOf(name);
      YamlNode root;
      try (InputStream in = new TrackedFiles().open(path, name, all.limits.policyFileOctets())) {
        root = new YamlReader(file, reporter).read(in.readAllBytes());
      } catch (IOException e) {
        reporter.error(SourceFiles.position(file, 1, 1), Reasons.of(e));
        return;
      }
      Mapping mapping = root == null ? null : nodes.mapping(root, "a test file", List.of(FOLDER));
      YamlNode list = mapping == null ? null : YamlValues.get(mapping, FOLDER);
      if (mapping != null && list == null) {
        reporter.error(mapping.position(), "a test file begins with 'tests:' and a list");
      } else if (list != null) {
        nodes.items(list, FOLDER).forEach(this::test);
      }
    }

    private void test(YamlNode node) {
      int errors = reporter.errorCount();
      Mapping mapping = nodes.mapping(node, "a test", KEYS);
      if (mapping == null) {
        return;
      }
      Question question = question(mapping);
      String title = optional(mapping, "name").map(n -> nodes.text(n, "name")).orElse("");
      List<Clients> clients = clients(mapping);
      List<Selector> down = down(mapping);
      Expectation expectation = expectation(mapping);
      if (EXPECTATIONS.stream().allMatch(key -> YamlValues.get(mapping, key) == null)) {
        reporter.error(
            node.position(), "nothing is expected: add one of " + String.join(", ", EXPECTATIONS));
      }
      if (reporter.errorCount() == errors && question != null) {
        all.tests.add(
            new RoutingTest(
                place(node.position()),
                title,
                question.name(),
                question.types(),
                clients,
                down,
                expectation));
      }
    }

    private Place place(long position) {
      return new Place(name, SourceFiles.line(position), SourceFiles.column(position));
    }

    private static Optional<YamlNode> optional(Mapping mapping, String key) {
      return Optional.ofNullable(YamlValues.get(mapping, key));
    }

    private record Question(DomainName name, List<Integer> types) {}

    private @Nullable Question question(Mapping mapping) {
      YamlNode node = YamlValues.get(mapping, "ask");
      if (node == null) {
        reporter.error(mapping.position(), "'ask' is missing: a name, and types if not A");
        return null;
      }
      String text = nodes.text(node, "ask");
      if (text == null) {
        return null;
      }
      List<String> words = Arrays.asList(text.strip().split("\\s+", -1));
      List<Integer> types = new ArrayList<>();
      for (String word : words.subList(1, words.size())) {
        Optional<Integer> type = RRType.parse(word).filter(t -> !RRType.isMeta(t));
        if (type.isEmpty()) {
          reporter.error(node.position(), "'" + word + "' is no type of records");
        }
        type.ifPresent(types::add);
      }
      DomainName asked =
          nodes.tried(node.position(), () -> DomainName.parse(words.getFirst(), DomainName.ROOT));
      return asked == null
          ? null
          : new Question(asked, words.size() == 1 ? List.of(RRType.A) : types);
    }

    private List<Clients> clients(Mapping mapping) {
      YamlNode node = YamlValues.get(mapping, "client");
      List<Clients> clients = new ArrayList<>();
      for (YamlNode item : node == null ? List.<YamlNode>of() : nodes.oneOrMore(node, "client")) {
        String text = nodes.text(item, "a client");
        Clients parsed =
            text == null ? null : nodes.tried(item.position(), () -> Clients.parse(text));
        if (parsed != null) {
          clients.add(parsed);
        }
      }
      return node == null ? List.of(new Clients.Everyone()) : clients;
    }

    private List<Selector> down(Mapping mapping) {
      List<Selector> selectors = new ArrayList<>();
      for (YamlNode item : list(mapping, "down")) {
        String text = nodes.text(item, "what is down");
        if (text != null) {
          selectors.add(new Selector(text.equals("all") ? "*" : text, place(item.position())));
        }
      }
      return selectors;
    }

    private List<YamlNode> list(Mapping mapping, String key) {
      YamlNode node = YamlValues.get(mapping, key);
      return node == null ? List.of() : nodes.oneOrMore(node, key);
    }

    private Expectation expectation(Mapping mapping) {
      Map<String, Double> shares = new LinkedHashMap<>();
      optional(mapping, "share").ifPresent(node -> shares(node, shares));
      Double tolerance =
          optional(mapping, "tolerance").map(node -> percent(node, "tolerance")).orElse(null);
      return new Expectation(
          texts(mapping, "answer"),
          Optional.ofNullable(texts(mapping, "never")).orElse(List.of()),
          shares,
          tolerance == null ? Expectation.DEFAULT_TOLERANCE : tolerance,
          optional(mapping, "ttl").map(node -> bound(node, "ttl")).orElse(null),
          optional(mapping, "scope").map(node -> bound(node, "scope")).orElse(null),
          optional(mapping, "rcode").map(this::rcode).orElse(null),
          texts(mapping, "records"));
    }

    private @Nullable List<String> texts(Mapping mapping, String key) {
      if (YamlValues.get(mapping, key) == null) {
        return null;
      }
      List<String> texts = new ArrayList<>();
      for (YamlNode item : list(mapping, key)) {
        String text = nodes.text(item, key);
        if (text != null) {
          texts.add(text);
        }
      }
      return texts;
    }

    private void shares(YamlNode node, Map<String, Double> shares) {
      for (Entry entry : nodes.entries(node, "share")) {
        Double share = percent(entry.value(), "a share");
        if (share != null) {
          shares.put(entry.key().text(), share);
        }
      }
    }

    private @Nullable Double percent(YamlNode node, String what) {
      String text = nodes.text(node, what);
      Matcher percent = PERCENT.matcher(text == null ? "" : text.strip());
      if (percent.matches() && Double.parseDouble(percent.group(1)) <= 100) {
        return Double.parseDouble(percent.group(1)) / 100;
      }
      if (text != null) {
        reporter.error(node.position(), what + " is a percentage such as 25%, not '" + text + "'");
      }
      return null;
    }

    private @Nullable Bound bound(YamlNode node, String what) {
      String text = nodes.text(node, what);
      Matcher bound = BOUND.matcher(text == null ? "" : text.strip());
      if (bound.matches()) {
        String comparison = bound.group(1) == null ? "=" : bound.group(1);
        return new Bound(comparison, Long.parseLong(bound.group(2)));
      }
      if (text != null) {
        reporter.error(
            node.position(), what + " is a number, or '<= 60', or '>= 60', not '" + text + "'");
      }
      return null;
    }

    private @Nullable String rcode(YamlNode node) {
      String text = nodes.text(node, "rcode");
      if (text != null && !RCODES.contains(text)) {
        reporter.error(
            node.position(),
            "rcode is one of " + String.join(", ", RCODES) + ", not '" + text + "'");
      }
      return text;
    }
  }
}
