package dev.meridian.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** One slip of the hand in a JSON file: something is lost, doubled, misspelled or exchanged. */
final class Slip {
  private static final List<String> WORDS =
      List.of("", "*", "nonsense", "256", "-1", "a..b", "\\999", "192.0.2.300", "TRUE", "EU", "@");

  private final Random random;
  private final List<ContainerNode<?>> places = new ArrayList<>();

  private Slip(JsonNode root, Random random) {
    this.random = random;
    collect(root);
  }

  /** Changes the tree. */
  static void in(JsonNode root, Random random) {
    new Slip(root, random).happen();
  }

  private void collect(JsonNode node) {
    if (node instanceof ContainerNode<?> container && !container.isEmpty()) {
      places.add(container);
      container.forEach(this::collect);
    }
  }

  private void happen() {
    ContainerNode<?> place = places.get(random.nextInt(places.size()));
    if (place instanceof ObjectNode object) {
      List<String> keys = new ArrayList<>();
      object.fieldNames().forEachRemaining(keys::add);
      inObject(object, keys.get(random.nextInt(keys.size())));
    } else if (place instanceof ArrayNode array) {
      inArray(array, random.nextInt(array.size()));
    }
  }

  private void inObject(ObjectNode object, String key) {
    switch (random.nextInt(4)) {
      case 0 -> object.remove(key);
      case 1 -> object.set(misspelled(key), object.remove(key));
      default -> object.set(key, other(object.path(key)));
    }
  }

  private void inArray(ArrayNode array, int at) {
    switch (random.nextInt(3)) {
      case 0 -> array.remove(at);
      case 1 -> array.insert(at, array.path(at).deepCopy());
      default -> array.set(at, other(array.path(at)));
    }
  }

  private String misspelled(String key) {
    int at = random.nextInt(key.length());
    return switch (random.nextInt(3)) {
      case 0 -> key.substring(0, at) + key.substring(at + 1);
      case 1 -> key.substring(0, at) + "x" + key.substring(at);
      default -> key.substring(0, 1).toLowerCase(Locale.ROOT) + key.substring(1);
    };
  }

  private JsonNode other(JsonNode value) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    return switch (random.nextInt(6)) {
      case 0 -> make.nullNode();
      case 1 -> make.arrayNode().add(value.deepCopy());
      case 2 -> make.textNode(WORDS.get(random.nextInt(WORDS.size())));
      case 3 -> value.isBoolean() ? make.booleanNode(!value.booleanValue()) : make.numberNode(7);
      case 4 -> make.objectNode();
      default -> value.isNumber() ? make.numberNode(-value.intValue()) : make.booleanNode(true);
    };
  }
}
