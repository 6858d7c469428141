package dev.meridian.load;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.json.JsonMapper;

/** The published schemas, as an editor applies them to what people write. */
final class PolicySchema {
  private static final Schema POLICY = load("policy-1.json");
  private static final Schema TESTS = load("tests-1.json");
  private static final Schema OVERRIDES = load("overrides-1.json");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private PolicySchema() {}

  private static Schema load(String file) {
    try (InputStream in = PolicySchema.class.getResourceAsStream(file)) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(Objects.requireNonNull(in, "the schema is in the jar"), InputFormat.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the schema has against a policy file; the file must be well-formed YAML. */
  static List<String> violations(String yaml) {
    return violations(POLICY, yaml);
  }

  /** The same for a file of {@code tests/}. */
  static List<String> violationsInTests(String yaml) {
    return violations(TESTS, yaml);
  }

  /** The same for {@code overrides.yaml}. */
  static List<String> violationsInOverrides(String yaml) {
    return violations(OVERRIDES, yaml);
  }

  private static List<String> violations(Schema schema, String yaml) {
    Object document = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    Object root = document == null ? Map.of() : document;
    return schema.validate(JSON.writeValueAsString(root), InputFormat.JSON).stream()
        .map(Error::toString)
        .toList();
  }
}
