package dev.meridian.load;

import dev.meridian.health.HealthCheck;
import dev.meridian.health.HealthOverride;
import dev.meridian.source.Reporter;
import dev.meridian.source.SourceFiles;
import dev.meridian.source.TrackedFiles;
import dev.meridian.source.YamlNode;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlReader;
import dev.meridian.source.YamlValues;
import dev.meridian.text.Reasons;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code overrides.yaml}: what people decided about health checks, in a file that can be
 * reviewed and kept with the zones. Never throws for any content.
 */
final class OverridesFile {
  static final String NAME = "overrides.yaml";

  private static final List<String> KEYS =
      List.of("selector", "action", "author", "reason", "until");

  private static final String FOREVER = "forever";

  private final Reporter reporter;
  private final YamlValues nodes;
  private final List<HealthCheck> checks;
  private Instant since = Instant.EPOCH;

  /**
   * A reader.
   *
   * @param checks that overrides may mean
   */
  OverridesFile(Reporter reporter, List<HealthCheck> checks) {
    this.reporter = reporter;
    this.nodes = new YamlValues(reporter);
    this.checks = checks;
  }

  /** Reads it; what comes of a file with an error is of no use. */
  List<HealthOverride> read(Path path, long maxOctets) {
    int file = reporter.files().indexOf(NAME);
    TrackedFiles tracked = new TrackedFiles();
    try (InputStream in = tracked.open(path, NAME, maxOctets)) {
      since = Files.getLastModifiedTime(path).toInstant();
      YamlNode root = new YamlReader(file, reporter).read(in.readAllBytes());
      if (tracked.haveChanged()) {
        reporter.error(SourceFiles.position(file, 1, 1), "the file changed while it was read");
      }
      return root == null ? List.of() : overrides(root);
    } catch (IOException e) {
      reporter.error(SourceFiles.position(file, 1, 1), Reasons.of(e));
      return List.of();
    }
  }

  private List<HealthOverride> overrides(YamlNode root) {
    List<HealthOverride> overrides = new ArrayList<>();
    Mapping mapping = nodes.mapping(root, "a file of overrides", List.of("overrides"));
    YamlNode list = mapping == null ? null : YamlValues.get(mapping, "overrides");
    if (list instanceof YamlNode.Sequence sequence) {
      for (YamlNode item : sequence.items()) {
        HealthOverride override = override(item);
        if (override != null) {
          overrides.add(override);
        }
      }
    } else if (mapping != null) {
      reporter.error(
          root.position(), "write 'overrides:' with a list below it; 'overrides: []' for none");
    }
    return overrides;
  }

  private @Nullable HealthOverride override(YamlNode item) {
    Mapping mapping = nodes.mapping(item, "an override", KEYS);
    if (mapping == null) {
      return null;
    }
    for (String key : KEYS) {
      if (YamlValues.get(mapping, key) == null) {
        String hint = key.equals("until") ? ": a time, or forever" : "";
        reporter.error(item.position(), "an override needs '" + key + "'" + hint);
      }
    }
    String selector = text(mapping, "selector");
    HealthOverride.Action action = action(mapping);
    String author = text(mapping, "author");
    String reason = text(mapping, "reason");
    String until = text(mapping, "until");
    boolean forever = FOREVER.equals(until);
    Instant expires = until == null || forever ? null : instant(mapping, until);
    if (selector == null || action == null || author == null || reason == null) {
      return null;
    }
    if (expires == null && !forever) {
      return null;
    }
    warnIfNothingIsMeant(mapping, selector);
    // one that is over already ends nothing and begins nothing, whatever the file's own time is
    Instant from = expires == null || since.isBefore(expires) ? since : expires.minusSeconds(1);
    return nodes.tried(
        mapping.position(),
        () ->
            new HealthOverride(
                selector, action, author, reason, from, expires, HealthOverride.Origin.FILE));
  }

  private @Nullable String text(Mapping mapping, String key) {
    YamlNode node = YamlValues.get(mapping, key);
    return node == null ? null : nodes.text(node, key);
  }

  private HealthOverride.@Nullable Action action(Mapping mapping) {
    YamlNode node = YamlValues.get(mapping, "action");
    String word = text(mapping, "action");
    if (node == null || word == null) {
      return null;
    }
    return nodes.tried(node.position(), () -> HealthOverride.Action.parse(word));
  }

  private @Nullable Instant instant(Mapping mapping, String until) {
    try {
      return OffsetDateTime.parse(until).toInstant();
    } catch (DateTimeParseException e) {
      YamlNode node = YamlValues.get(mapping, "until");
      reporter.error(
          node == null ? mapping.position() : node.position(),
          "'" + until + "' is neither forever nor a time such as 2026-03-01T12:00:00Z");
      return null;
    }
  }

  private void warnIfNothingIsMeant(Mapping mapping, String selector) {
    Pattern pattern = HealthOverride.pattern(selector);
    if (checks.stream().noneMatch(check -> pattern.matcher(check.id()).matches())) {
      reporter.warning(
          mapping.position(), "no health check is meant by '" + selector + "'; it has no effect");
    }
  }
}
