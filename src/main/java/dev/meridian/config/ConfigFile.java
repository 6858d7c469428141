package dev.meridian.config;

import dev.meridian.config.ServerConfig.Setting;
import dev.meridian.text.NearMiss;
import dev.meridian.text.Reasons;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads the optional configuration file: one YAML 1.2 mapping of {@link ConfigKey} names to a value
 * or, for repeatable settings, a list of values. Values are read by {@link ConfigKey}; here only
 * the shape is checked and the place of each value kept for messages.
 */
final class ConfigFile {
  /** Far above any real file; it only keeps a mistaken path from filling the memory. */
  private static final int MAX_CODE_POINTS = 1 << 20;

  private final Path file;
  private final Map<ConfigKey, List<Setting>> settings;
  private final List<ConfigProblem> problems;
  private final Set<ConfigKey> seen = new HashSet<>();

  private ConfigFile(
      Path file, Map<ConfigKey, List<Setting>> settings, List<ConfigProblem> problems) {
    this.file = file;
    this.settings = settings;
    this.problems = problems;
  }

  /** Adds what the file says to {@code settings} and what is wrong with it to {@code problems}. */
  static void read(
      Path file, Map<ConfigKey, List<Setting>> settings, List<ConfigProblem> problems) {
    new ConfigFile(file, settings, problems).read();
  }

  private void read() {
    try (InputStream in = Files.newInputStream(file)) {
      refuseStrangers();
      LoadSettings load =
          LoadSettings.builder()
              .setLabel(file.toString())
              .setCodePointLimit(MAX_CODE_POINTS)
              .build();
      new Compose(load).composeInputStream(in).ifPresent(this::document);
    } catch (MarkedYamlEngineException e) {
      problem(e.getProblemMark(), e.getProblem());
    } catch (YamlEngineException e) {
      unreadable(e.getCause() instanceof IOException cause ? cause : e);
    } catch (NoSuchFileException e) {
      problem(Optional.empty(), "there is no such file");
    } catch (IOException e) {
      unreadable(e);
    }
  }

  private void unreadable(Exception e) {
    problem(Optional.empty(), "cannot be read: " + Reasons.of(e));
  }

  /** Settings say what may be run and read as this user, so they must not be anybody's to write. */
  private void refuseStrangers() throws IOException {
    if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_WRITE)) {
      problem(Optional.empty(), "anybody on this machine can write this file; chmod o-w it");
    }
  }

  private void document(Node root) {
    if (!(root instanceof MappingNode mapping)) {
      problem(root.getStartMark(), "expected settings, one 'key: value' per line");
      return;
    }
    for (NodeTuple entry : mapping.getValue()) {
      entry(entry.getKeyNode(), entry.getValueNode());
    }
  }

  private void entry(Node keyNode, Node value) {
    String name = keyNode instanceof ScalarNode scalar ? scalar.getValue() : "";
    Optional<ConfigKey> key = ConfigKey.of(name);
    if (key.isEmpty()) {
      problem(
          keyNode.getStartMark(),
          "there is no setting '" + name + "'" + NearMiss.hint(name, ConfigKey.keys()));
    } else if (!seen.add(key.get())) {
      problem(keyNode.getStartMark(), name + " is set twice; keep one of them");
    } else {
      value(key.get(), value);
    }
  }

  private void value(ConfigKey key, Node value) {
    List<Node> nodes = value instanceof SequenceNode list ? list.getValue() : List.of(value);
    List<Setting> values = new ArrayList<>();
    for (Node node : nodes) {
      if (node instanceof ScalarNode scalar) {
        values.add(new Setting(scalar.getValue(), where(node.getStartMark())));
      } else {
        problem(node.getStartMark(), key.key() + " takes " + key.range());
      }
    }
    settings.put(key, values);
  }

  private void problem(Optional<Mark> mark, String message) {
    problems.add(new ConfigProblem(where(mark), message));
  }

  /** Lines and columns count from 1, as editors do. */
  private String where(Optional<Mark> mark) {
    return mark.map(m -> file + ":" + (m.getLine() + 1) + ":" + (m.getColumn() + 1))
        .orElse(file + ":1:1");
  }
}
