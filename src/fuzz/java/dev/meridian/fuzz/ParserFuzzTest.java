package dev.meridian.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * Searches, guided by coverage, for an input that breaks one of {@link ParserLaws}. What it finds
 * it writes beside the seeds, where {@link ParserLawsTest} holds the law to it from then on.
 */
class ParserFuzzTest {
  private static final String LONG_ENOUGH = "2m";

  @TempDir private static Path folder;
  private static ParserLaws laws;

  @BeforeAll
  static void open() {
    laws = new ParserLaws(folder);
  }

  @AfterAll
  static void close() {
    laws.close();
  }

  @FuzzTest(maxDuration = LONG_ENOUGH)
  void packet(byte[] input) {
    laws.packet(input);
  }

  @FuzzTest(maxDuration = LONG_ENOUGH)
  void name(byte[] input) {
    laws.name(input);
  }

  @FuzzTest(maxDuration = LONG_ENOUGH)
  void masterFile(byte[] input) throws IOException {
    laws.masterFile(input);
  }

  @FuzzTest(maxDuration = LONG_ENOUGH)
  void policyFile(byte[] input) throws IOException {
    laws.policyFile(input);
  }

  @FuzzTest(maxDuration = LONG_ENOUGH)
  void latencyTable(byte[] input) {
    laws.latencyTable(input);
  }

  @FuzzTest(maxDuration = LONG_ENOUGH)
  void mmdbFile(byte[] input) throws IOException {
    laws.mmdbFile(input);
  }

  @FuzzTest(maxDuration = LONG_ENOUGH)
  void geoFile(byte[] input) throws IOException {
    laws.geoFile(input);
  }

  @FuzzTest(maxDuration = LONG_ENOUGH)
  void configFile(byte[] input) throws IOException {
    laws.configFile(input);
  }

  @FuzzTest(maxDuration = LONG_ENOUGH)
  void explainQuery(byte[] input) {
    laws.explainQuery(input);
  }

  @FuzzTest(maxDuration = LONG_ENOUGH)
  void probeResponse(byte[] input) throws Exception {
    laws.probeResponse(input);
  }

  @FuzzTest(maxDuration = LONG_ENOUGH)
  void resolverResponse(byte[] input) {
    laws.resolverResponse(input);
  }

  @FuzzTest(maxDuration = LONG_ENOUGH)
  void smallTexts(byte[] input) {
    laws.smallTexts(input);
  }
}
