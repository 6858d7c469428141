package dev.meridian.source;

import dev.meridian.source.YamlNode.Entry;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlNode.Scalar;
import dev.meridian.source.YamlNode.Sequence;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads one YAML 1.2 document into {@link YamlNode}s. Refuses what a policy never needs and an
 * attacker might: tags, keys that are not scalars, duplicate keys, deep nesting, and aliases that
 * blow up.
 */
public final class YamlReader {
  private static final int MAX_DEPTH = 50;
  private static final int MAX_ALIASES = 50;
  private static final int MAX_NODES = 1_000_000;

  /** Ends the reading; the message goes to the operator. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final long position;

    Refused(long position, String message) {
      super(message);
      this.position = position;
    }
  }

  /** A node, how many nodes it is, and how deep, when all aliases in it are written out. */
  private record Weighed(YamlNode node, int weight, int depth) {}

  private final int file;
  private final Reporter reporter;
  private final Map<Anchor, Weighed> anchors = new HashMap<>();
  private int aliases;
  private int weight;

  /** The deepest level seen below the node being read. */
  private int deepest;

  /**
   * @param file number in {@link SourceFiles}
   */
  public YamlReader(int file, Reporter reporter) {
    this.file = file;
    this.reporter = reporter;
  }

  /** The root of the document, or null after reporting what keeps it from being read. */
  public @Nullable YamlNode read(byte[] octets) {
    try {
      return document(decode(octets));
    } catch (Refused e) {
      reporter.error(e.position, String.valueOf(e.getMessage()));
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
      String problem = e.getProblem() == null ? e.getContext() : e.getProblem();
      reporter.error(mark.map(this::position).orElse(at(1, 1)), malformed(problem));
    } catch (YamlEngineException e) {
      reporter.error(at(1, 1), malformed(e.getMessage()));
    }
    return null;
  }

  /** YAML is a superset of JSON; who wrote JSON should not have to know that. */
  private String malformed(@Nullable String problem) {
    String format = reporter.files().file(at(1, 1)).endsWith(".json") ? "JSON" : "YAML";
    return "not well-formed " + format + ": " + problem;
  }

  private long at(int line, int column) {
    return SourceFiles.position(file, line, column);
  }

  private long position(Mark mark) {
    return at(mark.getLine() + 1, mark.getColumn() + 1);
  }

  private long position(Event event) {
    return event.getStartMark().map(this::position).orElse(at(1, 1));
  }

  private String decode(byte[] octets) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer text = CharBuffer.allocate(octets.length);
    ByteBuffer in = ByteBuffer.wrap(octets);
    CoderResult result = decoder.decode(in, text, true);
    text.flip();
    String decoded = text.toString();
    if (result.isError()) {
      throw new Refused(behind(decoded), "not UTF-8 text; save the file as UTF-8");
    }
    int start = decoded.startsWith("\uFEFF") ? 1 : 0;
    for (int i = start; i < decoded.length(); i++) {
      char c = decoded.charAt(i);
      if (c < ' ' && c != '\n' && c != '\r' && c != '\t') {
        throw new Refused(
            behind(decoded.substring(0, i)),
            c == 0
                ? "NUL octet: the file is binary, or was cut off while it was written"
                : "control character");
      }
    }
    return decoded.substring(start);
  }

  /** The place behind a text that begins the file. */
  private long behind(String text) {
    int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
    return at(line, text.length() - text.lastIndexOf('\n'));
  }

  private YamlNode document(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setUseMarks(true)
            .setParseComments(false)
            .setCodePointLimit(Integer.MAX_VALUE)
            .build();
    Iterator<Event> events = new Parse(settings).parseString(text).iterator();
    YamlNode root = new Mapping(List.of(), at(1, 1));
    boolean seen = false;
    while (events.hasNext()) {
      Event event = events.next();
      if (event instanceof NodeEvent) {
        if (seen) {
          throw new Refused(position(event), "a second document; one file holds one policy");
        }
        root = node(event, events, 0);
        seen = true;
      }
    }
    return root;
  }

  private YamlNode node(Event event, Iterator<Event> events, int depth) {
    requireDepth(event, depth);
    if (event instanceof AliasEvent alias) {
      return alias(alias, depth);
    }
    int before = weight;
    int outerDepth = deepest;
    deepest = depth;
    count(event, 1);
    YamlNode node =
        switch (event.getEventId()) {
          case Scalar -> scalar((ScalarEvent) event);
          case SequenceStart -> sequence((CollectionStartEvent) event, events, depth);
          case MappingStart -> mapping((CollectionStartEvent) event, events, depth);
          default -> throw new Refused(position(event), "unexpected " + event.getEventId());
        };
    ((NodeEvent) event)
        .getAnchor()
        .ifPresent(
            anchor -> anchors.put(anchor, new Weighed(node, weight - before, deepest - depth)));
    deepest = Math.max(deepest, outerDepth);
    return node;
  }

  private void requireDepth(Event event, int depth) {
    if (depth > MAX_DEPTH) {
      throw new Refused(position(event), "nested more than " + MAX_DEPTH + " deep");
    }
  }

  private void count(Event event, int nodes) {
    weight += nodes;
    if (weight > MAX_NODES) {
      throw new Refused(position(event), "more than " + MAX_NODES + " nodes, aliases written out");
    }
  }

  private YamlNode alias(AliasEvent event, int depth) {
    Weighed target = anchors.get(event.getAlias());
    if (target == null) {
      throw new Refused(
          position(event),
          "alias *" + event.getAlias() + " has no anchor before it that is complete");
    }
    if (++aliases > MAX_ALIASES) {
      throw new Refused(position(event), "more than " + MAX_ALIASES + " aliases");
    }
    count(event, target.weight());
    deepest = Math.max(deepest, depth + target.depth());
    requireDepth(event, deepest);
    return target.node();
  }

  private YamlNode scalar(ScalarEvent event) {
    refuseTag(event, event.getTag());
    return new Scalar(event.getValue(), event.isPlain(), position(event));
  }

  private void refuseTag(Event event, Optional<String> tag) {
    if (tag.isPresent()) {
      throw new Refused(position(event), "tags such as " + tag.get() + " are not read; remove it");
    }
  }

  private YamlNode sequence(CollectionStartEvent start, Iterator<Event> events, int depth) {
    refuseTag(start, start.getTag());
    List<YamlNode> items = new ArrayList<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      items.add(node(event, events, depth + 1));
    }
    return new Sequence(items, position(start));
  }

  private YamlNode mapping(CollectionStartEvent start, Iterator<Event> events, int depth) {
    refuseTag(start, start.getTag());
    List<Entry> entries = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      YamlNode key = node(event, events, depth + 1);
      YamlNode value = node(events.next(), events, depth + 1);
      if (!(key instanceof Scalar name)) {
        throw new Refused(key.position(), "a key is a single value, not " + key.kind());
      }
      if (seen.add(name.text())) {
        entries.add(new Entry(name, value));
      } else {
        reporter.error(name.position(), "'" + name.text() + "' is here twice");
      }
    }
    return new Mapping(entries, position(start));
  }
}
