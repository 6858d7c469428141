package dev.meridian.geo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.meridian.net.Prefix;
import dev.meridian.testkit.GeoFixture;
import dev.meridian.testkit.MmdbWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a file is damaged: it is read, or refused with a {@link GeoException}, and no more. */
class DamagedFileTest {
  @TempDir Path folder;
  private Path file;
  private byte[] city;
  private byte[] compact;

  @BeforeEach
  void writeGoodFiles() throws IOException {
    file = folder.resolve("damaged");
    city =
        new MmdbWriter("GeoLite2-City", 4, GeoFixture.BUILD_EPOCH)
            .put("10.0.0.0/8", GeoFixture.city("FR", "IDF", "Paris", 48.9, 2.4))
            .put("11.0.0.0/8", Map.of("country_code", "DE", "asn", "AS64500"))
            .toBytes();
    compact = GeoFileWriter.octets(GeoFixture.database());
  }

  @Test
  void whatCannotBeReadIsNotCalledDamaged() {
    assertThatThrownBy(() -> MmdbFile.read(folder))
        .isInstanceOf(GeoException.class)
        .hasMessageContaining("cannot be read: Is a directory")
        .hasMessageNotContaining("damaged");
  }

  @Test
  void compactFormIsReadBackEqual() throws IOException {
    GeoDatabase written = GeoFixture.database().describedAs("a sämple");
    Path target = folder.resolve("fixture.geo");
    written.writeTo(target);

    GeoDatabase read = GeoDatabase.load(target);

    assertThat(read.places()).isEqualTo(written.places());
    assertThat(read.networks()).isEqualTo(written.networks());
    assertThat(read.locations()).isEqualTo(written.locations());
    assertThat(read.builtAt()).isEqualTo(written.builtAt());
    assertThat(read.description()).isEqualTo("a sämple");
    assertThat(folder.toFile().list()).doesNotContain("fixture.geo.part");
  }

  @Test
  void compactFormReplacesAFileAndFailsInAMissingFolder() throws IOException {
    Path target = Files.writeString(folder.resolve("old.geo"), "old");
    GeoFixture.database().writeTo(target);

    assertThat(GeoDatabase.load(target).locationCount()).isEqualTo(8);
    assertThatThrownBy(() -> GeoFixture.database().writeTo(folder.resolve("no/such.geo")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void mmdbCutAtEveryOffsetIsRefused() throws IOException {
    for (int length = 0; length < city.length; length++) {
      Files.write(file, Arrays.copyOf(city, length));
      assertThatThrownBy(() -> GeoDatabase.load(file))
          .as("cut to %d octets", length)
          .isInstanceOf(GeoException.class)
          .hasMessageStartingWith(file + ":1:1: ");
    }
  }

  @Test
  void mmdbWithAnyOctetChangedIsReadOrRefused() throws IOException {
    Random random = new Random(20260101);
    for (int at = 0; at < city.length; at++) {
      byte[] damaged = city.clone();
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      readOrRefuse(damaged, "bit changed at " + at);
      damaged[at] = (byte) random.nextInt();
      readOrRefuse(damaged, "octet changed at " + at);
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      readOrRefuse(damaged, "two octets changed, one at " + at);
    }
  }

  /** Each of the 96 nodes above IPv4 has the next one on both sides: 2^96 ways lead there. */
  @Test
  void mmdbWithMoreWaysThanNodesIsRefused() throws IOException {
    byte[] octets =
        new MmdbWriter("GeoLite2-City", 6, GeoFixture.BUILD_EPOCH)
            .put("0.0.0.0/1", GeoFixture.city("FR", "IDF", "Paris", 48.9, 2.4))
            .toBytes();
    for (int node = 0; node < 96; node++) {
      ByteBuffer.wrap(octets).putInt(node * 8, node + 1).putInt(node * 8 + 4, node + 1);
    }
    assertTimeoutPreemptively(Duration.ofSeconds(30), () -> refuse(octets, "both sides the same"));
  }

  @Test
  void compactFormCutOrChangedAnywhereIsRefused() throws IOException {
    for (int at = 0; at < compact.length; at++) {
      byte[] changed = compact.clone();
      changed[at] ^= 0x10;
      refuse(changed, "changed at " + at);
      refuse(Arrays.copyOf(compact, at), "cut to " + at);
    }
    refuse(Arrays.copyOf(compact, compact.length + 1), "an octet too many");
  }

  @Test
  void whereItIsDamagedIsTold() throws Exception {
    compact[compact.length - 1] ^= 1;
    told(compact, "its checksum is not that of the %d octets from octet 12 to its end");
    byte[] body = body(GeoFileWriter.octets(GeoFixture.database()));
    body[0] = 127; // the description would go on behind the end of everything
    told(
        GeoFileWriter.seal(Arrays.copyOf(body, 20)),
        "a number in it is out of range, at octet 1 of the 20 that it unpacks to");
    told(Arrays.copyOf(compact, 10), "it ends after 10 octets of a header of 16");
  }

  private void told(byte[] octets, String how) throws IOException {
    Files.write(file, octets);
    assertThatThrownBy(() -> GeoDatabase.load(file))
        .hasMessage(
            "%s:1:1: the file is damaged (%s); copy or compile it again",
            file, how.formatted(octets.length - GeoFileFormat.CHECKED_FROM));
  }

  @Test
  void compactFormOfAnotherVersionAsksToBeCompiledAgain() throws IOException {
    compact[7] = 3;
    Files.write(file, compact);

    assertThatThrownBy(() -> GeoDatabase.load(file))
        .isInstanceOf(GeoException.class)
        .hasMessageContaining("version 3")
        .hasMessageContaining("compile the database again");
  }

  @Test
  void compactFormWithAWrongBodyUnderARightChecksumIsReadOrRefused() throws Exception {
    byte[] body = body(compact);
    Random random = new Random(20260102);
    for (int at = 0; at < body.length; at++) {
      byte[] changed = body.clone();
      changed[at] = (byte) random.nextInt();
      readOrRefuse(GeoFileWriter.seal(changed), "body changed at " + at);
      refuse(GeoFileWriter.seal(Arrays.copyOf(body, at)), "body cut to " + at);
    }
  }

  @Test
  void locationNumberOutOfTheTableIsRefused() throws Exception {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(new byte[] {1, 'x', 0, 0}); // description, built, no locations
    body.writeBytes(new byte[] {1, 5}); // one IPv4 run with location 5
    body.writeBytes(new byte[] {1, 0, 1, 0, 1, 0});
    refuse(GeoFileWriter.seal(body.toByteArray()), "location 5 of 0");
  }

  private void readOrRefuse(byte[] octets, String how) throws IOException {
    Files.write(file, octets);
    assertThatCode(
            () -> {
              try {
                GeoDatabase database = GeoDatabase.load(file);
                database.lookup(Prefix.parse("203.0.113.0/24"));
                database
                    .places()
                    .forEach((v4, high, low, length, value) -> database.location(value));
              } catch (GeoException refused) {
                assertThat(refused).hasMessageStartingWith(file + ":1:1: ");
              }
            })
        .as(how)
        .doesNotThrowAnyException();
  }

  private void refuse(byte[] octets, String how) throws IOException {
    Files.write(file, octets);
    assertThatThrownBy(() -> GeoDatabase.load(file))
        .as(how)
        .isInstanceOf(GeoException.class)
        .hasMessageStartingWith(file + ":1:1: ");
  }

  private static byte[] body(byte[] sealed) throws DataFormatException {
    byte[] body = new byte[ByteBuffer.wrap(sealed).getInt(GeoFileFormat.CHECKED_FROM)];
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(sealed, GeoFileFormat.HEADER_SIZE, sealed.length - 16);
      assertThat(inflater.inflate(body)).isEqualTo(body.length);
    }
    assertThat(new String(body, StandardCharsets.ISO_8859_1)).contains("Seattle");
    return body;
  }
}
