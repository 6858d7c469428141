package dev.meridian.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meridian.source.YamlNode.Entry;
import dev.meridian.source.YamlNode.Mapping;
import dev.meridian.source.YamlNode.Scalar;
import dev.meridian.source.YamlNode.Sequence;
import dev.meridian.testkit.Check;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** YAML is read as text with places, and what a policy never needs is refused. */
class YamlReaderTest {
  private final Problems problems = new Problems(10);
  private final SourceFiles files = new SourceFiles();

  private @Nullable YamlNode read(byte[] octets) {
    return new YamlReader(files.indexOf("p.yaml"), new Reporter(files, problems)).read(octets);
  }

  private @Nullable YamlNode read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> found() {
    return problems.list().stream().map(Problem::toString).toList();
  }

  static String[] countries() {
    return Locale.getISOCountries();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"NO", "on", "yes", "010", "1e3", "22:22", "0x1F", "1_000", "1.10", ".inf", "053"})
  @MethodSource("countries")
  @Check("S91")
  void scalarsStayAsWritten(String text) {
    assertThat(read("k: " + text))
        .isInstanceOfSatisfying(
            Mapping.class,
            map ->
                assertThat(map.entries().getFirst().value())
                    .isInstanceOfSatisfying(
                        Scalar.class, scalar -> assertThat(scalar.text()).isEqualTo(text)));
    assertThat(found()).isEmpty();
  }

  @Test
  void placesAreCountedInCharacters() {
    YamlNode root = read("# ü\r\nä: { k: [ \"é\", x ] }\r\n");

    Entry top = ((Mapping) root(root)).entries().getFirst();
    Sequence list = (Sequence) ((Mapping) top.value()).entries().getFirst().value();
    long x = list.items().get(1).position();
    assertThat(SourceFiles.line(x)).isEqualTo(2);
    assertThat(SourceFiles.column(x)).isEqualTo(16);
  }

  private static YamlNode root(@Nullable YamlNode node) {
    return java.util.Objects.requireNonNull(node);
  }

  @Test
  void anchorsAndAliasesRepeatANode() {
    Mapping root = (Mapping) root(read("a: &x { k: v }\nb: *x"));

    assertThat(root.entries().get(1).value()).isSameAs(root.entries().getFirst().value());
  }

  @Test
  void aByteOrderMarkIsSkipped() {
    assertThat(read("\uFEFFk: v")).isInstanceOf(Mapping.class);
    assertThat(found()).isEmpty();
  }

  static List<List<String>> refused() {
    return List.of(
        List.of("k: v\nk: w", "2:1: 'k' is here twice"),
        List.of("k: !!str v", "1:4: tags such as tag:yaml.org,2002:str are not read; remove it"),
        List.of("k: !x [a]", "1:4: tags such as !x are not read; remove it"),
        List.of("k: *x", "1:4: alias *x has no anchor before it that is complete"),
        List.of("k: &x [ *x ]", "1:9: alias *x has no anchor before it that is complete"),
        List.of("a: &a x\nb: [" + "*a,".repeat(51) + "]", "2:155: more than 50 aliases"),
        List.of("[".repeat(60) + "]".repeat(60), "1:52: nested more than 50 deep"),
        List.of("{ [a]: b }", "1:3: a key is a single value, not a list"),
        List.of("a: b\n---\nc: d", "3:1: a second document; one file holds one policy"),
        List.of(
            "a: [",
            "1:5: not well-formed YAML: expected the node content, but found '<stream end>'"),
        List.of("a: b: c", "1:5: not well-formed YAML: mapping values are not allowed here"),
        List.of("a: \"b", "1:6: not well-formed YAML: found unexpected end of stream"),
        List.of(
            "\ta: b",
            "1:1: not well-formed YAML: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation)"),
        List.of(
            "a: b\n  \u0000",
            "2:3: NUL octet: the file is binary, or was cut off while it was written"),
        List.of("a: \u0007", "1:4: control character"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  @Check("S89")
  void whatAPolicyNeverNeedsIsRefused(List<String> textAndProblem) {
    read(textAndProblem.getFirst());

    assertThat(found()).containsExactly("p.yaml:" + textAndProblem.get(1));
  }

  /** JSON is read as the YAML that it is; its author hears of JSON. */
  @Test
  void aFileOfJsonIsCalledSo() {
    new YamlReader(files.indexOf("r.json"), new Reporter(files, problems))
        .read("[1".getBytes(StandardCharsets.UTF_8));

    assertThat(found()).first().asString().startsWith("r.json:1:3: not well-formed JSON: ");
  }

  @Test
  void latin1IsNoticedWhereItBegins() {
    read("a: b\nc: \u00e9".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(found()).containsExactly("p.yaml:2:4: not UTF-8 text; save the file as UTF-8");
  }

  @Test
  @Check("S89")
  void aliasesThatMultiplyAreStopped() {
    StringBuilder text = new StringBuilder("l0: &l0 [" + "x,".repeat(5000) + "]\n");
    for (int i = 1; i <= 4; i++) {
      text.append("l").append(i).append(": &l").append(i).append(" [");
      text.append(("*l" + (i - 1) + ",").repeat(10)).append("]\n");
    }
    read(text.toString());

    assertThat(found())
        .hasSize(1)
        .first()
        .asString()
        .endsWith("more than 1000000 nodes, aliases written out");
  }

  @Test
  @Check("S89")
  void aliasesThatNestAreStopped() {
    StringBuilder text = new StringBuilder("l0: &l0 x\n");
    for (int i = 1; i <= 10; i++) {
      text.append("l").append(i).append(": &l").append(i).append(" ");
      text.append("[".repeat(9)).append("*l").append(i - 1).append("]".repeat(9)).append("\n");
    }
    read(text.toString());

    assertThat(found()).hasSize(1).first().asString().endsWith("nested more than 50 deep");
  }
}
